"""A project that may be tendered, for journeys of those who tender and bid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, credit, drawings, registration
from procurement.tendering import needs
from tests.procurement.tendering.samples import BILL

LOT = "procurement.tender"


def project(play: Play, certify: Callable[..., None], monkeypatch: Any) -> str:
    """Registered, drawings passed; the bill is answered for. Its number."""
    certify("owner1", "officer1", "reviewer1", *bids.TRUSTEES, *bids.BIDDERS[:2])
    bill = needs.BillFacts(BILL, "GB/T 50500-2024", 7_900_000_00)
    monkeypatch.setattr(needs.bill, "_answer", lambda _sha256: bill)
    monkeypatch.setattr(needs.tender_bills, "_answer", lambda _uscc: [(BILL, "示例工程量清单")])
    play.store["bill_sha256"] = BILL
    credit.archive(play)
    registration.play(play, project_code="2508-230102-04-01-800001")
    drawings.play(play)
    return str(play.store["project_number"])
