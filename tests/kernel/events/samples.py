"""An event that nobody subscribes to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kernel.events.models import Event

AT = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)


def event(**more: Any) -> Event:
    return Event(
        name="示例", version=1, payload={"甲": [1, None]}, case="a:1", occurred_at=AT,
        recorded_at=AT, **more,
    )  # fmt: skip
