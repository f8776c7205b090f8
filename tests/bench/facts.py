"""On what machine and database figures were measured."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from pathlib import Path

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


def _database() -> str:
    server = os.environ.get("ZHUXIN_TEST_DATABASE_URL", "")
    if not server or os.environ.get("ZHUXIN_BENCH_DATABASE") == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}, synchronous FULL"
    import psycopg

    try:
        with psycopg.connect(server, connect_timeout=5) as connection:
            shown = {
                name: (connection.execute(f"SHOW {name}").fetchone() or ("?",))[0]
                for name in ("server_version", "fsync", "synchronous_commit")
            }
    except psycopg.OperationalError:
        return f"SQLite {sqlite3.sqlite_version}, synchronous FULL"
    return (
        f"PostgreSQL {shown['server_version']}, fsync {shown['fsync']}, "
        f"synchronous_commit {shown['synchronous_commit']}"
    )


def machine_facts() -> list[str]:
    """Lines that say when, on what, from which commit and under what load was measured."""
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return [
        f"{technical_now():%Y-%m-%d %H:%M} UTC, commit {_commit()}",
        f"{_first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {memory:.0f} GiB",
        f"{platform.platform()}, Python {platform.python_version()}",
        f"database: {_database()}; load before: {load}",
    ]
