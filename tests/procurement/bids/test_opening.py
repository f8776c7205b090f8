"""Closing and opening: in their order, with k of n, whoever lies or stays away."""

from __future__ import annotations

import io
import itertools
import time
from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.events.procurement_tendering import LotAwarded
from kernel.events.registry import Envelope
from kernel.sealing.bids import closing as closing_formats
from kernel.sealing.bids import draw as draws
from kernel.sealing.bids import releasing
from kernel.sealing.bids.opening import read_record
from kernel.workflow.following import follow
from procurement.bids import (
    acting,
    answers,
    brought,
    closing,
    decrypting,
    opening,
    receiving,
    selectors,
    subscribers,
    vault,
)
from procurement.bids.bid_machine import BID
from procurement.bids.machines import OPENING
from procurement.bids.models import Bid, BidVersion, Opening, PendingUpload
from procurement.bids.schemas import DrawPayload
from tests.procurement.bids.support import LOT, TRUSTEES, told

pytestmark = pytest.mark.django_db
_keys = itertools.count(10**6)


@pytest.fixture
def lot(world, monkeypatch):
    # The lot's own machine is tested with the journey.
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


@pytest.fixture
def closed(lot):
    """Three bids, one of them replaced; the deadline is over and the list made."""
    manifests = {}
    for index, name in enumerate(("bidder1", "bidder2", "bidder3"), start=1):
        _v, manifests[name], _d = lot.bid(name, price=index * 1_000_00)
    lot.bid("bidder2", before=manifests["bidder2"], price=2_222_00)
    close(lot)
    return lot


def close(lot) -> Opening:
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    return closing.close(LOT)


def finish(lot) -> Opening:
    case = Opening.objects.get()
    decrypting.open_lot(case.pk, clock.now())
    return Opening.objects.get()


def prices() -> dict[str, int | None]:
    return dict(Bid.objects.order_by("bidder_uscc").values_list("bidder_name", "price_fen"))


def test_a_lot_opens_by_two_of_three_in_the_order_of_the_protocol(closed):
    lot = closed
    case = Opening.objects.get()
    listed = closing_formats.read_list(case.list_text.encode())
    assert [bid.version for bid in listed.bids] == [1, 1, 2]  # in the order of their receipts
    assert Bid.objects.filter(state="awaiting_decryption").count() == 3
    # The superseded version's file and shares are gone, its manifest and receipt are not.
    old = BidVersion.objects.get(bid__bidder_name=lot.people["bidder2"].organisation_name, number=1)
    assert (old.vault, old.shares) == ("", {})
    assert old.manifest
    with pytest.raises(Refused) as refused:
        lot.reveal("trustee2")  # nothing is told under a list that too few have signed
    assert told(refused) == ["procurement.opening.list_unsigned"]
    lot.countersign("trustee2", "trustee3")
    lot.reveal("owner", "trustee1", "trustee2", "trustee3")
    case.refresh_from_db()
    assert case.state == "drawn"
    drawn = draws.read_draw(case.draw_text.encode(), lot.in_force, case.list_sha256)
    assert drawn.withheld == ()
    with pytest.raises(Refused) as refused:
        lot.release("trustee2")
    assert told(refused) == ["workflow.act.not_in_state"]
    lot.mark("trustee2", "trustee3")
    lot.release("trustee2")
    assert Opening.objects.get().state == "checked"
    lot.release("trustee3")
    assert Opening.objects.get().state == "released"
    case = finish(lot)
    assert case.state == "opened"
    record = read_record(case.record_text.encode())
    assert [bid.sheet.price_fen for bid in record.bids] == [1_000_00, 3_000_00, 2_222_00]
    # Only the opening sheet's key is public.
    assert [bool(e.identity) for e in record.bids[0].envelopes] == [True, False, False, False]
    assert sorted(filter(None, prices().values())) == [1_000_00, 2_222_00, 3_000_00]
    opened = selectors.opened_bids(LOT)
    assert [bid.price_fen for bid in opened] == [1_000_00, 3_000_00, 2_222_00]
    assert [file.name for file in opened[0].files["price"]] == ["说明.txt"]
    assert set(selectors.drawn(LOT)) == {"discount"}
    assert selectors.drawn(LOT)["discount"] in ("0.5", "1.0", "1.5")
    decrypting.open_lot(case.pk, clock.now())  # once more changes nothing
    assert Opening.objects.get().version == case.version


