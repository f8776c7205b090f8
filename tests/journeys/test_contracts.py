"""The contract's stage is played: signed by both, measured, changed, adjusted, settled."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel import clock
from kernel.documents import demo_pki, storage
from kernel.documents.models import Document, DocumentState
from kernel.events.models import Event
from kernel.parties.models import Organisation, Person
from kernel.workflow import sandbox
from kernel.workflow.following import follow
from kernel.workflow.machines import machine
from procurement.contracts import needs, quantities
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.needs import Award
from procurement.cost import demonstration as bills
from procurement.cost import selectors as costs
from procurement.cost import services as storing
from procurement.demonstration import people
from procurement.demonstration.play import Play
from procurement.demonstration.stages import contracts
from tests.kernel.documents import pdf_facts

PIN = "123456"
SIGNERS = ("owner1", "bidder1", "chief1")


@pytest.fixture
def play(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    settings.VAR_DIR = tmp_path
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    actors = people.create("a password")
    for name in SIGNERS:
        actor = actors[name]
        demo_pki.certify(
            Person.objects.select_related("user").get(pk=actor.person_id),
            Organisation.objects.get(pk=actor.organisation_id),
            PIN,
            clock.now(),
            rounds=1,
        )
    return Play(actors=actors, pin=PIN)


def _awarded(play: Play) -> Award:
    now = clock.now()
    rates = costs.rates(now, "230102")
    tender = bills.tender_bill(items=24)
    priced = bills.priced_bill(tender, rates, bidder="龙江", factor=Decimal("0.92"))
    row = storing.store_bill(content=priced, kind="bid", at=now)
    return Award(
        lot_id=1,
        lot_ref="",
        lot_number="2301022509010101-01",
        project_number="2301022509010101",
        region="230102",
        works_name="示范中学新建工程",
        owner_uscc=play.actors["owner1"].uscc,
        winner_uscc=play.actors["bidder1"].uscc,
        price_fen=priced.total_fen or 0,
        period_days=400,
        quality="合格",
        project_manager="演示·凌云志",
        boq_standard="gbt50500-2024",
        bid_bill_sha256=row.sha256,
        awarded_at=now,
    )


@pytest.fixture(autouse=True)
def _wage_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labour is not played here; the contract has its account."""
    monkeypatch.setattr(needs.wage_account, "_answer", lambda _number: "2301020000000004711")


def _permit(p: Play) -> None:
    """The nearest real means while works are not here: the automatic act itself."""
    follow(CONTRACT.code, p.store["contract_id"], "perform", key="permit", at=p.now)


def _accept(p: Play) -> None:
    follow(
        CONTRACT.code, p.store["contract_id"], "begin_settlement", key="accept", at=p.now,
        payload={"accepted_on": p.today},
    )  # fmt: skip


def test_a_contract_is_signed_measured_changed_adjusted_and_settled(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, given = _awarded(play), dict[str, int]()
    monkeypatch.setattr(needs.award, "_answer", lambda lot: award)
    monkeypatch.setattr(
        needs.securities_fen, "_answer", lambda kind, about, principal, at: given.get(kind, 0)
    )
    play.store["lot_number"] = award.lot_number
    play.store["security"] = lambda kind, about, fen: given.update({kind: fen})
    contracts.play(play, _permit, _accept)

    case = Contract.objects.get()
    assert case.state == "settled"
    assert case.retention_fen == round(case.settled_fen * Decimal("0.03"))
    assert quantities.paid_fen(case.number) <= case.price_fen
    issued = Document.objects.filter(state=DocumentState.ISSUED)
    forms = sorted(issued.values_list("form", flat=True))
    assert forms == [
        "procurement.contract.contract",
        "procurement.contract.settlement_statement",
        *["procurement.payment.certificate"] * 4,
        "procurement.variation.change_order",
    ]
    for document in issued:
        assert _pages(document) <= (2 if document.form == "procurement.contract.contract" else 1)
    [event] = Event.objects.filter(name="procurement.contract.signed")
    assert event.payload["number"] == case.number
    assert Event.objects.filter(name="procurement.payment.paid").count() == 4
    assert _states("variation") == ["closed"]
    assert _states("price_adjustment") == ["paid"]


def _states(name: str) -> list[str]:
    found = machine(f"procurement.{name}")
    assert found is not None
    model: Any = found.model
    return list(model.objects.values_list("state", flat=True))


def _pages(document: Document) -> int:
    assert document.signed_file is not None
    return pdf_facts.read(storage.read(document.signed_file)).pages
