"""A legal day ends at midnight in UTC+8, to the millisecond, wherever days are counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel import clock
from kernel.access import actors
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import Membership
from labour.roster import selectors
from tests.conftest import member
from tests.labour import samples
from tests.labour.samples import act, brought

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
LAST = timedelta(milliseconds=1)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)


def test_a_membership_ends_with_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = member("clerk", "owner_clerk", serial=77)
    Membership.objects.update(valid_to=date(2025, 9, 3))
    midnight = datetime(2025, 9, 3, 16, tzinfo=UTC)
    at(monkeypatch, midnight - LAST)
    actors.confirm(clerk, clock.today())
    at(monkeypatch, midnight)
    with pytest.raises(NotPermitted):
        actors.confirm(clerk, clock.today())


@pytest.mark.parametrize(("before", "holds"), [(LAST, True), (timedelta(), False)])
def test_a_certificate_holds_until_its_last_day_is_over(
    monkeypatch: pytest.MonkeyPatch, before: timedelta, holds: bool
) -> None:
    who, until = samples.world(), date(2025, 12, 1)
    case = brought(who, "worker1", "sign", trade="scaffolder")
    at(monkeypatch, datetime(2025, 12, 1, 16, tzinfo=UTC) - before)
    said = {"method": "card", "certificate_number": "黑A01", "certificate_valid_to": str(until)}
    if holds:
        assert act("labour.worker", case.pk, "real_name", who["clerk"], said).state == "real_named"
        return
    with pytest.raises(Refused) as refused:
        act("labour.worker", case.pk, "real_name", who["clerk"], said)
    assert [r.code for r in refused.value.refusals] == ["labour.worker.certificate_lapsed"]


def test_who_comes_at_midnight_of_the_first_is_paid_for_the_new_month(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = samples.world()
    case = brought(who, "worker1", "work")
    came = datetime(2025, 9, 30, 16, tzinfo=UTC)
    at(monkeypatch, came + timedelta(days=1))
    record = {"in_at": came, "out_at": came + timedelta(hours=8), "device": "GATE-1"}
    case = act("labour.worker", case.pk, "attend", who["clerk"], {"records": [record]})
    assert selectors.attendance_days(case)["2025-10"] == 1
