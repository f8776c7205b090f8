"""Gaps between acts at the end of the confirmed calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel.regulation.calendars import last_confirmed_day
from kernel.regulation.gaps import PeriodGaps
from kernel.regulation.precedences import Act

pytestmark = pytest.mark.django_db
GAPS = PeriodGaps()


def acts(first: datetime, second: datetime) -> tuple[Act, Act]:
    return (
        Act("procurement.tender.publicise", "lot:1", "P", first),
        Act("procurement.tender.end_publicity", "lot:1", "P", second),
    )


def test_a_gap_of_days_that_nobody_has_confirmed_binds_nobody_yet() -> None:
    last = last_confirmed_day()
    assert last is not None
    at = datetime(last.year, last.month, last.day, 4, tzinfo=UTC)
    # Three days from the last confirmed one end in the year after.
    assert GAPS.not_before("tender.publicity.length", *acts(at, at + timedelta(hours=1))) is None
    assert GAPS.not_after("tender.award.report", *acts(at, at + timedelta(days=60))) is None


def test_a_gap_within_the_confirmed_days_binds() -> None:
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert (
        GAPS.not_before("tender.publicity.length", *acts(at, at + timedelta(hours=1))) is not None
    )
    assert GAPS.not_after("tender.award.report", *acts(at, at + timedelta(days=60))) is not None
