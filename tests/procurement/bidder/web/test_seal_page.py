"""A bid sealed by the page is a bid: Python, age and openssl take it, and nothing leaves the page."""

from __future__ import annotations

import io


from kernel.sealing.bids import container, opening, receiving, recovery, shares
from tests.kernel.sealing.bids.support import BIDDERS, NOW
from tests.procurement.bidder.web.conftest import prepared

PASSPHRASE = "恢复口令-12345"


def test_a_bid_sealed_from_disk_is_received_and_opens(bidder, stage, tmp_path):
    page = prepared(bidder(), stage)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == []
    bid = page.saved("save-bid", tmp_path)
    kept = page.saved("save-recovery", tmp_path)
    data = bid.read_bytes()

    accepted = receiving.receive(io.BytesIO(data), stage.policy, BIDDERS[0], stage.trust, NOW)
    received = accepted.received
    assert accepted.provisional == ()
    assert received.manifest.version == 1

    name, identities = recovery.open_recovery(kept.read_bytes(), PASSPHRASE)
    assert name == received.manifest_sha256
    for envelope in stage.policy.envelopes:
        opened = {
            i: shares.open_share(received.manifest, envelope, i, sealed, stage.keys[code])
            for i, (code, sealed) in enumerate(
                zip(stage.trustees, received.shares[envelope], strict=True)
            )
        }
        for left_out in opened:
            some = {i: share for i, share in opened.items() if i != left_out}
            found = shares.recover(received.manifest, stage.policy, envelope, some)
            assert found == identities[envelope]
        with bid.open("rb") as file:
            window = container.Window(file, *container.locate(received, envelope))
            opening.open_envelope(
                received.manifest, envelope, identities[envelope], window, tmp_path / envelope
            )
    assert (tmp_path / "technical/技术.txt").read_bytes() == "技术文件".encode() * 5000
    sheet = opening.sheet_of(received.manifest, tmp_path / "opening_sheet")
    assert (sheet.price_fen, sheet.period_days, sheet.project_manager) == (123456789, 300, "王五")
    assert page.strangers() == []
    assert page.complaints == []
