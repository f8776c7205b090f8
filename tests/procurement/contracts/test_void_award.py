"""A void award takes its contract with it: by an act of the owner, and by nobody's fault."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.events.models import Event
from kernel.events.procurement_bids import BidVoided
from kernel.events.services import publish
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.tendering import needs
from procurement.tendering.needs import VoidDecision
from tests.credit.conduct.samples import settle
from tests.procurement.contracts.samples import act, auto
from tests.procurement.contracts.test_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
NUMBER = "哈建罚字〔2025〕7号"


def codes(refused):
    return {each.code for each in refused.value.refusals}


def test_a_contract_whose_award_stands_is_not_void(contract, people):
    with pytest.raises(Refused) as refused:
        act(CONTRACT.code, contract.pk, "invalidate", people["owner"])
    assert codes(refused) == {"procurement.contract.award_stands"}


def test_a_void_award_is_on_the_contract_and_its_owner_ends_it(contract, people, client):
    auto(CONTRACT.code, contract.pk, "note_void", {"document_number": NUMBER})
    assert Contract.objects.get(pk=contract.pk).state == "performing"
    desk = page(client, "owner", "/desk/")
    assert "确认合同无效" in desk
    assert contract.number in desk
    assert "确认合同无效" not in page(client, "contractor", "/desk/")
    assert NUMBER in page(client, "contractor", f"/cases/{CONTRACT.code}/{contract.pk}/")
    with pytest.raises(NotPermitted):
        act(CONTRACT.code, contract.pk, "invalidate", people["contractor"])
    act(CONTRACT.code, contract.pk, "invalidate", people["owner"])
    assert Contract.objects.get(pk=contract.pk).state == "terminated"
    (event,) = Event.objects.filter(name="procurement.contract.terminated")
    # What its bidder did is a record by the decision itself; nobody abandoned anything.
    assert (event.payload["at_fault"], event.payload["document_number"]) == ("", NUMBER)
    assert "确认合同无效" not in page(client, "owner", "/desk/")


@pytest.mark.parametrize("whose", ["winner", "another"])
def test_a_void_bid_is_noted_on_the_contract_of_its_own_bidder(contract, monkeypatch, whose):
    def decision(lot, uscc):
        assert (lot, uscc) == (contract.lot_number, contract.contractor_uscc)
        return VoidDecision(NUMBER, "", "") if whose == "winner" else None

    monkeypatch.setattr(needs.void_decision, "_answer", decision)
    event = BidVoided(1, contract.lot_id, contract.lot_number)
    publish([event], case="procurement.bid:1", at=clock.now())
    settle()
    found = Contract.objects.get(pk=contract.pk).void_document
    assert found == (NUMBER if whose == "winner" else "")
