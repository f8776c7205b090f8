"""Run every tests/bench/bench_*.py and hold its figures against their bars.

A module has ``run() -> list[tuple[name, value, unit, bar]]``: name and unit are text, value a
number and bar a text like ``">= 105"`` or ``"< 1"``, or empty where the figure is only told. Each
module runs in a process of its own, with Django set up on an empty, migrated database of its own:
PostgreSQL at ZHUXIN_TEST_DATABASE_URL where that answers (unless ZHUXIN_BENCH_DATABASE=sqlite),
else SQLite. ZHUXIN_VAR is a temporary folder: a measurement never touches a running system's data.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.facts import machine_facts
from tests.bench.figures import Figure, table

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def names(wanted: list[str]) -> list[str]:
    """The modules to run: all, or those asked for without their ``bench_``."""
    present = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = sorted(set(wanted) - set(present))
    if unknown:
        sys.exit(f"bench: 没有 no such: {', '.join(unknown)}; 有 there are: {', '.join(present)}")
    return wanted or present


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database, removed afterwards; empty means SQLite."""
    server = os.environ.get("ZHUXIN_TEST_DATABASE_URL", "")
    if not server or os.environ.get("ZHUXIN_BENCH_DATABASE") == "sqlite":
        yield ""
        return
    import psycopg
    from psycopg import sql

    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        print("bench: PostgreSQL 没有响应，改用 SQLite: no PostgreSQL, SQLite instead", flush=True)
        yield ""
        return
    database = f"zhuxin_bench_{name}_{os.getpid()}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
    with connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(database)
            )
        )
    # One connection for each step: the figures may take longer than an idle one is kept.
    try:
        yield f"{server.rpartition('/')[0]}/{database}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)


def run_apart(name: str) -> list[Figure]:
    """Run one module in its own process, database and folder; raises if the module fails."""
    with tempfile.TemporaryDirectory(prefix="zhuxin-bench-") as folder, own_database(name) as url:
        answer = Path(folder) / "figures.json"
        environment = os.environ | {"ZHUXIN_VAR": folder, "ZHUXIN_DATABASE_URL": url}
        command = [sys.executable, "-m", "tests.bench", "--child", name, str(answer)]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
        return [Figure(**row) for row in json.loads(answer.read_text())]


def child(name: str, answer: str) -> None:
    """Measure inside the process made for it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    module = importlib.import_module(f"tests.bench.bench_{name}")
    rows = [Figure(*row)._asdict() for row in module.run()]
    Path(answer).write_text(json.dumps(rows))


def main(arguments: list[str]) -> int:
    """Print facts and table; 1 if a bar is missed or a module fails."""
    if arguments[:1] == ["--child"]:
        child(*arguments[1:])
        return 0
    wanted = names(arguments)
    for fact in machine_facts():
        print(fact, flush=True)
    figures: list[Figure] = []
    broken = []
    for name in wanted:
        try:
            figures += run_apart(name)
        except subprocess.CalledProcessError:
            broken.append(name)
    print(table(figures))
    if broken:
        print(f"出错 failed: {', '.join(broken)}")
    return int(bool(broken) or any(figure.passed() is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
