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


# As FULL above, whatever the server's or the role's own default is. A stronger one may stand in the
# address (?options=-c%20synchronous_commit=remote_apply); with a weaker one nothing is ready.
DURABLE = "-c synchronous_commit=on"


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
            "CONN_MAX_AGE": 600,
            # A file, never memory: tests open several connections to it.
            "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"unknown database scheme {parts.scheme!r}")
    told = dict(parse_qsl(parts.query))
    told["options"] = f"{DURABLE} {told.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **told},
    }


WAITS_LITTLE: dict[str, Any] = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


def _waits(url: str) -> dict[str, Any]:
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        return {}
    return {"socket_connect_timeout": 2, "socket_timeout": 3}


def broker(url: str, var: Path) -> dict[str, Any]:
    """Celery's broker settings: AMQP or Redis by address, else folders under ``var``."""
    if url:
        return {
            "CELERY_BROKER_URL": url,
            # A request sends wake-ups: it never waits long for a broker that is down or dumb.
            "CELERY_BROKER_CONNECTION_TIMEOUT": 2,
            "CELERY_BROKER_TRANSPORT_OPTIONS": WAITS_LITTLE | _waits(url),
            # A worker, though, waits for its broker for ever.
            "CELERY_BROKER_CONNECTION_MAX_RETRIES": None,
        }
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
