"""Event types and their subscribers. An old version of an event always parses."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True)
class DomainEvent:
    """Base of all events: a frozen dataclass of ids, codes, fen and dates, nothing else."""

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1

    @classmethod
    def upgrade(cls, version: int, payload: dict[str, Any]) -> dict[str, Any]:
        """Turn an older version's payload into the present one's. Override when VERSION grows."""
        raise ValueError(f"{cls.NAME} has no version {version}")


EventType = TypeVar("EventType", bound=DomainEvent)


@dataclass(frozen=True)
class Envelope:
    """An event as a subscriber receives it."""

    id: int
    case: str
    occurred_at: datetime
    event: DomainEvent


@dataclass(frozen=True)
class Subscriber:
    """Code that reacts to an event.

    commit runs in the transaction that marks the delivery done: its writes happen once.
    prepare runs before, outside any transaction, may be slow, and may run more than once.
    lease: how long both may take before another worker starts over; without it the usual time.
    """

    code: str
    event_name: str
    commit: Callable[[Envelope, Any], None]
    prepare: Callable[[Envelope], Any] | None = None
    lease: timedelta | None = None


_types: dict[str, type[DomainEvent]] = {}
_subscribers: dict[str, Subscriber] = {}


def event_type(cls: type[EventType]) -> type[EventType]:
    """Class decorator: make an event known under its NAME."""
    if _types.setdefault(cls.NAME, cls) is not cls:
        raise ValueError(f"two events named {cls.NAME}")
    return cls


def types() -> Mapping[str, type[DomainEvent]]:
    """All events by name."""
    return _types


def subscribe(
    event: type[DomainEvent],
    code: str,
    prepare: Callable[[Envelope], Any] | None = None,
    lease: timedelta | None = None,
) -> Callable[[Callable[[Envelope, Any], None]], Callable[[Envelope, Any], None]]:
    """Decorator: let a function react to an event, under a code that stands in the database."""

    def register(function: Callable[[Envelope, Any], None]) -> Callable[[Envelope, Any], None]:
        if code in _subscribers:
            raise ValueError(f"two subscribers named {code}")
        _subscribers[code] = Subscriber(code, event.NAME, function, prepare, lease)
        return function

    return register


def subscribers_of(name: str) -> list[Subscriber]:
    """Who reacts to an event, in a fixed order."""
    found = [s for s in _subscribers.values() if s.event_name == name]
    return sorted(found, key=lambda s: s.code)


def subscriber(code: str) -> Subscriber | None:
    """One subscriber, or None where it is no longer there."""
    return _subscribers.get(code)


def to_payload(event: DomainEvent) -> dict[str, Any]:
    """JSON values of an event: dates and instants as ISO text, everything else as it is."""
    return {field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


_hints_of: dict[str, dict[str, Any]] = {}


def _hints(cls: type[DomainEvent]) -> dict[str, Any]:
    if cls.NAME not in _hints_of:
        _hints_of[cls.NAME] = typing.get_type_hints(cls)
    return _hints_of[cls.NAME]


def parse(name: str, version: int, payload: Mapping[str, Any]) -> DomainEvent:
    """Build the event that a row holds.

    Raises LookupError for a name nobody knows and ValueError for a version that cannot be raised
    to the present one.
    """
    cls = _types[name]
    values = dict(payload) if version == cls.VERSION else cls.upgrade(version, dict(payload))
    hints = _hints(cls)
    return cls(**{key: _typed(hints[key], value) for key, value in values.items()})


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(value, str):
        if hint in (datetime, datetime | None):
            return datetime.fromisoformat(value)
        if hint in (date, date | None):
            return date.fromisoformat(value)
    if isinstance(value, list):
        return tuple(value)
    return value
