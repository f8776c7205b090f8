"""Receipts, withdrawals and refusals say one thing only, and a bidder's tool compares them."""

from dataclasses import replace

import pytest

from kernel.errors import Refusal
from kernel.sealing.bids import receipts, refusals
from tests.kernel.sealing.bids.support import BIDDERS, LOT, NOW, altered, codes
from tests.kernel.sealing.bids.test_closing import receipt_for


@pytest.fixture
def receipt(sealed):
    return receipt_for(sealed[1].manifest)


def test_receipts_read_as_they_were_written(receipt):
    assert receipts.read_receipt(receipt.encode()) == receipt
    wish = receipts.Withdrawal(LOT, BIDDERS[0], "ab" * 32, "报价有误")
    assert receipts.read_withdrawal(wish.encode()) == wish
    gone = receipts.Withdrawn(LOT, BIDDERS[0], "ab" * 32, "cd" * 32, NOW, receipt.log)
    assert receipts.read_withdrawn(gone.encode()) == gone
    reasons = refusals.reasons_of(
        [Refusal("sealing.bid.deadline", {"at": "x"}, "第27条", "file")], lambda r: "迟到"
    )
    no = refusals.SignedRefusal(LOT, BIDDERS[0], "ab" * 32, "", 5, NOW, reasons, receipt.log)
    assert refusals.read_refusal(no.encode()) == no
    assert refusals.read_refusal(replace(no, log=None).encode()).log is None


def test_a_receipt_for_another_bid_is_refused(sealed, receipt):
    head = sealed[1].manifest.encode()
    import hashlib

    own = replace(receipt, signature_sha256=hashlib.sha256(b"p7s").hexdigest())
    receipts.check_receipt(own, head, b"p7s")
    assert codes(receipts.check_receipt, own, head, b"other") == ["sealing.receipt.other"]
    assert codes(receipts.check_receipt, own, head + b" ", b"p7s") == ["sealing.receipt.other"]
    stranger = replace(own, log=replace(own.log, entry='{"body":{"manifest_sha256":"00"}}'))
    assert codes(receipts.check_receipt, stranger, head, b"p7s") == ["sealing.receipt.entry"]
    bare = replace(own, log=replace(own.log, entry="[]"))
    assert codes(receipts.check_receipt, bare, head, b"p7s") == ["sealing.receipt.entry"]


@pytest.mark.parametrize(
    "changes",
    [
        {"received_at": "2026-03-02T01:30:00Z"},
        {"size": -1},
        {"size": 1.0},
        {"certificate_serial": "01"},
        {"provisional": ["maybe"]},
        {"log": None},
        {"timestamp": "AA"},
        {"note": ""},
    ],
)
def test_another_form_is_refused(receipt, changes):
    (code,) = codes(receipts.read_receipt, altered(receipt.encode(), **changes))
    assert code.startswith(("sealing.format.", "sealing.canonical."))
