"""Do the services that the second test run needs answer? Run as `python -m config.services`."""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

import psycopg
from kombu import Connection
from kombu.exceptions import OperationalError

_SECONDS = 5


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"


def database_fault(url: str) -> str:
    """Why the database cannot be used for tests, or an empty text."""
    try:
        with psycopg.connect(url, connect_timeout=_SECONDS) as connection:
            row = connection.execute("SHOW server_encoding").fetchone()
    except psycopg.Error as fault:
        return str(fault).strip()
    return "" if row and row[0] == "UTF8" else f"server_encoding {row and row[0]}, not UTF8"


def broker_fault(url: str) -> str:
    """Why the broker cannot be used, or an empty text."""
    connection = Connection(url, connect_timeout=_SECONDS)
    faults: tuple[type[BaseException], ...] = (
        OperationalError,
        *connection.connection_errors,
        *connection.channel_errors,
    )
    try:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=_SECONDS)
    except faults as fault:
        return str(fault) or type(fault).__name__
    finally:
        connection.release()
    return ""


def main() -> int:
    """Say what answers; 1 if a service does not."""
    status = 0
    for name, variable, look in (
        ("PostgreSQL", "ZHUXIN_TEST_DATABASE_URL", database_fault),
        ("RabbitMQ", "ZHUXIN_TEST_BROKER_URL", broker_fault),
    ):
        url = os.environ[variable]
        fault = look(url)
        word = f"连接不上 cannot be reached: {fault}" if fault else "可用 answers"
        print(f"dev: {name} {_shown(url)} {word}", file=sys.stderr)
        status = status or int(bool(fault))
    if status:
        print("dev: 启动本机服务 start local ones: ./dev services", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
