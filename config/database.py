"""Database and broker addresses from the environment; an embedded default without any."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS: dict[str, Any] = {
    # A write transaction takes its lock at BEGIN: read-then-write never ends in "locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # FULL: a receipt that was given must survive a power cut.
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA recursive_triggers=ON"
    ),
}


def database(url: str, var: Path) -> dict[str, Any]:
    """Django's settings for one database.

    url: empty for the embedded file in ``var``, ``sqlite:///path`` or
    ``postgresql://user:password@host:port/name``.
    """
    if not url or url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///")) if url else var / "zhuxin.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": SQLITE_OPTIONS,
            # A file, never memory: tests open several connections to it.
            "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"unknown database scheme {parts.scheme!r}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **dict(parse_qsl(parts.query))},
    }


def broker(url: str, var: Path) -> dict[str, Any]:
    """Celery's broker settings: AMQP or Redis by address, else folders under ``var``."""
    if url:
        return {"CELERY_BROKER_URL": url}
    queue = var / "queue"
    for name in ("in", "control"):
        (queue / name).mkdir(parents=True, exist_ok=True)
    return {
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "data_folder_in": str(queue / "in"),
            "data_folder_out": str(queue / "in"),
            "control_folder": str(queue / "control"),
            "store_processed": False,
            "polling_interval": 0.2,
        },
    }
