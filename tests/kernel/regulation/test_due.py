"""A deadline keeps the law, the calendar and the moment that it was computed with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import calendars, selectors
from kernel.regulation.due import due, earliest_allowed, latest_before
from kernel.regulation.rule_sets import Row, RuleSet, library

instants = st.datetimes(datetime(2016, 1, 1), datetime(2025, 6, 30), timezones=st.just(UTC))
FRIDAY = datetime(2025, 1, 24, 2, tzinfo=UTC)
PERIODS = [
    pytest.param(rule_set, row)
    for rule_set in library.sets
    if rule_set.kind == "periods" and not library.is_corrected(rule_set)
    for row in rule_set.rows
]


def _code(raised: pytest.ExceptionInfo[Refused]) -> str:
    return raised.value.refusals[0].code


def test_a_due_names_law_calendar_and_how_sure_it_is() -> None:
    found = due(FRIDAY, "project.registration.decide")
    rule_set = selectors.resolve("periods.project", FRIDAY)
    assert (found.rule_code, found.rule_version, found.rule_sha256) == (
        "periods.project",
        rule_set.version,
        rule_set.sha256,
    )
    assert found.calendar_version == "2025.1"
    assert (found.amount, found.unit, found.source) == (5, "working_day", "own_default")
    assert found.article.startswith("平台默认")
    assert not found.provisional


def test_twenty_four_hundred_is_too_late_and_the_instant_before_is_not() -> None:
    found = due(FRIDAY, "project.registration.decide")
    assert found.at == clock.end_of(found.last_day)
    assert found.missed(found.at)
    assert not found.missed(found.at - timedelta(microseconds=1))


@given(instants)
def test_a_calendar_limit_never_ends_on_a_rest_day(start: datetime) -> None:
    found = due(start, "tender.bid.prepare")
    assert calendars.working_day(found.last_day)
    assert (found.last_day - clock.legal_date(start)).days >= 20


@given(instants)
def test_the_earliest_moment_is_never_after_the_end_of_the_period(start: datetime) -> None:
    for key in ("tender.bid.prepare", "tender.publicity.length"):
        earliest, end = earliest_allowed(start, key), due(start, key)
        assert start < earliest.at <= end.at
        assert earliest.last_day == end.last_day


@given(instants)
def test_a_backward_limit_keeps_its_whole_distance(deadline: datetime) -> None:
    found = latest_before(deadline, "tender.clarification", subject={"documents": "tender"})
    assert (clock.legal_date(deadline) - found.last_day).days == 15
    assert not found.missed(clock.end_of(found.last_day) - timedelta(seconds=1))


def test_a_limit_across_an_unconfirmed_year_is_refused_unless_asked_for_provisionally() -> None:
    start = datetime(2026, 12, 29, 2, tzinfo=UTC)
    with pytest.raises(Refused) as raised:
        due(start, "project.registration.decide")
    assert _code(raised) == "regulation.calendar.year_not_confirmed"
    found = due(start, "project.registration.decide", provisional=True)
    assert found.provisional
    assert (found.last_day, found.calendar_version) == (date(2027, 1, 6), "2026.1+2027?")
    assert not due(FRIDAY, "project.registration.decide", provisional=True).provisional


def test_a_period_nobody_wrote_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        due(FRIDAY, "project.registration.celebrate")
    assert _code(raised) == "regulation.row.unknown_key"


def test_a_moment_before_all_law_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        due(FRIDAY, "project.registration.decide", moment=datetime(2014, 12, 31, 15, tzinfo=UTC))
    assert _code(raised) == "regulation.rule_set.none_valid"
    assert raised.value.refusals[0].facts["day"] == "2014-12-31"


def test_a_period_is_counted_the_way_the_law_counts_it() -> None:
    with pytest.raises(Refused) as raised:
        latest_before(FRIDAY, "project.registration.decide")
    assert _code(raised) == "regulation.period.wrong_direction"
    with pytest.raises(Refused) as raised:
        earliest_allowed(FRIDAY, "project.registration.decide")
    assert _code(raised) == "regulation.period.not_a_minimum"


def test_a_period_that_concerns_nobody_like_this_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        due(FRIDAY, "accident.report", subject={"reporter": "passer_by"})
    assert _code(raised) == "regulation.row.none_applies"


@pytest.mark.parametrize(
    ("rule_set", "row"), PERIODS, ids=lambda v: getattr(v, "key", getattr(v, "code", ""))
)
def test_every_period_of_the_law_can_be_computed(rule_set: RuleSet, row: Row) -> None:
    moment = clock.start_of(rule_set.valid_from)
    start = moment + timedelta(days=100, hours=2)
    ask = latest_before if row["direction"] == "before" else due
    found = ask(start, row.key, subject=row.subject, moment=moment)
    assert (found.rule_code, found.rule_version) == (rule_set.code, rule_set.version)
    assert (found.at < start) == (row["direction"] == "before")
    assert found.missed(found.at)
