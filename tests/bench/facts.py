"""On what machine and database figures were measured."""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.database import DURABLE, SQLITE_OPTIONS
from kernel.clock import technical_now


def _first(path: str, key: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return "?"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "?")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "?"


def _sqlite() -> str:
    """As a connection of ours says of itself, opened and set up as the platform's are."""
    with tempfile.TemporaryDirectory() as folder:
        told = sqlite3.connect(Path(folder) / "asked.sqlite3")
        told.executescript(SQLITE_OPTIONS["init_command"])
        level = ("OFF", "NORMAL", "FULL", "EXTRA")[told.execute("PRAGMA synchronous").fetchone()[0]]
        journal = told.execute("PRAGMA journal_mode").fetchone()[0]
        told.close()
    return f"SQLite {sqlite3.sqlite_version}, synchronous {level}, journal_mode {journal}"


def _database() -> str:
    server = os.environ.get("ZHUXIN_TEST_DATABASE_URL", "")
    if not server or os.environ.get("ZHUXIN_BENCH_DATABASE") == "sqlite":
        return _sqlite()
    import psycopg

    try:
        with psycopg.connect(server, connect_timeout=5, options=DURABLE) as connection:
            shown = {
                name: (connection.execute(f"SHOW {name}").fetchone() or ("?",))[0]
                for name in ("server_version", "fsync", "full_page_writes", "synchronous_commit")
            }
    except psycopg.OperationalError:
        return _sqlite()
    return (
        f"PostgreSQL {shown['server_version']}, fsync {shown['fsync']}, "
        f"full_page_writes {shown['full_page_writes']}, "
        f"synchronous_commit {shown['synchronous_commit']}"
    )


def yardstick() -> tuple[float, float]:
    """What this machine gives today: pure Python, hashing. Best of seven, in CPU time.

    Milliseconds for a million additions of the interpreter, and megabytes of SHA-256 in a second.
    Machines of one kind differ by half and more, and one machine from one hour to the next:
    figures per CPU-second of two days are told apart from each other by these two only.
    """
    block = bytes(2**20)

    def added() -> None:
        total = 0
        for number in range(10**6):
            total += number

    def best(work: Callable[[], object]) -> float:
        seen = []
        for _ in range(7):
            before = time.process_time()
            work()
            seen.append(time.process_time() - before)
        return min(seen)

    return best(added) * 1000, 1.048576 / best(lambda: hashlib.sha256(block))


def _interpreter() -> str:
    """Which build it is: the same version gives a third less where it was compiled plainly."""
    return str(Path(sys.executable).resolve())


def machine_facts() -> list[str]:
    """Lines that say when, on what, from which commit and under what load was measured."""
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    additions, hashed = yardstick()
    return [
        f"{technical_now():%Y-%m-%d %H:%M} UTC, commit {_commit()}",
        f"{_first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {memory:.0f} GiB",
        f"{platform.platform()}, Python {platform.python_version()}, {_interpreter()}",
        f"database: {_database()}; load before: {load}",
        f"today: {additions:.0f} ms for a million additions, SHA-256 {hashed:.0f} MB/s",
    ]
