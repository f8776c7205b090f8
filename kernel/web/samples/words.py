"""What all samples share: words in the active language, instants, a sample hash, due times."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from django.utils.translation import get_language

from kernel.clock import LEGAL_ZONE
from kernel.web.viewmodels import DueView

PROJECT = "2611-350200-04-01-102938"
USCC_OWNER = "91350200MA0TEST018"
USCC_DESIGN = "91350200MA0TEST026"


def say(zh: str, en: str) -> str:
    """One of two texts by the active language; sample data is not part of the translations."""
    return zh if (get_language() or "zh").startswith("zh") else en


def at(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant in November 2026, legal time."""
    legal = datetime(2026, 11, 1, hour, minute, second, tzinfo=LEGAL_ZONE)
    return (legal + timedelta(days=day - 1)).astimezone(UTC)


def digest(seed: str) -> str:
    """A hash to show."""
    return hashlib.sha256(seed.encode()).hexdigest()


def overdue() -> DueView:
    """A due time that has passed."""
    return DueView(
        at=at(21, 0),
        words=say("已逾期 1 个工作日，截至 11-20 24:00", "1 working day overdue, due 20 Nov 24:00"),
        tone="overdue",
        article=say("《行政许可法》第四十二条", "Administrative Licensing Law, art. 42"),
    )


def soon() -> DueView:
    """A due time within 48 hours."""
    return DueView(
        at=at(25, 0),
        words=say("还剩 1 个工作日，截至 11-24 24:00", "1 working day left, due 24 Nov 24:00"),
        tone="soon",
        article=say("《建筑法》第八条", "Construction Law, art. 8"),
    )


def later() -> DueView:
    """A due time further away, from a rule of our own."""
    return DueView(
        at=at(27, 0),
        words=say("还剩 3 个工作日，截至 11-26 24:00", "3 working days left, due 26 Nov 24:00"),
        article=say("报建受理期限", "Time limit for accepting a registration"),
        mark="default",
    )
