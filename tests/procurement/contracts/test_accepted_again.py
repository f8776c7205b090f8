"""Works whose use was stopped are accepted anew: the contract follows the acceptance that holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.events import services as events
from kernel.events.procurement_completion import CompletionUseStopped
from kernel.events.procurement_works import WorksAccepted
from kernel.events.registry import Envelope
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from procurement.contracts import early, subscribers
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.needs import Award
from tests.conftest import member
from tests.procurement.contracts import samples
from tests.procurement.contracts.samples import PRICE, act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
CODE = CONTRACT.code
FIRST, AGAIN = date(2025, 9, 1), date(2025, 12, 1)
WORKS = 3


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.LEGAL_ZONE)


@pytest.fixture
def people(september: None) -> dict[str, Actor]:
    return samples.market()


@pytest.fixture
def award(people: dict[str, Actor]) -> Iterator[Award]:
    made = samples.awarded(people)
    with samples.answers(made):
        yield made


def accepted(case: Contract, day: date, event: int) -> None:
    told = WorksAccepted(
        works_id=WORKS, number="W01", contract_number=case.number,
        project_number=case.project_number, name=case.works_name, region=case.region,
        owner_uscc=case.owner_uscc, contractor_uscc=case.contractor_uscc,
        supervision_uscc=case.supervision_uscc, occurred_on=day,
    )  # fmt: skip
    subscribers.settlement_begins(
        Envelope(event, f"procurement.works:{WORKS}", at(day), told), None
    )


def stopped(case: Contract, day: date, event: int) -> None:
    told = CompletionUseStopped(1, WORKS, "W01", case.project_number, case.owner_uscc)
    envelope = Envelope(event, "procurement.completion_filing:1", at(day), told)
    subscribers.acceptance_is_annulled(envelope, None)


def now(case: Contract) -> Contract:
    return Contract.objects.get(pk=case.pk)


@pytest.fixture
def settling(people: dict[str, Actor], award: Award) -> Contract:
    case = samples.performing(people, silence_accepts=True)
    accepted(case, FIRST, 1)
    assert (now(case).state, now(case).accepted_on) == ("settling", FIRST)
    return now(case)


@pytest.fixture
def settled(people: dict[str, Actor], settling: Contract) -> Contract:
    act(CODE, settling.pk, "file_settlement", people["contractor"], {"claimed_fen": PRICE})
    operator = member("operator", "operator", serial=59)
    sandbox.move_to(clock.now() + timedelta(days=60), actor=operator)
    run_due()
    case = now(settling)
    assert case.state == "settled" and case.retention_due_at is not None
    assert clock.legal_date(case.retention_due_at) == date(2027, 9, 2)
    return case


def clocks(case: Contract) -> dict[str, date]:
    rows = Deadline.objects.filter(machine=CODE, case_pk=case.pk, ended_at=None)
    return {row.period_key: row.last_day for row in rows}


def test_a_settlement_stops_with_the_acceptance_and_begins_with_the_next_one(
    people: dict[str, Actor], settling: Contract
) -> None:
    first = clocks(settling)["settlement.file"]
    act(CODE, settling.pk, "file_settlement", people["contractor"], {"claimed_fen": PRICE})
    stopped(settling, date(2025, 9, 10), 2)
    case = now(settling)
    assert (case.state, case.accepted_on, case.settlement_deemed_at) == ("performing", None, None)
    assert clocks(case) == {}
    accepted(case, AGAIN, 3)
    case = now(settling)
    assert (case.state, case.accepted_on) == ("settling", AGAIN)
    assert clocks(case)["settlement.file"] > first


def test_what_was_settled_stands_and_its_retention_runs_from_the_new_acceptance(
    people: dict[str, Actor], settled: Contract
) -> None:
    stopped(settled, date(2025, 11, 10), 2)
    case = now(settled)
    assert (case.state, case.settled_fen) == ("settled", PRICE)
    assert (case.accepted_on, case.retention_due_at, clocks(case)) == (None, None, {})
    accepted(case, AGAIN, 3)
    case = now(settled)
    assert (case.state, case.accepted_on, case.settled_fen) == ("settled", AGAIN, PRICE)
    assert case.retention_due_at is not None
    # 24 months after the second acceptance, whole.
    assert clock.legal_date(case.retention_due_at) == date(2027, 12, 2)
    assert clocks(case) == {"retention.defect_period": date(2027, 12, 1)}


def test_before_works_are_accepted_again_retention_goes_back_only_as_both_agreed(
    people: dict[str, Actor], settled: Contract
) -> None:
    stopped(settled, date(2025, 11, 10), 2)
    case = now(settled)
    assert early.is_early(case, clock.now()) and "重新验收" in early.warning(case)
    receipt = {
        "bank": "银行", "number": "1", "paid_on": clock.today(), "amount_fen": case.retention_fen,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "return_retention", people["owner"], {"receipts": [receipt]})
    assert {(r.code, r.field) for r in refused.value.refusals} == {
        ("procurement.contract.retention_unaccepted", "reason"),
        ("procurement.contract.retention_unaccepted", "file_sha256"),
    }


def test_deliveries_out_of_order_end_with_the_acceptance_that_holds(settled: Contract) -> None:
    accepted(settled, AGAIN, 3)
    stopped(settled, date(2025, 11, 10), 2)
    accepted(settled, FIRST, 1)
    case = now(settled)
    assert (case.state, case.accepted_on) == ("settled", AGAIN)
    assert case.retention_due_at is not None
    assert clock.legal_date(case.retention_due_at) == date(2027, 12, 2)


def test_the_same_delivery_twice_changes_nothing(settled: Contract) -> None:
    stopped(settled, date(2025, 11, 10), 2)
    accepted(settled, AGAIN, 3)
    version = now(settled).version
    stopped(settled, date(2025, 11, 10), 2)
    accepted(settled, AGAIN, 3)
    assert now(settled).version == version


def test_an_acceptance_that_is_delivered_after_its_annulment_settles_nothing(people, award):
    case = samples.performing(people, silence_accepts=True)
    stop = CompletionUseStopped(1, WORKS, "W01", case.project_number, case.owner_uscc)
    with transaction.atomic():
        events.publish([stop], case="procurement.completion_filing:1", at=at(FIRST))
    accepted(case, FIRST, 1)
    assert (now(case).state, now(case).accepted_on) == ("performing", None)
    accepted(case, AGAIN, 2)
    assert (now(case).state, now(case).accepted_on) == ("settling", AGAIN)
