"""Receipt of sealed bids: what gets one, what does not, and that nothing is half done."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from kernel import clock
from kernel.events.models import Event
from kernel.evidence import formats, merkle
from kernel.sealing.bids import receipts as receipt_formats
from kernel.sealing.bids import refusals
from kernel.workflow.models import RefusedAct
from procurement.bids import believed, receipts, receiving, vault
from procurement.bids.models import Bid, BidVersion, PendingUpload
from procurement.securities import needs as securities
from tests.procurement.bids.support import LOT, told

pytestmark = pytest.mark.django_db


def test_a_bid_gets_a_signed_receipt_whose_proof_holds(lot):
    version, manifest, data = lot.bid("bidder1")
    text, p7s = receipts.of(version)
    receipt = receipt_formats.read_receipt(text.encode())
    receipt_formats.check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
    believed.trust(clock.now()).verify(
        p7s, text.encode(), lot.in_force.operator.uscc, receipt.received_at
    )
    log = receipt.log
    assert formats.entry_leaf(log.salt, log.entry.encode()) == log.leaf
    assert merkle.verify_inclusion(log.leaf, log.index, log.size, list(log.proof), log.root)
    assert receipt.manifest_sha256 == manifest.sha256
    assert receipt.size == len(data)
    assert receipt.provisional == ("timestamp",)
    bid = Bid.objects.get()
    assert (bid.state, bid.bid_version, bid.price_fen) == ("received", 1, None)
    assert PendingUpload.objects.get().status == "settled"


def test_the_same_file_again_gives_the_same_receipt_and_changes_nothing(lot):
    version, _manifest, data = lot.bid("bidder1")
    first = receipts.of(version)
    before = Bid.objects.get().version
    again, new = lot.submit("bidder1", data)
    assert not new
    assert receipts.of(again) == first
    assert Bid.objects.get().version == before
    assert BidVersion.objects.count() == 1


def test_a_replacement_names_what_it_replaces(lot):
    _version, manifest, _data = lot.bid("bidder1")
    wrong, _ = lot.seal("bidder1", price=1)  # a first version once more
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", wrong)
    assert told(refused) == ["sealing.manifest.version"]
    version, _manifest, _data = lot.bid("bidder1", before=manifest, price=2)
    assert version.number == 2
    assert Bid.objects.get().bid_version == 2


def test_a_withdrawn_bid_may_be_submitted_again_as_the_next_version(lot):
    from procurement.bids import bidding

    version, manifest, _data = lot.bid("bidder1")
    bidder = lot.people["bidder1"]
    statement = receipt_formats.Withdrawal(LOT, bidder.uscc, manifest.sha256, "报价有误").encode()
    text = statement.decode()
    first = bidding.withdraw(
        LOT, actor=bidder, statement=text, p7s=lot.p7s("bidder1", text), key="w"
    )
    again = bidding.withdraw(
        LOT, actor=bidder, statement=text, p7s=lot.p7s("bidder1", text), key="w2"
    )
    assert first == again
    gone = receipt_formats.read_withdrawn(first[0].encode())
    receipt_formats.check_entry(gone)
    bid = Bid.objects.get()
    assert bid.state == "withdrawn"
    # What its security is released, and held again, by.
    assert securities.bid_now(bid.pk) == securities.BidNow(LOT, bidder.uscc, withdrawn=True)
    version, _m, _d = lot.bid("bidder1", before=manifest)
    assert (version.number, Bid.objects.get().state) == (2, "received")
    assert securities.bid_now(bid.pk) == securities.BidNow(LOT, bidder.uscc, withdrawn=False)
    names = ("procurement.bid.withdrawn", "procurement.bid.resubmitted")
    assert [Event.objects.filter(name=name).count() for name in names] == [1, 1]


def test_a_withdrawal_of_another_hand_or_of_another_version_is_refused(lot):
    from kernel.errors import Refused
    from procurement.bids import bidding

    _version, manifest, _data = lot.bid("bidder1")
    bidder = lot.people["bidder1"]
    text = receipt_formats.Withdrawal(LOT, bidder.uscc, manifest.sha256, "").encode().decode()
    with pytest.raises(Refused) as refused:
        bidding.withdraw(LOT, actor=bidder, statement=text, p7s=lot.p7s("bidder2", text), key="a")
    assert told(refused) == ["sealing.signature.other"]
    text = receipt_formats.Withdrawal(LOT, bidder.uscc, "0" * 64, "").encode().decode()
    with pytest.raises(Refused) as refused:
        bidding.withdraw(LOT, actor=bidder, statement=text, p7s=lot.p7s("bidder1", text), key="b")
    assert told(refused) == ["procurement.bid.statement_other"]
    assert Bid.objects.get().state == "received"


def test_a_bidder_of_the_lot_is_who_has_a_bid_that_was_not_withdrawn(lot):
    """Who may object to candidates without more ado."""
    from procurement.bids import bidding
    from procurement.bids.neighbours import has_bid

    bidder, other = lot.people["bidder1"], lot.people["bidder2"]
    assert not has_bid(LOT, bidder.uscc)
    _version, manifest, _data = lot.bid("bidder1")
    assert has_bid(LOT, bidder.uscc)
    assert not has_bid(LOT, other.uscc) and not has_bid("9999999999999999-01", bidder.uscc)
    text = receipt_formats.Withdrawal(LOT, bidder.uscc, manifest.sha256, "").encode().decode()
    bidding.withdraw(LOT, actor=bidder, statement=text, p7s=lot.p7s("bidder1", text), key="w")
    assert not has_bid(LOT, bidder.uscc)


@pytest.mark.parametrize(("after", "accepted"), [(0, True), (1, False)])
def test_one_millisecond_decides(lot, monkeypatch, after, accepted):
    _version, manifest, _data = lot.bid("bidder1")
    data, _ = lot.seal("bidder1", before=manifest, price=5)
    moment = lot.lot.deadline + timedelta(milliseconds=after)
    row = receiving.begin(LOT, lot.people["bidder1"])
    whole = receiving.stream(row, io.BytesIO(data).read, len(data), last_byte=moment)
    if accepted:
        version, new = receiving.settle(whole, lot.people["bidder1"])
        assert (version.number, new, version.received_at) == (2, True, moment)
        return
    with pytest.raises(receipts.BidRefused) as refused:
        receiving.settle(whole, lot.people["bidder1"])
    assert "sealing.bid.deadline" in told(refused)
    signed = refusals.read_refusal(refused.value.text.encode())
    believed.trust(moment).verify(
        refused.value.p7s, refused.value.text.encode(), lot.in_force.operator.uscc, clock.now()
    )
    assert signed.received_at == moment
    assert signed.log is not None
    assert Bid.objects.get().bid_version == 1
    assert RefusedAct.objects.filter(transition="replace").exists()
    assert not vault.exists(row.id.hex)


def test_late_means_late_also_where_the_policy_was_extended_less_than_asked(lot):
    data, _ = lot.seal("bidder1")
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert "sealing.bid.deadline" in told(refused)
    assert not Bid.objects.exists()


def test_a_bid_sealed_by_another_certificate_is_refused(lot):
    data, _ = lot.seal("bidder1", signer="bidder2")
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert told(refused) == ["sealing.signature.other"]


def test_a_bid_of_another_bidder_is_refused(lot):
    data, _ = lot.seal("bidder2")
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert "sealing.bid.bidder" in told(refused)


def test_a_bid_for_another_lot_is_refused(lot):
    from dataclasses import replace

    data, _ = lot.seal("bidder1", policy=replace(lot.in_force, lot="ANOTHER-01"))
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert {"sealing.manifest.lot", "sealing.manifest.policy"} <= set(told(refused))


def test_a_bid_under_an_old_policy_is_refused_and_an_earlier_one_stands(lot):
    from kernel.workflow.firing import fire
    from procurement.bids import policies
    from procurement.bids.machines import POLICY
    from procurement.bids.models import OpeningPolicy

    old = lot.in_force
    lot.bid("bidder2")
    lot.lot.deadline += timedelta(days=5)
    case = OpeningPolicy.objects.get()
    fire(
        POLICY.code, case.pk, "extend", actor=lot.people["agency"], payload={}, key="x",
        seen_version=case.version,
    )  # fmt: skip
    assert lot.in_force == old  # the new version is in force when all have signed it
    for name in ("owner", "trustee1", "trustee2", "trustee3"):
        lot.sign_policy(name)
    assert (lot.in_force.version, lot.in_force.supersedes) == (2, old.sha256)
    data, _ = lot.seal("bidder1", policy=old)
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert told(refused) == ["sealing.manifest.policy"]
    assert Bid.objects.get().state == "received"
    assert policies.count(case.pk) == {"signed": 4, "needed": 4}


def test_a_broken_file_is_refused(lot):
    data, _ = lot.seal("bidder1")
    for broken in (data[:-1], data[:200] + b"?" + data[201:], b"", b"PK nothing"):
        with pytest.raises(receipts.BidRefused) as refused:
            lot.submit("bidder1", broken)
        assert all(code.startswith("sealing.") for code in told(refused))
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    with pytest.raises(receipts.BidRefused):
        lot.submit("bidder1", bytes(flipped))
    assert not Bid.objects.exists()


def test_an_upload_that_breaks_off_is_nothing(lot):
    data, _ = lot.seal("bidder1")

    parts = iter([data[:100]])

    def breaking(_size: int) -> bytes:
        part = next(parts, None)
        if part is None:
            raise OSError("reset")
        return part

    with pytest.raises(receipts.BidRefused) as refused:
        receiving.upload(LOT, actor=lot.people["bidder1"], read=breaking, length=len(data))
    assert told(refused) == ["procurement.bid.incomplete"]
    with pytest.raises(receipts.BidRefused) as refused:
        receiving.upload(
            LOT, actor=lot.people["bidder1"], read=io.BytesIO(data[:-9]).read, length=len(data)
        )
    assert told(refused) == ["procurement.bid.incomplete"]
    assert set(PendingUpload.objects.values_list("status", flat=True)) == {"void"}


def test_a_file_beyond_the_policys_limit_is_refused(lot):
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", bytes(4 * 1024 * 1024 + 1))
    assert told(refused) == ["procurement.bid.too_large"]


def test_a_paused_lot_takes_no_bids(lot):
    lot.lot.state = "paused"
    data, _ = lot.seal("bidder1")
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert told(refused) == ["procurement.bid.lot_not_open"]


def test_an_enterprise_that_is_barred_is_refused_with_every_reason(lot, monkeypatch):
    from kernel.errors import Refusal
    from procurement.bids import needs

    reasons = [Refusal("credit.enterprise.barred"), Refusal("credit.enterprise.no_licence")]
    monkeypatch.setattr(needs, "_barred", lambda uscc, number, at: reasons)
    data, _ = lot.seal("bidder1")
    with pytest.raises(receipts.BidRefused) as refused:
        lot.submit("bidder1", data)
    assert told(refused) == ["credit.enterprise.barred", "credit.enterprise.no_licence"]


def test_nobody_fires_a_receipt_without_a_checked_upload(lot):
    from kernel.errors import Refused
    from kernel.workflow.firing import fire

    payload = {"upload": "0" * 32, "lot_number": LOT, "manifest_sha256": "0" * 64}
    with pytest.raises(Refused) as refused:
        fire(
            "procurement.bid",
            None,
            "receive",
            actor=lot.people["bidder1"],
            payload=payload,
            key="k",
        )
    assert told(refused) == ["procurement.bid.upload_unknown"]


def test_a_server_killed_between_storage_and_transaction_leaves_what_can_be_finished(lot):
    """The last byte was in time and written down: whoever comes next finishes it, once."""
    data, _ = lot.seal("bidder1")
    row = receiving.begin(LOT, lot.people["bidder1"])
    receiving.stream(row, io.BytesIO(data).read, len(data))
    assert not Bid.objects.exists()
    left = PendingUpload.objects.get()
    version = receiving.resume(left)
    assert version is not None
    assert receiving.resume(PendingUpload.objects.get()) == version
    assert BidVersion.objects.count() == 1


def test_a_server_killed_before_the_signature_gives_the_receipt_when_asked_again(lot):
    version, _m, data = lot.bid("bidder1")
    assert BidVersion.objects.get().receipt == ""  # not asked for yet
    again, new = lot.submit("bidder1", data)
    assert not new
    assert receipts.of(again)[0]
    assert BidVersion.objects.get().receipt == again.receipt
    assert version.pk == again.pk
