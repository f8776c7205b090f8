"""Bidders who copy: another's ciphertext, their own from another lot, an old version, a withdrawal.

Stopped by: HPKE infos and key commitments that name lot, policy, bidder, version, nonce and
ciphertext; an inner manifest that repeats them; succession by the hash of the last receipted
version; a withdrawal that names one manifest under the bidder's own signature.
"""

from __future__ import annotations

import base64
import secrets

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.sealing.bids import making
from kernel.sealing.bids.receipts import Withdrawal
from procurement.bids import bidding, closing
from procurement.bids.models import Bid, BidVersion
from tests.attacks import forging, opening
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.support import LOT, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):  # noqa: F811
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


@pytest.fixture
def sealed_keys(monkeypatch):
    """The identities that the last sealing made: what a colluding bidder gives away."""
    kept = {}
    real = making.seal_bid

    def seal_bid(*args, **kwargs):
        made = real(*args, **kwargs)
        kept.update(made.identities)
        return made

    monkeypatch.setattr(making, "seal_bid", seal_bid)
    return kept


def bids(lot, *names):
    return {name: lot.bid(name, price=(i + 1) * 1_000_00) for i, name in enumerate(names)}


def test_a_copied_file_under_another_name_is_refused(lot):
    data, _manifest = lot.seal("bidder1")
    with pytest.raises(Refused) as refused:
        lot.submit("bidder2", data)
    assert "sealing.bid.bidder" in told(refused)


def test_a_copied_ciphertext_with_its_shares_opens_for_nobody(lot, tmp_path):
    """bidder2 signs bidder1's hashes as its own. The receipt is honest: nobody can know yet."""
    made = bids(lot, "bidder1", "bidder3", "bidder4")
    parts = forging.take_apart(made["bidder1"][2])
    own = forging.as_own(parts.manifest, lot.people["bidder2"].uscc)
    signature = forging.signed(own, lot.signer("bidder2"), clock.now())
    data = forging.put_together(own, signature, parts.ciphertexts, parts.shares, tmp_path)
    lot.submit("bidder2", data)
    opening.close(lot)
    found = opening.outcome(opening.run(lot))
    assert not found.pop(lot.people["bidder2"].uscc).isdecimal()
    assert sorted(found.values()) == ["100000", "200000", "300000"]


def test_a_ciphertext_given_by_a_colluder_with_its_keys_is_not_the_copiers_bid(
    lot, sealed_keys, tmp_path
):
    """Even with all keys dealt anew and every hash right, the content names its own bidder."""
    data, _manifest = lot.seal("bidder1", price=4_000_00)
    given = dict(sealed_keys)
    lot.submit("bidder1", data)
    bids(lot, "bidder3", "bidder4")
    uscc = lot.people["bidder2"].uscc
    parts = forging.take_apart(data)
    manifest, shares = forging.dealt_anew(parts, lot.in_force, uscc, given)
    signature = forging.signed(manifest, lot.signer("bidder2"), clock.now())
    forged = forging.put_together(manifest, signature, parts.ciphertexts, shares, tmp_path)
    lot.submit("bidder2", forged)
    opening.close(lot)
    found = opening.outcome(opening.run(lot))
    assert found[uscc] == "sealing.envelope.other"
    assert found[lot.people["bidder1"].uscc] == "400000"


def test_an_honest_bid_for_another_lot_is_refused_and_cannot_be_renamed(lot, tmp_path):
    other = forging.replace(lot.in_force, lot="2301022509010101-02")
    data, manifest = lot.seal("bidder1", policy=other)
    with pytest.raises(Refused) as refused:
        lot.submit("bidder1", data)
    assert {"sealing.manifest.lot", "sealing.manifest.policy"} <= set(told(refused))
    # The bidder signs the same hashes for this lot: received, and it never opens.
    bids(lot, "bidder2", "bidder3", "bidder4")
    parts = forging.take_apart(data)
    renamed = forging.replace(manifest, lot=LOT, policy_sha256=lot.in_force.sha256)
    signature = forging.signed(renamed, lot.signer("bidder1"), clock.now())
    lot.submit(
        "bidder1",
        forging.put_together(renamed, signature, parts.ciphertexts, parts.shares, tmp_path),
    )
    opening.close(lot)
    found = opening.outcome(opening.run(lot))
    assert not found[lot.people["bidder1"].uscc].isdecimal()


