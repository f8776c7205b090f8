"""Two clerks of an owner bring the same bill at once: it is on record once, and the other is told.

On SQLite one waits for the other's whole act; on PostgreSQL both have looked before either writes.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.workflow import sandbox
from kernel.workflow.models import RefusedAct
from procurement.cost.models import Bill
from procurement.tendering.bills import selectors
from procurement.tendering.bills.models import TenderBill
from tests.conftest import member
from tests.meeting import met_behind
from tests.procurement.tendering import samples
from tests.procurement.tendering.test_bills import imported, workbook

pytestmark = pytest.mark.slow
_P = "procurement.tender_bill."


@pytest.fixture
def market(committed: None) -> dict[str, Actor]:
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    return samples.market() | {"colleague": member("colleague", "owner_clerk", serial=1)}


@pytest.mark.parametrize("who", [("owner", "colleague"), ("owner", "owner")])
def test_of_two_who_bring_the_same_bill_at_once_one_has_it_and_the_other_is_told(
    market: dict[str, Actor], monkeypatch: pytest.MonkeyPatch, who: tuple[str, str]
) -> None:
    number = samples.project(market).number
    stored = scans.store(actor=market["owner"], content=workbook(), at=clock.now())
    bring = [partial(imported, market[name], number, stored.sha256) for name in who]
    found = met_behind(monkeypatch, (selectors, "on_record"), *bring)
    (won,) = [one for one in found if isinstance(one, TenderBill)]
    assert {_P + "on_record"} in found
    (why,) = RefusedAct.objects.get().refusals
    assert (why["code"], why["facts"]["reference"]) == (_P + "on_record", won.reference)
    assert (TenderBill.objects.count(), Bill.objects.count()) == (1, 1)


def test_two_bring_different_bills_at_once_and_both_are_on_record(
    market: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = samples.project(market).number
    files = [
        scans.store(actor=market["owner"], content=workbook(project_name=name), at=clock.now())
        for name in ("一期", "二期")
    ]
    bring = [
        partial(imported, market[name], number, one.sha256)
        for name, one in zip(("owner", "colleague"), files, strict=True)
    ]
    found = met_behind(monkeypatch, (selectors, "on_record"), *bring)
    assert {one.name for one in found if isinstance(one, TenderBill)} == {"一期", "二期"}, found
