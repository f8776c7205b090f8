"""The two clocks. Legal time may be moved forward in a sandbox; technical time never moves.

Legal time (deadlines, acts, signatures) is UTC+8 and stored in UTC. It is read once per act and
passed on. Technical time (leases, retries, sessions, rate limits) is the machine's own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

LEGAL_ZONE = timezone(timedelta(hours=8), "UTC+8")

_offset: Callable[[], timedelta] = timedelta


def use_offset(source: Callable[[], timedelta]) -> None:
    """Set where the sandbox's offset is read from (one database row; zero in production)."""
    global _offset
    _offset = source


def now() -> datetime:
    """Legal time as an aware instant in UTC."""
    return datetime.now(UTC) + _offset()


def technical_now() -> datetime:
    """The machine's own time as an aware instant in UTC; leases, retries, sessions, rate limits."""
    return datetime.now(UTC)


def legal_date(instant: datetime) -> date:
    """The calendar day of an instant in legal time (UTC+8)."""
    return instant.astimezone(LEGAL_ZONE).date()


def today() -> date:
    """The legal calendar day."""
    return legal_date(now())


def start_of(day: date) -> datetime:
    """00:00 legal time of a day, in UTC; of the first day there is, the first instant in UTC."""
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time.min, LEGAL_ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 legal time of a day, in UTC (the first instant after it); of the last day, its last."""
    if day == date.max:
        return datetime.combine(day, time.max, LEGAL_ZONE).astimezone(UTC)
    return start_of(day + timedelta(days=1))