def test_version_one_replayed_after_version_two_changes_nothing(lot):
    """Somebody in the bidder's office sends the old file again: the newer version stands."""
    first, manifest, data = lot.bid("bidder1", price=1_000_00)
    second, _m, _d = lot.bid("bidder1", before=manifest, price=2_000_00)
    bids(lot, "bidder2", "bidder3")
    again, new = lot.submit("bidder1", data)
    assert (again.pk, new) == (first.pk, False)
    assert Bid.objects.get(bidder_uscc=lot.people["bidder1"].uscc).bid_version == second.number
    opening.close(lot)
    assert opening.outcome(opening.run(lot))[lot.people["bidder1"].uscc] == "200000"


def test_an_old_version_signed_again_is_no_newer_one(lot, tmp_path):
    _v, manifest, data = lot.bid("bidder1", price=1_000_00)
    _v2, second, _d = lot.bid("bidder1", before=manifest, price=2_000_00)
    parts = forging.take_apart(data)
    again = forging.replace(parts.manifest, nonce=secrets.token_hex(32))
    signature = forging.signed(again, lot.signer("bidder1"), clock.now())
    with pytest.raises(Refused) as refused:
        lot.submit(
            "bidder1",
            forging.put_together(again, signature, parts.ciphertexts, parts.shares, tmp_path),
        )
    assert told(refused) == ["sealing.manifest.version"]
    # And under the right number its content still names version 1.
    third = forging.replace(parts.manifest, version=3, replaces=second.sha256)
    signature = forging.signed(third, lot.signer("bidder1"), clock.now())
    lot.submit(
        "bidder1",
        forging.put_together(third, signature, parts.ciphertexts, parts.shares, tmp_path),
    )
    bids(lot, "bidder2", "bidder3", "bidder4")
    opening.close(lot)
    assert not opening.outcome(opening.run(lot))[lot.people["bidder1"].uscc].isdecimal()


@pytest.mark.parametrize("forger", ["bidder2", "owner", "operator"])
def test_a_forged_withdrawal_is_refused_and_the_bid_stands(lot, forger):
    version, manifest, _data = lot.bid("bidder1")
    uscc = lot.people["bidder1"].uscc
    statement = Withdrawal(LOT, uscc, manifest.sha256, "放弃").encode().decode()
    signature = lot.p7s(forger, statement)
    for sender in ("bidder1", "bidder2"):
        with pytest.raises(Refused):
            bidding.withdraw(
                LOT, actor=lot.people[sender], statement=statement, p7s=signature,
                key=f"{forger}-{sender}",
            )  # fmt: skip
    version.refresh_from_db()
    assert version.withdrawn_at is None
    assert Bid.objects.get(bidder_uscc=uscc).state == "received"


def test_a_withdrawal_of_the_first_version_does_not_withdraw_the_second(lot):
    _v, manifest, _data = lot.bid("bidder1")
    statement = Withdrawal(LOT, lot.people["bidder1"].uscc, manifest.sha256, "放弃").encode()
    signature = lot.p7s("bidder1", statement.decode())
    lot.bid("bidder1", before=manifest, price=5_000_00)
    with pytest.raises(Refused):
        bidding.withdraw(
            LOT, actor=lot.people["bidder1"], statement=statement.decode(), p7s=signature, key="w"
        )
    assert Bid.objects.get().state == "received"
    assert BidVersion.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_a_truncated_signature_over_a_withdrawal_is_none(lot):
    _v, manifest, _data = lot.bid("bidder1")
    statement = Withdrawal(LOT, lot.people["bidder1"].uscc, manifest.sha256, "放弃").encode()
    good = base64.b64decode(lot.p7s("bidder1", statement.decode()))
    for cut in (0, 1, len(good) // 2, len(good) - 1):
        with pytest.raises(Refused):
            bidding.withdraw(
                LOT, actor=lot.people["bidder1"], statement=statement.decode(),
                p7s=base64.b64encode(good[:cut]).decode(), key=f"w{cut}",
            )  # fmt: skip
    assert Bid.objects.get().state == "received"