def test_who_is_passed_over_has_won_no_more_and_the_next_one_has(closed):
    """A committee judges again, an owner goes on to the next candidate: bids say how they stand."""
    ready(closed, "trustee2", "trustee3")
    closed.mark("trustee2", "trustee3")
    closed.release("trustee2", "trustee3")
    finish(closed)
    first, second, third = Bid.objects.order_by("price_fen").values_list("pk", flat=True)

    def judged(pk: int, *acts: tuple[str, dict]) -> None:
        for act, payload in acts:
            key = f"event:{next(_keys)}"
            follow(BID.code, pk, act, key=key, at=clock.now(), payload=payload)

    judged(third, ("reject", {"reason": "未响应"}))
    for place, pk in enumerate((first, second), start=1):
        marks = ("score", {"score": 9000 - place}), ("rank", {"rank": place})
        judged(pk, ("validate", {}), *marks, ("nominate", {}))
    # Judged again, the second is the first, and the rejected one is third.
    judged(first, ("score", {"score": 8000}), ("rank", {"rank": 2}), ("nominate", {}))
    judged(second, ("score", {"score": 9500}), ("rank", {"rank": 1}), ("nominate", {}))
    judged(third, ("validate", {}), ("score", {"score": 7000}), ("rank", {"rank": 3}))
    ranks = dict(Bid.objects.values_list("pk", "rank"))
    assert ranks == {second: 1, first: 2, third: 3}

    def awarded(pk: int) -> dict[int, str]:
        event = LotAwarded(9, LOT, "", "", "", 7, pk, "", "", 0)
        subscribers.decide(Envelope(next(_keys), "procurement.tender:9", clock.now(), event))
        return dict(Bid.objects.values_list("pk", "state"))

    assert awarded(second) == {second: "won", first: "lost", third: "lost"}
    assert awarded(first) == {second: "lost", first: "won", third: "lost"}


def ready(lot, *who: str) -> None:
    lot.countersign(*who)
    lot.reveal("owner", *TRUSTEES)


def test_a_missing_trustee_blocks_nothing_and_its_nonce_is_replaced(closed):
    lot = closed
    lot.countersign("trustee1", "trustee3")
    lot.reveal("owner", "trustee1", "trustee3")
    case = Opening.objects.get()
    assert case.state == "listed"
    lot.at(case.reveal_until_at)
    opening.advance(case.pk, clock.now())
    case = Opening.objects.get()
    assert case.state == "drawn"
    drawn = draws.read_draw(case.draw_text.encode(), lot.in_force, case.list_sha256)
    assert drawn.withheld == (lot.people["trustee2"].uscc,)
    lot.mark("trustee1", "trustee3")
    lot.release("trustee1", "trustee3")
    assert finish(lot).state == "opened"
    assert None not in prices().values()


def test_a_draw_begun_before_the_last_nonce_came_is_not_finished_without_it(closed, monkeypatch):
    lot = closed
    lot.countersign("trustee1", "trustee3")
    lot.reveal("owner", "trustee1", "trustee3")
    case = Opening.objects.get()
    early = brought.drawn(case, opening.policy_of(case))  # by a worker that is then slow
    with monkeypatch.context() as slow:
        slow.setattr(opening, "advance", lambda *_: None)
        lot.reveal("trustee2")
    platform = {"key": "draw", "at": clock.now(), "payload": DrawPayload(text=early)}
    assert not acting.follows(OPENING, case.pk, "draw", **platform)
    opening.advance(case.pk, clock.now())
    case.refresh_from_db()
    drawn = draws.read_draw(case.draw_text.encode(), lot.in_force, case.list_sha256)
    assert (case.state, drawn.withheld) == ("drawn", ())


def test_a_lying_share_is_left_out_and_a_third_trustee_opens(closed):
    lot = closed
    ready(lot, "trustee1", "trustee2")
    lot.mark(*TRUSTEES)
    lot.release("trustee1", lie=True)
    lot.release("trustee2")
    assert Opening.objects.get().state == "checked"  # two have come, one good share is missing
    lot.release("trustee3")
    assert finish(lot).state == "opened"
    assert None not in prices().values()


def test_a_bid_that_too_few_could_open_is_deemed_revoked_once_all_have_marked(closed):
    lot = closed
    ready(lot, "trustee1", "trustee2")
    version = BidVersion.objects.get(bid__bidder_name=lot.people["bidder1"].organisation_name)

    def bad(mark):
        return mark.manifest_sha256 == version.manifest_sha256 and mark.envelope == "price"

    lot.mark(*TRUSTEES, bad=bad)
    # What a trustee marked bad it does not send.
    honest = lot.opened_shares

    def fewer(name):
        listed, manifests, found = honest(name)
        return listed, manifests, [(m, None if bad(m) else share) for m, share in found]

    lot.opened_shares = fewer
    with pytest.raises(Refused) as refused:
        lot.release("trustee1")  # its bidder may still deal the key anew
    assert told(refused) == ["procurement.opening.cure_awaited"]
    lot.at(Opening.objects.get().cure_until_at)
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    assert Bid.objects.get(pk=version.bid_id).failure == "sealing.share.too_few"
    assert Bid.objects.filter(state="opened").count() == 2


