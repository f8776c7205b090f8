"""What the platform needs at hand, asked one by one; each answer is a word or a plain value."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from kernel import clock
from kernel.documents import engine, fonts, trust
from kernel.errors import catalogue
from kernel.events.models import Delivery
from kernel.evidence import append_only, durable, triggers
from kernel.evidence import selectors as log
from kernel.evidence.models import LogEntry
from kernel.regulation import calendars
from kernel.regulation import selectors as law
from kernel.regulation import triggers as law_triggers

# Our own defaults. A head is signed every hour, so an entry waits for two at most.
HEAD_OVERDUE = timedelta(hours=2)
DISK_LOW = 2 * 1024**3
DISK_FULL = 256 * 1024**2

# Without these the platform cannot keep what it is told, or cannot prove it.
_BREAKING: dict[str, Callable[[Any], bool]] = {
    "log_triggers_missing": bool,
    "ledger_triggers_missing": bool,
    "durable": lambda found: found != "ok",
    "rule_sets_unpublished": bool,
    "tree_head": lambda found: found == "overdue",
    "disk": lambda found: found == "full",
}
# These stop a part: PDFs, signing in production, periods into the next year, late events.
_WARNING: dict[str, Callable[[Any], bool]] = {
    "deliveries_dead": bool,
    "pdf": lambda found: found != "ok",
    "fonts": lambda found: found != "ok",
    "crl": lambda found: found != "ok",
    "calendar": lambda found: found != "ok",
    "disk": lambda found: found == "low",
}


# What other rooms have looked at; each a warning where it is not ``ok``.
_watched: dict[str, Callable[[], str]] = {}


def watch(name: str, answer: Callable[[], str]) -> None:
    """Let a room's answer stand at ``/readyz``: ``ok``, or in words what somebody should look at.

    Anybody reads it: it names no case and nobody's affairs. ValueError for a name that is taken.
    """
    if name in _WARNING or name in _BREAKING or _watched.setdefault(name, answer) is not answer:
        raise ValueError(f"two answers named {name}")


def checks() -> dict[str, Any]:
    """Every answer by name. Raises DatabaseError where there is no database."""
    available, reason, _command = engine.available()
    warning = calendars.calendar_warning(clock.today())
    return {
        "log_triggers_missing": triggers.missing(connection),
        "ledger_triggers_missing": sorted(
            append_only.missing_all(connection) + law_triggers.missing(connection)
        ),
        "durable": " ".join(map(catalogue.message, durable.faults(connection))) or "ok",
        "rule_sets_unpublished": [list(pair) for pair in law.unpublished()],
        "tree_head": _tree_head(),
        "deliveries_dead": Delivery.objects.filter(state="dead").count(),
        "queue_lag_seconds": _queue_lag(),
        "pdf": "ok" if available else reason,
        "fonts": _fonts(),
        "crl": trust.current().lists_state(clock.now()),
        "calendar": catalogue.message(warning) if warning else "ok",
        "disk": _disk(),
        **{name: answer() for name, answer in sorted(_watched.items())},
    }


def breaking(found: dict[str, Any]) -> list[str]:
    """Names of the answers that mean: no service, or no proof."""
    return [name for name, bad in _BREAKING.items() if bad(found[name])]


def warnings(found: dict[str, Any]) -> list[str]:
    """Names of the answers that somebody should look at while everything goes on."""
    asked = [name for name, bad in _WARNING.items() if bad(found[name])]
    return [*asked, *(name for name in sorted(_watched) if found[name] != "ok")]


def _tree_head() -> str:
    """``ok``, or ``overdue`` where an entry has waited too long for a signed head over it."""
    head = log.head()
    waiting = LogEntry.objects.filter(pk=head.size if head else 0).values_list("at", flat=True)
    first = waiting.first()
    return "overdue" if first is not None and clock.now() - first > HEAD_OVERDUE else "ok"


def _queue_lag() -> int:
    """Age in seconds of the oldest event that still waits."""
    oldest = (
        Delivery.objects.filter(state__in=["pending", "leased"])
        .order_by("event__recorded_at")
        .values_list("event__recorded_at", flat=True)
        .first()
    )
    return int((clock.technical_now() - oldest).total_seconds()) if oldest else 0


def _fonts() -> str:
    """``ok``, or the family names of which the file is not there."""
    return ", ".join(face.family for face in fonts.faces() if not face.path.is_file()) or "ok"


def _disk() -> str:
    """``ok``, ``low`` or ``full``: the room that is left for files and the database of ``var``."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    return "full" if free < DISK_FULL else "low" if free < DISK_LOW else "ok"
