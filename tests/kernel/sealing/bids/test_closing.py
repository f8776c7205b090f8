"""Close, draw, check, release, open: in this order, and whatever is altered shows."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import hpke
from kernel.sealing.bids import closing, container, draw, opening, receipts, releasing, unsealing
from kernel.sealing.bids.bundles import Bundle, enough
from kernel.sealing.bids.fields import instant_text
from tests.kernel.sealing.bids.support import (
    BIDDERS,
    CHAMBER,
    DEADLINE,
    ENTITY,
    NOTARY,
    NOW,
    Stage,
    altered,
    codes,
)

AFTER = DEADLINE + timedelta(minutes=1)
SESSION = hpke.new_key()
SHARED = Stage()


def receipt_for(made, index=7, at=NOW):
    log = receipts.LogProof(
        log="ab" * 32, index=index, size=index + 1, root=bytes(32), leaf=bytes(32), salt=bytes(32),
        entry=json.dumps({
            "at": instant_text(at), "body": {"manifest_sha256": made.sha256}, "index": index,
            "kind": receipts.RECEIPT_ENTRY,
        }, separators=(",", ":")),
        proof=(bytes(32),),
    )  # fmt: skip
    return receipts.Receipt(
        lot=made.lot, policy_sha256=made.policy_sha256, bidder=made.bidder, version=made.version,
        manifest_sha256=made.sha256, signature_sha256="cd" * 32, size=27_000, received_at=at,
        certificate_sha256="ef" * 32, certificate_serial="1f", timestamp=b"",
        provisional=("timestamp",), log=log,
    )  # fmt: skip


@pytest.fixture
def made(sealed):
    return sealed[1].manifest


@pytest.fixture
def listed(stage, made):
    bid = closing.LiveBid(made.bidder, made.version, made.sha256, NOW, 7)
    return closing.ClosingList(
        lot=stage.policy.lot, policy_sha256=stage.policy.sha256, policy_version=1, stage="opening",
        closed_at=DEADLINE, tree_size=9, tree_root="ab" * 32,
        session_key=hpke.public_bytes(SESSION.public_key()), bids=(bid,),
    )  # fmt: skip


def reasons(faults):
    return [(f.code.rsplit(".", 1)[1], f.facts.get("part", "")) for f in faults]


def test_list_marks_and_release_read_as_they_were_written(listed, made):
    assert closing.read_list(listed.encode()) == listed
    marks = releasing.Marks(listed.lot, listed.sha256, NOTARY, (
        releasing.Mark(made.sha256, "price", True),
        releasing.Mark(made.sha256, "technical", False, "sealing.share.opened"),
    ))  # fmt: skip
    assert releasing.read_marks(marks.encode()) == marks
    release = releasing.Release(listed.lot, listed.sha256, NOTARY, (
        releasing.ReleasedShare(made.sha256, "price", bytes(114)),
    ))  # fmt: skip
    assert releasing.read_release(release.encode()) == release
    twice = replace(release, shares=release.shares * 2)
    assert codes(releasing.read_release, twice.encode()) == ["sealing.closing.twice"]
    twice = replace(marks, marks=marks.marks[:1] * 2)
    assert codes(releasing.read_marks, twice.encode()) == ["sealing.closing.twice"]
    mute = replace(marks, marks=(replace(marks.marks[1], reason=""),))
    assert codes(releasing.read_marks, mute.encode()) == ["sealing.format.field"]


def test_no_bidder_stands_twice_and_order_is_that_of_receipts(listed):
    bid = listed.bids[0]
    other = replace(bid, bidder=BIDDERS[1], manifest_sha256="cd" * 32, log_index=3)
    for rows, code in (
        ((bid, replace(other, bidder=bid.bidder)), "twice"),
        ((bid, replace(other, manifest_sha256=bid.manifest_sha256)), "twice"),
        ((bid, other), "order"),
    ):
        found = codes(closing.read_list, replace(listed, bids=rows).encode())
        assert found == [f"sealing.closing.{code}"]


def test_a_trustee_signs_no_list_before_the_deadline_or_of_another_policy(stage, listed):
    def faults(now=AFTER, policy=stage.policy, **changes):
        return [r for r, _ in reasons(closing.list_faults(
            replace(listed, **changes), policy, now))]  # fmt: skip

    assert faults() == []
    early = DEADLINE - timedelta(microseconds=1)
    assert faults(closed_at=early) == ["too_early"]
    assert faults(now=early) == ["too_early", "clock"]
    assert faults(stage="price") == ["stage"]
    # An old deadline used after an extension: the trustee signed the newer version.
    assert faults(policy=stage.extended()) == ["policy", "too_early"]


def test_a_bid_on_the_list_is_what_manifest_and_receipt_say(stage, listed, made):
    bid, receipt = listed.bids[0], receipt_for(made)
    versions = {stage.policy.sha256: stage.policy}

    def faults(bid=bid, made=made, receipt=receipt, versions=versions):
        return reasons(closing.bid_faults(listed, bid, made, receipt, versions))

    assert faults() == []
    assert faults(bid=replace(bid, manifest_sha256="ab" * 32)) == [("bid", "manifest")]
    assert faults(bid=replace(bid, bidder=BIDDERS[1])) == [("bid", "bidder")]
    assert faults(bid=replace(bid, version=2)) == [("bid", "version")]
    assert faults(bid=replace(bid, log_index=8)) == [("bid", "log_index")]
    late = stage.policy.deadline + timedelta(microseconds=1)
    told = replace(receipt, received_at=late)
    assert faults(bid=replace(bid, received_at=late), receipt=told) == [("late", "")]
    assert faults(receipt=replace(receipt, lot="x")) == [("bid", "lot")]
    assert faults(receipt=replace(receipt, policy_sha256="ab" * 32)) == [("bid", "policy")]
    moved = replace(bid, received_at=NOW - timedelta(hours=1))
    assert faults(bid=moved) == [("bid", "received_at")]
    late = DEADLINE + timedelta(microseconds=1)
    assert faults(replace(bid, received_at=late), receipt=receipt_for(made, at=late)) == [
        ("late", "")
    ]
    # An earlier bid stands after an extension.
    longer = stage.extended()
    both = {**versions, longer.sha256: longer}
    assert faults(versions=both) == []


def test_k_trustees_must_have_signed_the_list(stage, listed):
    text = listed.encode()
    bundle = Bundle(text, stage.signatures(text, NOTARY, CHAMBER, at=NOW))
    assert enough(bundle, stage.policy, stage.trust, NOW) == {NOTARY, CHAMBER}
    one = Bundle(text, bundle.signatures[:1] * 2)
    assert codes(enough, one, stage.policy, stage.trust, NOW) == ["sealing.signature.too_few"]
    foreign = Bundle(text, stage.signatures(text, NOTARY, BIDDERS[0]))
    assert codes(enough, foreign, stage.policy, stage.trust, NOW) == ["sealing.signature.stranger"]


def nonces(stage, *who):
    return {code: stage.nonces[code] for code in who or stage.trustees}


def test_the_same_nonces_draw_the_same(stage, listed):
    first = draw.draw(stage.policy, listed.sha256, nonces(stage))
    assert draw.draw(stage.policy, listed.sha256, nonces(stage)) == first
    assert draw.read_draw(first.encode(), stage.policy, listed.sha256) == first
    assert first.withheld == ()
    (factor,) = first.factors
    assert stage.policy.draws[0].choices[factor.index] == factor.choice


def test_who_withholds_is_named_and_replaced(stage, listed):
    short = draw.draw(stage.policy, listed.sha256, nonces(stage, ENTITY, NOTARY))
    assert short.withheld == (CHAMBER,)
    again = draw.draw(stage.policy, listed.sha256, nonces(stage, NOTARY, ENTITY))
    assert again == short
    assert draw.read_draw(short.encode(), stage.policy, listed.sha256) == short


def test_no_other_nonce_than_committed_to_is_drawn(stage, listed):
    for sham in ({NOTARY: bytes(32)}, {NOTARY: stage.nonces[ENTITY]}, {BIDDERS[0]: bytes(32)}):
        assert codes(draw.draw, stage.policy, listed.sha256, sham) == ["sealing.draw.nonce"]


def test_a_draw_that_does_not_compute_again_is_refused(stage, listed):
    data = draw.draw(stage.policy, listed.sha256, nonces(stage)).encode()
    rows = json.loads(data)["factors"]
    index = (rows[0]["index"] + 1) % 6
    rows[0] |= {"index": index, "choice": stage.policy.draws[0].choices[index]}
    sham = altered(data, factors=rows)
    assert codes(draw.read_draw, sham, stage.policy, listed.sha256) == ["sealing.draw.other"]
    assert codes(draw.read_draw, data, stage.policy, "ab" * 32) == ["sealing.draw.other"]


def test_a_nonce_hidden_from_the_draw_shows(stage):
    """Where the fallback would have drawn something else, the record does not compute again."""
    for i in range(100):
        list_sha256 = f"{i:064x}"
        data = draw.draw(stage.policy, list_sha256, nonces(stage)).encode()
        bare = draw.draw(stage.policy, list_sha256, {})
        if bare.factors != draw.read_draw(data, stage.policy, list_sha256).factors:
            break
    hidden = altered(data, nonces=[{**row, "nonce": ""} for row in json.loads(data)["nonces"]])
    assert codes(draw.read_draw, hidden, stage.policy, list_sha256) == ["sealing.draw.other"]


def test_a_draw_known_in_advance(stage):
    """Known answer: the arithmetic may never change, or old records would not compute again."""
    import hashlib

    list_sha256 = "00" * 32
    found = draw.draw(SHARED.policy, list_sha256, SHARED.nonces).factors[0]
    parties = ",".join(f'["{c}","{SHARED.nonces[c].hex()}"]' for c in SHARED.trustees)
    text = (
        '["zhuxin-draw/1","' + list_sha256 + '","discount",'
        '["0.25","0.5","0.75","1.0","1.25","1.5"],[' + parties + "]]"
    )
    assert found.index == int(hashlib.sha256(text.encode()).hexdigest(), 16) % 6


@given(st.binary(min_size=32, max_size=32))
def test_each_list_draws_anew_and_within_the_choices(digest):
    found = draw.draw(SHARED.policy, digest.hex(), SHARED.nonces).factors[0]
    assert 0 <= found.index < 6


def test_every_choice_comes_about_as_often():
    counts = [0] * 6
    for i in range(1200):
        counts[draw.draw(SHARED.policy, f"{i:064x}", SHARED.nonces).factors[0].index] += 1
    # Six sigma around 200: fails once in a billion if the draw is fair, and it never varies
    # between runs of one process only in its nonces.
    assert all(120 < count < 280 for count in counts)


def shares_of(stage, sealed, listed, who):
    received = container.read_bid(io.BytesIO(sealed[0].read_bytes()), 10**8)
    index = stage.policy.index_of(who)
    found = {}
    for name in stage.policy.envelopes:
        mark, share = releasing.try_share(
            received.manifest, name, index, received.shares[name][index], stage.keys[who]
        )
        assert mark.good
        found[name] = releasing.reseal(listed, received.manifest, name, who, share)
    return received, found


def test_two_trustees_release_and_every_envelope_opens(stage, sealed, listed, tmp_path):
    released = {}
    for who in (CHAMBER, ENTITY):
        received, found = shares_of(stage, sealed, listed, who)
        index = stage.policy.index_of(who)
        for name, row in found.items():
            share = releasing.open_released(listed, received.manifest, who, index, row, SESSION)
            released.setdefault(name, {})[index] = share
    with sealed[0].open("rb") as file:
        for name, mine in released.items():
            window = container.Window(file, *container.locate(received, name))
            identity, inner = unsealing.open_with_shares(
                received.manifest, stage.policy, name, mine, window, tmp_path / name
            )
            assert identity == sealed[1].identities[name]
            assert inner.envelope == name
    assert opening.sheet_of(received.manifest, tmp_path / "opening_sheet").period_days == 300


def test_a_release_opens_for_this_session_list_and_trustee_only(stage, sealed, listed):
    received, found = shares_of(stage, sealed, listed, NOTARY)
    row, made = found["price"], received.manifest
    other = replace(listed, closed_at=AFTER)
    for arguments in (
        (listed, made, NOTARY, 1, row, hpke.new_key()),
        (other, made, NOTARY, 1, row, SESSION),
        (listed, made, CHAMBER, 2, row, SESSION),
        (listed, made, NOTARY, 1, replace(row, envelope="technical"), SESSION),
    ):
        assert codes(releasing.open_released, *arguments) == ["sealing.hpke.cannot_open"]
    lie = releasing.reseal(listed, made, "price", NOTARY, bytes(33))
    found = codes(releasing.open_released, listed, made, NOTARY, 1, lie, SESSION)
    assert found == ["sealing.share.opened"]


def test_a_bad_share_is_marked_with_its_reason(stage, sealed, listed):
    received = container.read_bid(io.BytesIO(sealed[0].read_bytes()), 10**8)
    made = received.manifest
    mark, share = releasing.try_share(made, "price", 1, bytes(114), stage.keys[NOTARY])
    assert (mark.good, mark.reason, share) == (False, "sealing.share.sealed", None)
    good = releasing.Mark(made.sha256, "price", True)
    every = [
        releasing.Marks(made.lot, listed.sha256, NOTARY, (mark,)),
        releasing.Marks(made.lot, listed.sha256, ENTITY, (good,)),
        releasing.Marks(made.lot, listed.sha256, ENTITY, (good,)),
    ]
    assert releasing.good_marks(every, made.sha256, "price") == 1


def test_an_envelope_moved_or_changed_does_not_open(stage, sealed, tmp_path):
    received = container.read_bid(io.BytesIO(sealed[0].read_bytes()), 10**8)
    made = received.manifest

    def attempt(name, identity, data):
        return codes(
            unsealing.open_envelope, made, name, identity, io.BytesIO(data), tmp_path / "out"
        )

    start, size = container.locate(received, "price")
    data = sealed[0].read_bytes()[start : start + size]
    own = sealed[1].identities["price"]
    assert attempt("price", bytes(32), data) == ["sealing.share.commitment"]
    assert attempt("price", own, data[:-1]) == ["sealing.container.hash"]
    start, size = container.locate(received, "technical")
    other = sealed[0].read_bytes()[start : start + size]
    assert attempt("price", own, other) == ["sealing.container.hash"]
    assert not (tmp_path / "out.partial").exists()


def test_the_record_reads_as_it_was_written(listed, made, stage, tmp_path):
    folder = stage.folders(tmp_path, BIDDERS[0])["opening_sheet"]
    sheet = opening.sheet_of(made, folder)
    record = opening.OpeningRecord(
        lot=listed.lot, stage="opening", list_sha256=listed.sha256,
        draw_sha256=opening.draw_hash(b"draw"), opened_at=AFTER,
        bids=(
            opening.OpenedBid(made.bidder, 1, made.sha256, (
                opening.OpenedEnvelope("opening_sheet", "opened", identity="ab" * 32),
                opening.OpenedEnvelope("price", "opened"),
            ), sheet),
            opening.OpenedBid(BIDDERS[1], 2, "cd" * 32, (
                opening.OpenedEnvelope("opening_sheet", "failed", "sealing.share.too_few"),
            ), None),
        ),
    )  # fmt: skip
    assert opening.read_record(record.encode()) == record


def test_a_sheet_of_another_lot_or_none_is_refused(made, stage, tmp_path):
    assert codes(opening.sheet_of, made, tmp_path) == ["sealing.sheet.missing"]
    folder = stage.folders(tmp_path, BIDDERS[1])["opening_sheet"]
    assert codes(opening.sheet_of, made, folder) == ["sealing.sheet.other"]
    for changes in ({"price_fen": 0}, {"price_fen": "1"}, {"price_fen": 1.5}, {"discount": "1"}):
        data = altered((folder / opening.SHEET_FILE).read_bytes(), **changes)
        with pytest.raises(Refused):
            opening.read_sheet(data)
