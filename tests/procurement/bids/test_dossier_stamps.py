"""What outside clocks and revocation lists say stands in the dossier and convicts who lies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents import demo_stamps
from kernel.evidence import formats, stamping
from kernel.sealing import canonical, demo_tsa
from kernel.sealing.certificates import pem
from procurement.bids import closing, dossier, later_lists, policy_stamps, stamps
from procurement.bids.models import BidStamp, BidVersion, ListToken, PolicyStamp
from tests.procurement.bids.dossiers import anchors_of, sign_head, status, write
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.support import TRUSTEES

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def opened(lot, lists=lambda: None):
    """lists: brings the revocation lists of the day."""
    close(lot)
    lists()
    ready(lot, *TRUSTEES[:2])
    lot.mark(*TRUSTEES[:2])
    lot.release(*TRUSTEES[:2])
    finish(lot)
    sign_head()


def due():
    BidVersion.objects.exclude(follow_up_at=None).update(follow_up_at=clock.technical_now())
    return stamps.follow_up()


@pytest.fixture
def verdict(lot, tmp_path, capsys):
    """Exit status of the verifier and what it said; vouched: the reader knows the authority."""

    def look(*, vouched=True):
        roots = pem(demo_stamps.own().anchors.certificates).decode()
        known = [{"name": demo_tsa.NAME, "roots": roots, "demonstration": True}]
        trust = anchors_of(lot, tmp_path)
        if vouched:
            value = canonical.decode(trust.read_bytes())
            trust.write_bytes(canonical.encode({**value, formats.AUTHORITIES: known}))
        path = write(tmp_path)
        capsys.readouterr()
        return status(path, trust, "--lang", "en"), capsys.readouterr().out

    return look


def test_receipts_and_list_are_vouched_for_by_the_outside_clock(lot, verdict):
    for name in NAMES:
        lot.bid(name)
    assert due() == 3
    opened(lot)
    code, told = verdict()
    assert code == 0, told
    assert "the moment of 3 of 3 receipts is vouched for by an outside clock" in told
    assert "list.json was stamped at" in told
    code, told = verdict(vouched=False)
    assert code == 0
    assert "the moment of 0 of 3 receipts" in told
    assert "proves nothing here" in told


def test_a_back_dated_receipt_is_told_by_its_token(lot, verdict, monkeypatch):
    for name in NAMES:
        lot.bid(name)
    # The operator's clock stood an hour behind when this one came.
    late = lot.people["bidder3"].uscc
    version = BidVersion.objects.get(bid__bidder_uscc=late)
    real = demo_tsa.respond

    def an_hour_on(request, signer, now):
        return real(request, signer, now + timedelta(hours=1))

    monkeypatch.setattr(demo_tsa, "respond", an_hour_on)
    lot.at(clock.now() + timedelta(minutes=2))  # no honest clock may still answer in time
    due()
    assert BidStamp.objects.get(version=version).reason == "sealing.timestamp.time"
    monkeypatch.setattr(demo_tsa, "respond", real)
    opened(lot)
    code, told = verdict()
    assert code == 0, (
        told
    )  # a late token may have honest causes: it is told, and counts for nothing
    assert "the outside clock says" in told
    assert "the moment of 0 of 3 receipts" in told


def test_a_token_of_another_bid_convicts(lot, verdict):
    for name in NAMES:
        lot.bid(name)
    due()
    first, second = BidStamp.objects.order_by("pk")[:2]
    BidStamp.objects.filter(pk=first.pk).update(token=bytes(second.token))
    opened(lot)
    code, told = verdict()
    assert code == 1
    assert "sealing.timestamp.imprint" in told


def test_a_list_stamped_before_the_deadline_convicts(lot, verdict):
    for name in NAMES:
        lot.bid(name)
    due()
    opened(lot)
    row = ListToken.objects.get()
    own = demo_stamps.own()
    early = lot.in_force.deadline - timedelta(hours=2)
    real = demo_tsa.respond
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            demo_tsa, "respond", lambda request, signer, _now: real(request, signer, early)
        )
        found = stamping.obtain(bytes.fromhex(row.list_sha256), [own.name]).stamp
    ListToken.objects.update(token=found.token)
    code, told = verdict()
    assert code == 1
    assert "the list was made too early" in told


def test_a_bid_whose_certificate_was_revoked_fell_and_the_dossier_shows_why(
    lot, no_lists, verdict, monkeypatch
):
    for name in (*NAMES, "bidder4"):
        lot.bid(name)
    at = clock.now() - timedelta(hours=1)
    no_lists(("bidder4", at))
    due()
    opened(lot, lambda: no_lists(("bidder4", at)))
    code, told = verdict()
    assert code == 0, told
    assert "fell: its certificate had been revoked before receipt" in told
    assert "the list is exactly the 3 live bids" in told
    # Without the decision it would be a live bid that the list leaves out.
    real = dossier._pieces

    def without(case, scope):
        return {n: p for n, p in real(case, scope).items() if "/fallen." not in n}

    monkeypatch.setattr(dossier, "_pieces", without)
    code, told = verdict()
    assert code == 1


def test_a_bid_struck_out_without_a_revocation_convicts(lot, no_lists, verdict, monkeypatch):
    for name in (*NAMES, "bidder4"):
        lot.bid(name)
    no_lists()
    victim = lot.people["bidder4"].uscc
    real = later_lists.look

    def lying(version, now):
        return "revoked" if version.bid.bidder_uscc == victim else real(version, now)

    monkeypatch.setattr(later_lists, "look", lying)
    due()
    opened(lot, no_lists)
    code, told = verdict()
    assert code == 1
    assert "struck out wrongly" in told


@pytest.mark.parametrize(("minutes", "holds"), [(-1, False), (1, True)])
def test_who_signed_the_policy_and_was_revoked_before_its_token_convicts_and_after_it_not(
    lot, no_lists, verdict, minutes, holds
):
    """As the page, the tool and whoever asks for the token judge it; the list comes only later."""
    no_lists()
    lot.at(clock.now() + timedelta(minutes=5))
    assert policy_stamps.stamp_policies() == 1
    at = PolicyStamp.objects.get().gen_time + timedelta(minutes=minutes)
    for name in NAMES:
        lot.bid(name)
    opened(lot, lambda: no_lists(("trustee3", at)))
    code, told = verdict()
    assert (code == 0) == holds, told
    if not holds:
        assert "revoked" in told
