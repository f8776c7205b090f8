"""Desks show the clocks of whoever acts; those that others let pass only overseers see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import User
from kernel.web import formats
from kernel.workflow.models import Deadline
from tests.conftest import member
from tests.procurement.projects import building as b

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Late = Callable[[dict[str, Actor]], Any]


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    b.answered(monkeypatch)
    city: dict[str, Any] = {"region": "230100", "serial": 3, "authority": "city"}
    return {**b.people(), "auditor": member("auditor", "auditor", **city)}


def desk(username: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    return str(client.get("/desk/").content.decode())


def late_repair(who: dict[str, Actor]) -> Any:
    """A hazard whose project manager let the day of the repair pass."""
    hazard = b.graded(who, b.started(who))
    b.act(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE)
    b.move(who, datetime(2025, 9, 11, 9, tzinfo=clock.LEGAL_ZONE))
    return b.case(b.HAZARD, hazard.pk)


def late_review(who: dict[str, Actor]) -> Any:
    """Drawings that their reviewer did not look at in time."""
    number = b.registered(who["owner"], who["officer"]).number
    review = b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who))
    b.act(b.REVIEW, review.pk, "start", who["reviewer"])
    b.move(who, datetime(2025, 11, 28, 9, tzinfo=clock.LEGAL_ZONE))
    return b.case(b.REVIEW, review.pk)


@pytest.mark.parametrize(
    ("late", "whose", "others"),
    [
        (late_repair, "manager", ("permit", "station", "owner", "contractor")),
        (late_review, "reviewer", ("permit", "station", "officer")),
    ],
)
def test_a_clock_that_ran_out_stands_on_the_desk_of_whose_duty_it_is(
    who: dict[str, Actor], late: Late, whose: str, others: tuple[str, ...]
) -> None:
    case = late(who)
    page = f"/cases/{case.machine.code}/{case.pk}/"
    clock_ = Deadline.objects.get(machine=case.machine.code, case_pk=case.pk, ended_at=None)
    assert clock_.due_at <= clock.now() and clock_.role == who[whose].role
    mine = desk(whose)
    assert page in mine and "zx-row-overdue" in mine
    for name in others:
        assert page not in desk(name), name


def test_an_overseer_sees_what_others_let_pass_and_whose_it_is(who: dict[str, Actor]) -> None:
    case = late_repair(who)
    shown = desk("auditor")
    assert f"/cases/{b.HAZARD}/{case.pk}/" in shown
    row = Deadline.objects.get(machine=b.HAZARD, case_pk=case.pk, ended_at=None)
    label = next(str(r.label) for r in case.machine.deadlines if r.period_key == row.period_key)
    until = formats.deadline(row.due_at)
    assert f"督办：项目经理逾期未办“{label}”，期限至 {until}" in shown
    assert row.article in shown
