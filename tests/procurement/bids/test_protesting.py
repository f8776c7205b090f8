"""Whoever holds a receipt and is missing on the list stops every release until it is corrected."""

from __future__ import annotations

import base64

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids.draw import read_draw
from procurement.bids import closing, opening, receipts, rescues
from procurement.bids.models import Bid, BidVersion
from tests.procurement.bids.steps import (
    again,
    close,
    drop,
    give,
    now,
    protest,
    protest_dead,
    ready,
    relist,
    settle,
    version_of,
    withdraw,
)
from tests.procurement.bids.support import LOT, told
from tests.procurement.bids.test_dossier_honest import verdict

__all__ = ["verdict"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    world.files = {}
    for name in ("bidder1", "bidder2", "bidder3", "bidder4"):
        _version, manifest, world.files[name] = world.bid(name)
        receipts.of(version_of(world, name))
        world.manifest = manifest
    return world


def test_a_dropped_bid_comes_back_by_protest_file_and_corrected_list(lot):
    drop(lot, "bidder4")
    first = close(lot)
    assert len(formats.read_list(first.list_text.encode()).bids) == 3
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    drawn, session = now().draw_text, now().session
    protest(lot, "bidder4", version_of(lot, "bidder4"))
    with pytest.raises(Refused) as refused:
        lot.release("trustee1")
    assert told(refused) == ["procurement.opening.protest_open"]
    settle()
    assert now().list_sha256 == first.list_sha256  # its file was deleted: the bidder gives it
    with pytest.raises(Refused) as refused:
        give(lot, "bidder4", lot.files["bidder4"][:-1] + b"x")
    assert told(refused) == ["procurement.bid.not_the_same"]
    give(lot, "bidder4", lot.files["bidder4"])
    case = settle()
    listed = formats.read_list(case.list_text.encode())
    assert (case.state, len(listed.bids), listed.corrects) == ("listed", 4, first.list_sha256)
    session.refresh_from_db()
    assert (bytes(session.private), case.session_id == session.pk) == (b"", False)
    # The draw stays that of the first list, whoever would like another one.
    nonce = {"nonce": lot.nonces["trustee3"].hex()}
    lot.countersign("trustee3")
    with pytest.raises(Refused) as refused:
        opening.act(
            LOT, "reveal", actor=lot.people["trustee3"], payload=nonce, key="k", at=clock.now()
        )
    assert set(told(refused)) & {"procurement.opening.drawn", "workflow.act.not_in_state"}
    assert case.draw_text == drawn
    again(lot, "trustee1", "trustee2")
    case = settle()
    assert case.state == "opened"
    assert read_draw(case.draw_text.encode(), lot.in_force, listed.draw_sha256).withheld == ()
    assert Bid.objects.filter(state="opened").count() == 4


def test_a_later_version_that_was_left_out_takes_the_listed_ones_place(lot, verdict):
    first = version_of(lot, "bidder4")
    second, _manifest, data = lot.bid("bidder4", price=4_321_00, before=lot.manifest)
    receipts.of(second)
    # An operator lists the version that its bidder replaced.
    Bid.objects.filter(pk=first.bid_id).update(
        bid_version=1, manifest_sha256=first.manifest_sha256, received_at=first.received_at
    )
    case = close(lot)
    assert first.manifest_sha256 in case.list_text
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    protest(lot, "bidder4", second)
    with pytest.raises(Refused) as refused:
        lot.release("trustee1")
    assert told(refused) == ["procurement.opening.protest_open"]
    give(lot, "bidder4", data)
    case = settle()
    listed = formats.read_list(case.list_text.encode())
    assert [bid.version for bid in listed.bids if bid.bidder == lot.people["bidder4"].uscc] == [2]
    assert (case.state, len(listed.bids)) == ("listed", 4)
    first.refresh_from_db()
    assert (first.vault, first.shares) == ("", {})  # never opened
    again(lot, "trustee1", "trustee2")
    assert settle().state == "opened"
    bid = Bid.objects.get(pk=first.bid_id)
    assert (bid.state, bid.bid_version, bid.price_fen) == ("opened", 2, 4_321_00)
    assert Bid.objects.filter(state="opened").count() == 4
    code, said = verdict()
    assert code == 0, said


def test_who_is_on_the_list_has_no_protest(lot):
    close(lot)
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder1", version_of(lot, "bidder1"))
    assert told(refused) == ["sealing.protest.listed"]


def test_a_replaced_or_withdrawn_version_is_no_loss(lot):
    old = version_of(lot, "bidder4")
    lot.bid("bidder4", before=lot.manifest)
    third = withdraw(lot, "bidder3")
    close(lot)
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder4", old)
    assert told(refused) == ["sealing.protest.superseded"]
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder3", third)
    assert told(refused) == ["procurement.opening.protest_withdrawn"]


def test_a_receipt_that_the_operator_did_not_sign_founds_nothing(lot):
    drop(lot, "bidder4")
    close(lot)
    version = version_of(lot, "bidder4")
    own = base64.b64decode(lot.p7s("bidder4", receipts.of(version)[0]))
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder4", version, receipt_p7s=own)
    assert told(refused) == ["sealing.signature.other"]
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder3", version)  # another's receipt
    assert "sealing.protest.other" in told(refused)


def test_after_a_release_no_protest_and_no_correction(lot):
    drop(lot, "bidder4")
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1")
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder4", version_of(lot, "bidder4"))
    assert told(refused) == ["procurement.opening.released_already"]


def test_a_bid_whose_rows_are_gone_too_is_told_to_the_supervisor(lot):
    version = version_of(lot, "bidder4")
    drop(lot, "bidder4")
    close(lot)
    text, p7s = receipts.of(version)
    BidVersion.objects.filter(pk=version.pk).update(manifest_sha256="00" * 32)
    version.receipt, version.receipt_p7s = text, p7s
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder4", version)
    assert told(refused) == ["procurement.opening.protest_unknown"]


def test_a_withdrawn_bid_on_the_list_goes_by_its_withdrawals_receipt(lot, verdict):
    gone = withdraw(lot, "bidder4")
    relist(lot, "bidder4")
    first = close(lot)
    assert gone.manifest_sha256 in first.list_text
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    drawn = now().draw_text
    told_ = rescues.of(LOT, gone.bid, clock.now())[0]  # its lot's page says so, and what to run
    assert told_.how == "needed"
    assert told_.command.split(" protest ")[1].startswith(f"{LOT}-1.zxb ")
    others = rescues.of(LOT, version_of(lot, "bidder1").bid, clock.now())
    assert {row.how.value for row in others} == {"open", "needless"}
    protest_dead(lot, "bidder4", gone)
    with pytest.raises(Refused) as refused:
        lot.release("trustee1")
    assert told(refused) == ["procurement.opening.protest_open"]
    case = settle()
    listed = formats.read_list(case.list_text.encode())
    assert (case.state, len(listed.bids), listed.corrects) == ("listed", 3, first.list_sha256)
    assert gone.manifest_sha256 not in case.list_text
    gone.refresh_from_db()
    assert (gone.vault, gone.keeper, gone.shares) == ("", "", {})  # never opened
    assert (gone.bid.state, case.draw_text) == ("withdrawn", drawn)
    again(lot, "trustee1", "trustee2")
    assert settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 3
    code, said = verdict()
    assert code == 0, said
    assert "strikes off 1 withdrawn bids by founded protests, and changes nothing else" in said


def test_with_too_few_left_after_a_withdrawn_one_went_nothing_is_opened(lot):
    for name in ("bidder3", "bidder4"):
        withdraw(lot, name)
    relist(lot, "bidder4")
    case = close(lot)
    ready(lot, "trustee1", "trustee2")
    assert len(formats.read_list(case.list_text.encode()).bids) == 3
    protest_dead(lot, "bidder4", version_of(lot, "bidder4"))
    assert settle().state == "stopped"
    assert set(Bid.objects.values_list("state", flat=True)) == {"deemed_withdrawn", "withdrawn"}
    assert not BidVersion.objects.exclude(vault="").exists()


def test_a_withdrawals_receipt_that_is_not_the_operators_founds_nothing(lot):
    gone = withdraw(lot, "bidder4")
    relist(lot, "bidder4")
    close(lot)
    own = base64.b64decode(lot.p7s("bidder4", receipts.of_withdrawal(gone)[0]))
    with pytest.raises(Refused) as refused:
        protest_dead(lot, "bidder4", gone, withdrawn_p7s=own)
    assert told(refused) == ["sealing.signature.other"]
    with pytest.raises(Refused) as refused:
        protest_dead(lot, "bidder3", gone)  # another's
    assert set(told(refused)) == {"sealing.protest.other"}
    with pytest.raises(Refused) as refused:
        protest_dead(lot, "bidder4", gone, list_sha256="ab" * 32)
    assert told(refused) == ["sealing.protest.other"]
