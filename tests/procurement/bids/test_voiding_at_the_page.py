"""The page before the last click looks at a voiding too, outside of any transaction."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel import clock
from kernel.workflow import judge
from procurement.bids.bid_machine import BID, PART_OPENED
from procurement.bids.schemas import VoidPayload
from tests.procurement.bids.support import LOT


@pytest.mark.usefixtures("committed")
def test_what_stands_against_a_voiding_between_stages_is_told_before_it_is_tried():
    bid = SimpleNamespace(lot_number=LOT, state=PART_OPENED)
    payload = VoidPayload(
        ground="collusion", document_number="哈建罚字〔2025〕7号", reason="串通投标。",
        file_sha256="",
    )  # fmt: skip
    facts = judge.load_facts(BID, bid, clock.now(), payload, None)
    found = judge.refusals(BID, BID.transition("void"), bid, facts, payload)
    assert "procurement.bid.stage_under_way" in [reason.code for reason in found]
