"""When the wages of a month are late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kernel import clock
from kernel.regulation.due import due


def due_at(month: str, region: str) -> datetime:
    """The first instant at which wages of a month are late (``wage.pay`` from its last day)."""
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return due(clock.start_of(last), "wage.pay", region=region, provisional=True).at
