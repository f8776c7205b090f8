"""What of a lot stands on its owner's desk: only what can be done."""

from __future__ import annotations

from typing import Any

import pytest

from kernel import clock
from kernel.workflow import selectors
from procurement.tendering.machine import LOT
from tests.procurement.tendering.samples import LIST, automatic, published
from tests.procurement.tendering.test_award import CHANNEL, act, until

pytestmark = pytest.mark.django_db


def waits(actor: Any) -> set[str]:
    """The acts of lots on somebody's desk."""
    rows = selectors.desk([LOT], actor, at=clock.now())
    return {one.code for row in rows for one in row.transitions}


def test_candidates_wait_for_their_publicity_once_there_is_a_report(market, report):
    lot = published(market)
    until(market, lot, lot.bid_deadline_at)
    automatic(lot, "open_bids", {"live_bids": 4, "closing_list_sha256": LIST})
    automatic(lot, "start_evaluation")
    assert "publicise" not in waits(market["owner"])
    report((1, 2, 3), clock.now())
    automatic(lot, "receive_report", {"evaluation_id": 7, "reported_at": clock.now().isoformat()})
    assert "publicise" in waits(market["owner"])
    act(lot, "publicise", market["owner"], CHANNEL)
    act(lot, "reevaluate", market["supervisor"], {"reason": "投诉成立"})
    assert "publicise" not in waits(market["owner"])
