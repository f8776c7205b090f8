"""The play's own server: a fresh folder, a free port, a database of its own where there is one."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

_READY_SECONDS = 90.0
_ROOT = Path(__file__).resolve().parents[2]


def run(folder: str | None, *, as_json: bool) -> int:
    """Start a server, play against it, stop it; 0 if everything held."""
    home = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="zhuxin-demo-"))
    home.mkdir(parents=True, exist_ok=True)
    if any(home.iterdir()):
        print(f"不是空文件夹 not empty: {home}", file=sys.stderr)
        return 2
    # Whoever ends the play ends its server too, and its database goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with serving(home) as (url, environment):
            words = ["demo", "--here", url, *(["--json"] if as_json else [])]
            return subprocess.run(  # noqa: S603  (our own program)
                [sys.executable, "manage.py", *words], cwd=_ROOT, env=environment, check=False
            ).returncode
    except NotStarted:
        print(f"服务没有起来 the server did not start: {home}/server.log", file=sys.stderr)
        return 2


class NotStarted(RuntimeError):  # noqa: N818
    """The server did not answer in time, or ended."""


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A whole server in an empty folder: its address, and the environment of who belongs to it.

    It logs to ``server.log`` there. Stopped afterwards, and a database of its own is dropped.
    Raises NotStarted.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "ZHUXIN_VAR": str(home),
        "ZHUXIN_PUBLIC_URL": url,
        "ZHUXIN_SANDBOX": "1",
        "ZHUXIN_PLAY": "0",
        "ZHUXIN_LOG_LEVEL": "WARNING",
        "ZHUXIN_QUEUE": f"zhuxin-demo-{secrets.token_hex(4)}",
    }
    database = _fresh_database(environment)
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-m", "config.serve", "--port", str(port)],
        cwd=_ROOT, env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        if not _is_ready(server, url):
            raise NotStarted(url)
        yield url, environment
    finally:
        server.terminate()
        server.wait(30)
        log.close()
        if database:
            _drop(*database)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ready(server: subprocess.Popen[bytes], url: str) -> bool:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/healthz", timeout=2):  # noqa: S310  (our own address)
                return True
        except OSError:
            time.sleep(0.2)
    return False


def _fresh_database(environment: dict[str, str]) -> tuple[str, str] | None:
    """Where a PostgreSQL server is named: a database of the play's own; its server and name."""
    named = environment.get("ZHUXIN_DATABASE_URL", "")
    if not named:
        return None
    name = f"zhuxin_demo_{secrets.token_hex(4)}"
    # Whatever the cluster's own encoding is: names of people and works are Chinese.
    _ask(named, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    environment["ZHUXIN_DATABASE_URL"] = urlunsplit(urlsplit(named)._replace(path=f"/{name}"))
    return named, name


def _drop(server: str, name: str) -> None:
    _ask(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _ask(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())
