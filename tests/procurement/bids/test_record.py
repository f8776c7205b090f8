"""The opening record marks a security that was read out and is none for this lot."""

from __future__ import annotations

import json

import pytest

from kernel import clock
from kernel.sealing.bids.opening import OpenedBid, OpeningRecord, OpeningSheet
from procurement.bids import needs, record


@pytest.mark.parametrize(
    ("said", "standing", "shown"),
    [
        ("BH-1", "", "BH-1"),
        ("BH-1", "unknown", "BH-1（本平台没有该保函）"),
        ("BH-1", "returned", "BH-1（该保函已退还）"),
        ("BH-1", "other_lot", "BH-1（该保函属于其他标段）"),
        ("", "unknown", "—"),
    ],
)
def test_a_security_that_was_read_out_is_told_as_the_guarantors_have_it(
    monkeypatch, said, standing, shown
):
    now, asked = clock.now(), []
    monkeypatch.setattr(needs, "security_standing", lambda *words: asked.append(words) or standing)
    sheet = OpeningSheet(
        lot="L-01", bidder="X", bidder_name="示例建筑", price_fen=100, period_days=300,
        quality="合格", project_manager="示例甲", bid_security=said, bill_sha256="",
    )  # fmt: skip
    bid = OpenedBid(bidder="X", version=1, manifest_sha256="0" * 64, envelopes=(), sheet=sheet)
    opened = OpeningRecord("L-01", "all", "0" * 64, "", now, (bid,))
    page = json.dumps(record.page("标段", "L-01", opened, []), ensure_ascii=False)
    assert f'"{shown}"' in page
    assert asked == ([(said, "L-01", now)] if said else [])
