"""Two acts on one contract at once: sums so far are counted on the one that came first."""

from __future__ import annotations

from functools import partial

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.workflow import sandbox
from procurement.contracts import quantities
from procurement.contracts import receipts as bank
from procurement.contracts.adjustments import selectors as adjustments
from procurement.contracts.models import Contract
from procurement.contracts.payments import selectors
from procurement.contracts.payments.models import Payment
from tests.meeting import met_behind
from tests.procurement.contracts import samples
from tests.procurement.contracts import test_changes as changes
from tests.procurement.contracts.paying import (
    CODE,
    approved,
    measured,
    opened,
    receipts,
    wages,
)
from tests.procurement.contracts.samples import act

pytestmark = pytest.mark.slow

OTHER_LOT = "2301022511240101-02"


@pytest.fixture
def people(committed: None) -> dict[str, Actor]:
    from datetime import datetime

    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    return samples.market()


def test_of_two_payments_submitted_at_once_one_waits_for_the_other(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each saw no other under review, and both were counted on the same sums so far."""
    one = measured(people, contract)
    two = measured(people, contract)
    found = met_behind(
        monkeypatch,
        (selectors, "_rivals"),
        lambda: act(CODE, one, "submit", people["contractor"]).state,
        lambda: act(CODE, two, "submit", people["contractor"]).state,
    )
    refused = [each for each in found if isinstance(each, set)]
    assert len(refused) == 1 and "procurement.payment.other_under_review" in refused[0]
    assert Payment.objects.filter(state="submitted").count() == 1


def test_of_two_prepayments_asked_for_at_once_there_is_one(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = met_behind(
        monkeypatch, (selectors, "_rivals"), *[lambda: opened(people, contract, "prepayment")] * 2
    )
    assert {"procurement.payment.kind_twice"} in found
    assert Payment.objects.filter(kind="prepayment").count() == 1


def test_one_bank_receipt_brought_for_two_contracts_at_once_stands_for_one(
    people: dict[str, Actor],
    contract: Contract,
    certificates_are_signed: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Locks of the two contracts do not meet; the payer is held, whose receipt it is."""
    one = approved(people, measured(people, contract))
    with samples.answers(samples.awarded(people, lot_number=OTHER_LOT, lot_id=8)):
        second = samples.performing(people, lot_number=OTHER_LOT)
        two = approved(people, measured(people, second))
        for case in (one, two):
            wages(people, case)

        def pay(case: Payment) -> str:
            case.refresh_from_db()
            said = {"receipts": receipts(case.due_fen - case.wages_fen, "same")}
            return act(CODE, case.pk, "pay", people["owner"], said).state

        found = met_behind(monkeypatch, (bank, "used"), lambda: pay(one), lambda: pay(two))
    assert {"procurement.contract.receipt_twice"} in found


def test_of_two_adjustments_of_one_material_asked_for_at_once_there_is_one(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks for a twin once it is asked for: both would have been paid."""
    ask = partial(changes.propose, people, contract, materials=[changes.steel(4_600_00)])
    found = met_behind(monkeypatch, (adjustments, "_taken"), ask, ask)
    assert {"procurement.price_adjustment.taken"} in found


def test_of_two_changes_approved_at_once_the_second_counts_the_first(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is below a tenth of the price, together they need an approval of their own."""
    most = changes.NEW | {
        "quantity": "300", "price_fen": 250_00, "cost_fen": 250_00, "profit_fen": 0,
    }  # fmt: skip
    approve = [
        partial(act, changes.CODE, pk, "approve", people["owner"], {})
        for pk in [changes.checked(people, contract, most) for _each in range(2)]
    ]
    found = met_behind(monkeypatch, (quantities, "changes_fen"), *approve)
    assert {"procurement.variation.extra_approval_missing"} in found
