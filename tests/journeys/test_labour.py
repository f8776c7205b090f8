"""Labour's part of the play, on a contract and works that events tell of."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kernel import clock
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.procurement_works import WorksPermitted
from kernel.workflow import order, sandbox
from labour.accounts import selectors as accounts
from labour.payroll.models import Payroll
from labour.roster.models import Worker
from procurement.demonstration import people
from procurement.demonstration.play import Play
from procurement.demonstration.stages import labour
from tests.labour import samples

pytestmark = pytest.mark.django_db

PROJECT, CONTRACT, WORKS = "2301022509010101", "HT-2301", "2301022509010101-W01"


@pytest.fixture
def p():
    sandbox.begin_at(datetime(2025, 9, 30, 9, 0, tzinfo=clock.LEGAL_ZONE))
    found = Play(people.create("a demonstration password"), pin="000000")
    owner, contractor = found.actors["owner1"].uscc, found.actors["bidder1"].uscc
    common = {
        "project_number": PROJECT,
        "region": "230102",
        "owner_uscc": owner,
        "contractor_uscc": contractor,
        "supervision_uscc": found.actors["chief1"].uscc,
    }
    told = (
        ContractSigned(
            contract_id=1, number=CONTRACT, lot_id=1, works_name="示范小区一期", price_fen=10**10,
            period_days=300, project_manager="演示", signed_on=date(2025, 9, 30), **common,
        ),
        WorksPermitted(
            works_id=1, number=WORKS, contract_number=CONTRACT, name="示范小区一期",
            occurred_on=date(2025, 9, 30), permit_number="X", **common,
        ),
    )  # fmt: skip
    samples.tell(*told)
    found.store |= {"contract_number": CONTRACT, "works_number": WORKS}
    return found


def test_a_month_of_work_is_paid_to_six_workers(p):
    labour.play(p)
    assert {one.state for one in Worker.objects.all()} == {"working"}
    payroll = Payroll.objects.get()
    assert payroll.state == "paid"
    assert payroll.net_fen == sum(one["net_fen"] for one in payroll.lines) > 0
    assert accounts.balance_fen(CONTRACT) == 0
    assert order.violations(PROJECT, clock.now()) == []


def test_a_crew_that_is_paid_leaves_and_its_account_is_closed(p):
    labour.play(p)
    labour.leave(p)
    assert {one.state for one in Worker.objects.all()} == {"exited"}
    labour.close_account(p)
    assert p.case("labour.wage_account", p.store["wage_account"]).state == "closed"
    assert order.violations(PROJECT, clock.now()) == []
