"""`./dev run`: web server and background worker as one process tree that starts and ends whole."""

from __future__ import annotations

import argparse
import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from config.first_play import FirstPlay
from config.processes import Child, Tree, tied_to

BASE_DIR = Path(__file__).resolve().parent.parent
_GRACE_SECONDS = 10.0
_READY_WITHIN_SECONDS = 60.0
_LOCAL_NAMES = "localhost,127.0.0.1,[::1]"


def say(name: str, line: str) -> None:
    """Print one line of one program."""
    print(f"{name:<7}| {line}", flush=True)


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="./dev run", description="启动网站和后台 start web and worker"
    )
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 address (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="端口 port (8000)")
    parser.add_argument(
        "--sandbox",
        action=argparse.BooleanOptionalAction,
        help="演示：示例数据、可移动的时钟 demonstration data and a movable clock (default: on)",
    )
    parser.add_argument("--only", choices=("web", "worker"), help="只启动一个 start one of the two")
    parser.add_argument("--web-workers", type=int, default=1, help="网站进程 web processes (1)")
    parser.add_argument("--threads", type=int, default=4, help="每进程线程 threads in each (4)")
    parser.add_argument(
        "--jobs", type=int, default=2, help="后台进程 worker processes (2; 1 without a broker)"
    )
    return parser.parse_args(arguments)


def environment(asked: argparse.Namespace) -> None:
    """Put what was asked into the environment that settings and children read."""
    name = asked.host if asked.host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
    host = f"[{name}]" if ":" in name else name
    os.environ.setdefault("ZHUXIN_PUBLIC_URL", f"http://{host}:{asked.port}")
    os.environ.setdefault("ZHUXIN_HOSTS", f"{_LOCAL_NAMES},{host}")
    os.environ["PYTHONUNBUFFERED"] = "1"
    if asked.sandbox is not None:
        os.environ["ZHUXIN_SANDBOX"] = "1" if asked.sandbox else "0"


def web(asked: argparse.Namespace) -> Child:
    """Granian, whose threads each hold one database connection."""
    return Child(
        "web",
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", asked.host, "--port", str(asked.port)),
            *("--workers", str(asked.web_workers), "--blocking-threads", str(asked.threads)),
            *("--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"),
            "config.wsgi:application",
        ],
    )


def worker(asked: argparse.Namespace, var: Path) -> Child:
    """Celery with its clock inside: one process on folders, a pool where there is a broker."""
    pool = ["-P", "prefork", "-c", str(asked.jobs)] if _broker() else ["-P", "solo"]
    return Child(
        "worker",
        [
            *(sys.executable, *_quiet(), "-m", "celery", "-q", "-A", "config", "--skip-checks"),
            *("worker", "-B", *pool),
            *("-s", str(var / "beat-schedule"), "-l", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        ready_mark=" ready.",
    )


def _sandbox() -> bool:
    return os.environ.get("ZHUXIN_SANDBOX", "1") not in {"0", "", "no", "false"}


def _quiet() -> list[str]:
    # In a container the demonstration runs as root; a real installation should hear the warning.
    return ["-W", "ignore:You're running the worker"] if _sandbox() else []


def _broker() -> str:
    return os.environ.get("ZHUXIN_BROKER_URL", "")


def claim(var: Path, role: str) -> IO[str]:
    """Hold a role in this folder for as long as the process lives; a second holder is refused."""
    held = (var / f"{role}.lock").open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        sys.exit(f"已在运行 already running here: {held.read().strip() or role}")
    held.truncate(0)
    held.write(f"pid {os.getpid()}, {os.environ['ZHUXIN_PUBLIC_URL']}\n")
    held.flush()
    return held


def require_free(host: str, port: int) -> None:
    """Leave with a clear word where somebody else listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            sys.exit(
                f"无法监听 cannot listen on {host}:{port} ({fault.strerror})。"
                f"换一个端口 try another: ./dev run --port {port + 1}"
            )


def answers(host: str, port: int) -> bool:
    """Does the web server answer a request, whatever the answer is?"""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(local, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Connection": "close"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def forget_wakeups(var: Path) -> None:
    """Remove what an earlier run left in the folder queue: the database knows what is due."""
    if not _broker():
        for folder in ("in", "control"):
            for path in (var / "queue" / folder).glob("*"):
                path.unlink(missing_ok=True)


def prepare() -> int:
    """Run the preflight in a process of its own, so that this one stays small."""
    command = [sys.executable, "-m", "config.preflight"]
    try:
        return subprocess.run(  # noqa: S603
            command, check=False, preexec_fn=tied_to(os.getpid())
        ).returncode
    except KeyboardInterrupt:
        return 130


def wait_until_ready(tree: Tree, asked: argparse.Namespace) -> bool:
    """Forward output until all parts are ready; False if one cannot come up."""
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < until and not tree.stopping:
        tree.turn(0.1)
        for child in tree.children:
            if child.name == "web" and child.process and not child.ready:
                child.ready = answers(asked.host, asked.port)
        if all(child.ready for child in tree.children):
            return True
        if any(child.starts > 2 for child in tree.children):
            return False
    return False


def welcome(var: Path, seconds: float, standing: str) -> None:
    """Say where it runs, who may log in, and how things stand with the play."""
    print(f"\n筑信已就绪 Zhuxin is up ({seconds:.1f} s): {os.environ['ZHUXIN_PUBLIC_URL']}")
    accounts = var / "demo-accounts.txt"
    if _sandbox() and accounts.is_file():
        print(f"演示账号 demonstration accounts ({accounts}):")
        print("\n".join(f"  {line}" for line in accounts.read_text().splitlines()))
    if standing:
        print(standing)
    print("Ctrl-C 停止 stops it\n", flush=True)


def go_on(tree: Tree, play: FirstPlay) -> None:
    """Forward output until somebody asks to stop; tell how the play ended, once it has."""
    while not tree.stopping:
        tree.turn(1.0)
        if news := play.news():
            print(f"\n{news}\n", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run until asked to stop; 0 after a clean stop, 1 if a part could not start."""
    begun = time.monotonic()
    asked = options(arguments)
    environment(asked)
    var = Path(os.environ.get("ZHUXIN_VAR", BASE_DIR / "var"))
    var.mkdir(parents=True, exist_ok=True)
    roles = (asked.only,) if asked.only else ("web", "worker")
    held = [claim(var, role) for role in roles]
    if "web" in roles:
        require_free(asked.host, asked.port)
    if status := prepare():
        return status
    if "worker" in roles:
        forget_wakeups(var)
    makers = {"web": lambda: web(asked), "worker": lambda: worker(asked, var)}
    play = FirstPlay(var, os.environ["ZHUXIN_PUBLIC_URL"])
    tree = Tree([makers[role]() for role in roles], play.overheard(say))
    ready = wait_until_ready(tree, asked)
    if ready:
        if _sandbox() and not asked.only and (player := play.begin()):
            tree.add(player)
        welcome(var, time.monotonic() - begun, play.standing() if _sandbox() else "")
        go_on(tree, play)
    elif not tree.stopping:
        print("未能启动 could not start; 见上面的输出 see the output above", flush=True)
    tree.stop(_GRACE_SECONDS)
    print("已停止 stopped", flush=True)
    del held
    return 0 if ready or tree.asked else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