def test_marks_must_cover_the_list_and_shares_must_be_on_it(closed):
    lot = closed
    ready(lot, "trustee1", "trustee2")
    listed, _manifests, _found = lot.opened_shares("trustee1")
    uscc = lot.people["trustee1"].uscc
    text = releasing.Marks(LOT, listed.sha256, uscc, ()).encode().decode()
    with pytest.raises(Refused) as refused:
        lot.say("mark", "trustee1", marks=text, p7s=lot.p7s("trustee1", text))
    assert told(refused) == ["procurement.opening.marks_incomplete"]
    lot.mark(*TRUSTEES)
    share = releasing.ReleasedShare("0" * 64, "price", bytes(98))
    text = releasing.Release(LOT, listed.sha256, uscc, (share,)).encode()
    with pytest.raises(Refused):
        lot.say(
            "release", "trustee1", release=text.decode(), p7s=lot.p7s("trustee1", text.decode())
        )


def test_nobody_signs_twice_and_nobody_for_another(closed):
    lot = closed
    lot.countersign("trustee1")
    with pytest.raises(Refused) as refused:
        opening.act(
            LOT, "countersign", actor=lot.people["trustee1"], key="again", at=clock.now(),
            payload={"p7s": lot.p7s("trustee1", opening.of_lot(LOT).list_text)},
        )  # fmt: skip
    assert told(refused) == ["procurement.opening.done_before"]
    with pytest.raises(Refused) as refused:
        lot.say("countersign", "trustee2", p7s=lot.p7s("trustee3", opening.of_lot(LOT).list_text))
    assert told(refused) == ["sealing.signature.other"]


def test_fewer_than_three_bids_are_never_opened_and_their_files_are_deleted(lot):
    for name in ("bidder1", "bidder2"):
        lot.bid(name)
    names = list(BidVersion.objects.values_list("vault", flat=True))
    case = close(lot)
    case.refresh_from_db()
    assert case.state == "stopped"
    assert set(Bid.objects.values_list("state", flat=True)) == {"deemed_withdrawn"}
    assert not any(map(vault.exists, names))
    assert answers.closed(LOT, lot.people["trustee1"])["sealed_shares"] == {}


def test_closing_twice_makes_one_list(closed):
    first = Opening.objects.get()
    assert closing.close(LOT).pk == first.pk
    assert Opening.objects.count() == 1


def test_the_closing_finishes_what_a_dead_server_left_in_time(lot):
    for name in ("bidder1", "bidder2"):
        lot.bid(name)
    data, _manifest = lot.seal("bidder3")
    row = receiving.begin(LOT, lot.people["bidder3"])
    receiving.stream(row, io.BytesIO(data).read, len(data), last_byte=lot.lot.deadline)
    late, _m = lot.seal("bidder4")
    other = receiving.begin(LOT, lot.people["bidder4"])
    receiving.stream(
        other, io.BytesIO(late).read, len(late),
        last_byte=lot.lot.deadline + timedelta(milliseconds=1),
    )  # fmt: skip
    case = close(lot)
    listed = closing_formats.read_list(case.list_text.encode())
    assert {bid.bidder for bid in listed.bids} == {
        lot.people[name].uscc for name in ("bidder1", "bidder2", "bidder3")
    }


def test_the_closing_waits_for_an_upload_that_came_and_is_not_noted_yet(lot, monkeypatch):
    """Its last byte was in time; a slow machine has only not written that down."""
    row = receiving.begin(LOT, lot.people["bidder1"])
    monkeypatch.setattr(vault, "came", lambda name: name == row.id.hex)
    monkeypatch.setattr(closing, "PATIENCE", 1.0)
    began = time.monotonic()
    closing.await_uploads(LOT, lot.in_force.deadline)
    assert time.monotonic() - began > 1.0
    row.refresh_from_db()
    assert row.status == "void"  # nobody came back for it


def test_an_upload_still_open_is_given_up_after_a_while_and_then_refused(lot):
    for name in ("bidder1", "bidder2", "bidder3"):
        lot.bid(name)
    row = receiving.begin(LOT, lot.people["bidder4"])
    data, _m = lot.seal("bidder4")
    began = time.monotonic()
    close(lot)
    assert time.monotonic() - began < 10
    assert PendingUpload.objects.get(pk=row.pk).status == "void"
    with pytest.raises(Refused) as refused:
        receiving.stream(row, io.BytesIO(data).read, len(data), last_byte=lot.lot.deadline)
    assert told(refused) == ["procurement.bid.list_made"]
    assert not Bid.objects.filter(bidder_uscc=lot.people["bidder4"].uscc).exists()


def test_nothing_is_withdrawn_or_received_once_the_list_is_made(closed):
    lot = closed
    data, _manifest = lot.seal("bidder4")
    row = receiving.begin(LOT, lot.people["bidder4"])
    whole = receiving.stream(row, io.BytesIO(data).read, len(data), last_byte=lot.lot.deadline)
    with pytest.raises(Refused) as refused:
        receiving.settle(whole, lot.people["bidder4"])
    assert "procurement.bid.list_made" in told(refused)
