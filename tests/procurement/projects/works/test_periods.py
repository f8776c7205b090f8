"""Periods that the law sets on works: warranty, report of a stop, the decision on a permit."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C = "procurement.works."


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    b.answered(monkeypatch)
    return b.people()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"warranty_waterproofing_years": 4}, "warranty_short"),
        ({"warranty_heating_seasons": 1}, "warranty_short"),
        ({"warranty_services_years": 1}, "warranty_short"),
        ({"warranty_structure_years": 49}, "warranty_short"),
        ({"warranty_structure_years": None}, "warranty_missing"),
        ({"design_life_years": 0}, "warranty_missing"),
        ({"warranty_heating_seasons": None}, "warranty_missing"),
    ],
)
def test_a_warranty_shorter_than_the_law_or_silent_on_a_part_is_refused(
    who: dict[str, Actor], changes: dict[str, int | None], code: str
) -> None:
    works = b.started(who)
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": "2025-09-22"})
    b.move(who, datetime(2025, 9, 22, 9, tzinfo=clock.LEGAL_ZONE))
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], b.completion(**changes))
    assert found == {_C + code}


def test_works_without_a_roof_say_nothing_of_one_but_answer_for_their_structure(
    who: dict[str, Actor],
) -> None:
    number = registered(who["owner"], who["officer"]).number
    b.passed(number, who)
    works = b.contracted(number, who)
    b.act(b.WORKS, works.pk, "apply", who["owner"], b.application(who, trade="18"))
    b.act(b.WORKS, works.pk, "permit", who["permit"])
    b.act(b.WORKS, works.pk, "start", who["owner"])
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": "2025-09-22"})
    b.move(who, datetime(2025, 9, 22, 9, tzinfo=clock.LEGAL_ZONE))
    none = {"warranty_waterproofing_years": None, "warranty_heating_seasons": None}
    short = b.completion(**none, warranty_services_years=1)
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], short)
    assert found == {_C + "warranty_short"}
    whole = b.completion(**none, warranty_services_years=None)
    assert b.act(b.WORKS, works.pk, "report_completion", who["owner"], whole).state == "acceptance"


@pytest.mark.parametrize(("stopped", "late"), [("2025-09-05", 0), ("2025-09-04", 1)])
def test_a_stop_that_is_reported_after_a_month_is_taken_and_known_as_late(
    who: dict[str, Actor], stopped: str, late: int
) -> None:
    works = b.started(who)
    # A month from 4 September is 4 October, in the holidays: it rolls to the 9th.
    day = datetime(2025, 10, 10, 9, tzinfo=clock.LEGAL_ZONE)
    b.move(who, day if late else day.replace(day=9))
    stop = {"suspended_on": stopped, "reason": "资金"}
    b.act(b.WORKS, works.pk, "suspend", who["owner"], stop)
    again = b.act(b.WORKS, works.pk, "resume", who["owner"])
    assert again.late_suspensions == late


def test_the_seventh_calendar_day_warns_before_the_seventh_working_day(
    who: dict[str, Actor],
) -> None:
    number = registered(who["owner"], who["officer"]).number
    b.passed(number, who)
    works = b.contracted(number, who)
    b.act(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
    rows = Deadline.objects.filter(machine=b.WORKS, case_pk=works.pk, state="permit_review")
    last = {row.period_key: row.last_day for row in rows}
    assert last == {
        "permit.decide_alarm": date(2025, 9, 8), "permit.decide": date(2025, 9, 10),
    }  # fmt: skip
    b.move(who, datetime(2025, 9, 9, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    status = {row.period_key: row.status for row in rows.all()}
    assert status == {"permit.decide_alarm": "missed", "permit.decide": "running"}
    assert b.act(b.WORKS, works.pk, "permit", who["permit"]).state == "permitted"
