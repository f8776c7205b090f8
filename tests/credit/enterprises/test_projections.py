"""Machines and wages reach the archive by events alone, late or twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from credit.enterprises import projections, selectors
from credit.enterprises.models import MachineHeld
from kernel import clock
from kernel.events.equipment import (
    InspectionLapsed,
    MachineFiled,
    MachineReturned,
    MachineUseRegistered,
)
from kernel.events.labour import PayrollConfirmed, PayrollOverdue, PayrollPaid
from kernel.events.registry import Envelope
from tests.credit.enterprises.samples import FIRM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
LESSOR = "91230102PDY0004008"
_MACHINE = {
    "machine_id": 5, "number": "黑A-T-00001", "kind": "tower_crane", "model": "QTZ80",
    "owner_uscc": LESSOR,
}  # fmt: skip
FILED = MachineFiled(**_MACHINE, region="230102")
USED = MachineUseRegistered(
    **_MACHINE, site_number="S1", use_number="U1", contractor_uscc=FIRM,
    inspected_until=date(2026, 1, 31),
)  # fmt: skip
LAPSED = InspectionLapsed(
    **_MACHINE, site_number="S1", contractor_uscc=FIRM, project_number="P1",
    lapsed_on=date(2026, 1, 31),
)  # fmt: skip
RETURNED = MachineReturned(**_MACHINE, hire_id=3)


def payroll(event, **more):
    return event(
        payroll_id=9, number="G1", site_number="S1", project_number="P1", region="230102",
        contractor_uscc=FIRM, contractor_name="示例", crew_uscc=LESSOR, month="2025-08",
        worker_ids=(1, 2, 3), total_fen=900_00, **more,
    )  # fmt: skip


def tell(handler, event, hours=0):
    handler(Envelope(1, "case:1", clock.now() + timedelta(hours=hours), event), None)


def test_a_machine_is_shown_with_its_owner_and_with_its_user():
    tell(projections.machine_is_held, FILED)
    tell(projections.machine_is_used, USED, 1)
    for code in (LESSOR, FIRM):
        (row,) = selectors.machines(code)
        assert (row.number, row.inspected_until) == ("黑A-T-00001", date(2026, 1, 31))
    tell(projections.machine_lapses, LAPSED, 2)
    tell(projections.machine_comes_back, RETURNED, 3)
    assert not selectors.machines(FIRM).exists()


def test_of_two_events_the_later_ones_word_stays_in_whatever_order_they_come():
    tell(projections.machine_is_used, USED, 1)
    tell(projections.machine_is_held, FILED, 0)
    tell(projections.machine_is_used, USED, 1)
    assert MachineHeld.objects.get().user_uscc == FIRM


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_wages_paid_late_stay_late(order):
    told = [
        (projections.wages_are_confirmed, payroll(PayrollConfirmed), 0),
        (projections.wages_are_overdue, payroll(PayrollOverdue, due_on=date(2025, 9, 30)), 1),
        (projections.wages_are_paid, payroll(PayrollPaid, paid_on=date(2025, 10, 5)), 2),
    ]
    for place in order:
        tell(*told[place])
    (month,) = selectors.wage_months(FIRM)
    assert (month.workers, month.total_fen, month.paid_fen, month.overdue) == (3, 90000, 90000, 1)
