"""Days and instants at the ends of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from kernel import clock


def test_the_ends_of_the_calendar_have_instants_that_can_be_shown():
    """Somebody enters 9999-12-31 for "without end"; a day after it there is none."""
    assert clock.start_of(date.min).tzinfo is not None
    assert clock.legal_date(clock.end_of(date.max)) == date.max
    assert clock.end_of(date.max) > clock.end_of(date.max - timedelta(days=1))
