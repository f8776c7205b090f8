"""An event and a subscriber that exist for one test, and a clock of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction

from kernel import clock
from kernel.events import registry, services
from kernel.events.models import Delivery, Event
from kernel.events.registry import DomainEvent, Envelope, Subscriber

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Counted(DomainEvent):
    """Version 2 of an event that once had no day and kept its amount in yuan."""

    NAME: ClassVar[str] = "tests.counted"
    VERSION: ClassVar[int] = 2

    number: int
    amount_fen: int = 0
    on: date = date(2026, 1, 1)
    at: datetime = AT
    codes: tuple[str, ...] = ()

    @classmethod
    def upgrade(cls, version: int, payload: dict[str, Any]) -> dict[str, Any]:
        if version == 1:
            fen = payload.pop("amount_yuan") * 100
            return {**payload, "amount_fen": fen, "on": "2025-12-31"}
        return super().upgrade(version, payload)


class Listener:
    """A subscriber whose committed writes are events named ``tests.heard``."""

    CODE = "tests.listener"

    def __init__(self) -> None:
        self.heard: list[Envelope] = []
        self.prepared = 0
        self.trouble: Callable[[Envelope], None] = lambda envelope: None

    def prepare(self, envelope: Envelope) -> int:
        self.prepared += 1
        return self.prepared

    def commit(self, envelope: Envelope, prepared: Any) -> None:
        self.heard.append(envelope)
        Event.objects.create(
            name="tests.heard",
            version=1,
            payload={"event": envelope.id},
            occurred_at=envelope.occurred_at,
            recorded_at=envelope.occurred_at,
        )
        self.trouble(envelope)

    @property
    def written(self) -> list[int]:
        """The events whose effect was committed."""
        rows = Event.objects.filter(name="tests.heard").order_by("pk")
        return [row.payload["event"] for row in rows]


@pytest.fixture
def listener(db: None, monkeypatch: pytest.MonkeyPatch) -> Listener:
    made = Listener()
    monkeypatch.setitem(registry._types, Counted.NAME, Counted)
    subscriber = Subscriber(made.CODE, Counted.NAME, made.commit, made.prepare)
    monkeypatch.setitem(registry._subscribers, made.CODE, subscriber)
    return made


class Hands:
    """The hands of the machine's own clock, for leases and back-off."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def forward(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    made = Hands()
    monkeypatch.setattr(clock, "technical_now", lambda: made.now)
    yield made


def publish(*numbers: int, case: str = "tests:1") -> list[Delivery]:
    """Publish an event for each number; the deliveries."""
    with transaction.atomic():
        rows = services.publish([Counted(n) for n in numbers], case=case, at=AT)
    return list(Delivery.objects.filter(event__in=rows).order_by("pk"))
