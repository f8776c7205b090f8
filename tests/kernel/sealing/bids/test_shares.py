"""Any k of n open, fewer learn nothing, and neither bidder nor trustee can cheat unseen."""

import hashlib
import io
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import age, hpke, shamir
from kernel.sealing.bids import container, manifest, shares
from kernel.sealing.bids.manifest import Context
from kernel.sealing.shamir import _divide, _multiply
from tests.kernel.sealing.bids.support import BIDDERS, Stage, altered, codes

LOT = Stage()
IDENTITY = age.new_identity()
CONTEXT = Context(LOT.policy.sha256, LOT.policy.lot, BIDDERS[0], 1, "ab" * 32)
KEYS = list(LOT.keys.values())


def bid(dealt, context=CONTEXT):
    return manifest.Manifest(
        lot=context.lot, policy_sha256=context.policy_sha256, bidder=context.bidder,
        version=context.version, replaces="", nonce=context.nonce, envelopes=(dealt.envelope,),
    )  # fmt: skip


def deal(identity=IDENTITY, context=CONTEXT, name="price", ciphertext="cd" * 32):
    return shares.deal(LOT.policy, context, name, identity, ciphertext, 5000)


def opened(dealt, made):
    return {
        i: shares.open_share(made, "price", i, sealed, key)
        for i, (sealed, key) in enumerate(zip(dealt.sealed, KEYS, strict=True))
    }


DEALT = deal()
BID = bid(DEALT)
OPENED = opened(DEALT, BID)


@pytest.mark.parametrize("who", [w for k in (2, 3) for w in itertools.combinations(range(3), k)])
def test_any_k_trustees_open(who):
    assert shares.recover(BID, LOT.policy, "price", {i: OPENED[i] for i in who}) == IDENTITY


@pytest.mark.parametrize("who", [(), (0,), (2,)])
def test_fewer_than_k_do_not(who):
    some = {i: OPENED[i] for i in who}
    assert codes(shares.recover, BID, LOT.policy, "price", some) == ["sealing.share.too_few"]


@given(st.binary(min_size=32, max_size=32))
def test_one_share_fits_every_secret(other):
    """Information-theoretic: for any other secret there is a second share that gives it."""
    mine = OPENED[0]
    forged_x = 1 + mine[-1] % 254 if mine[-1] != 254 else 1
    # The line through (0, other) and my share, at another trustee's x.
    second = bytes(
        _line(o, m, mine[-1], forged_x) for o, m in zip(other, mine[:-1], strict=True)
    ) + bytes([forged_x])
    assert shamir.combine([mine, second]) == other


def _line(constant, y, x, at):
    return constant ^ _multiply(_divide(constant ^ y, x), at)


def test_a_share_is_opened_by_its_own_key_in_its_own_place_only():
    sealed = DEALT.sealed
    assert codes(shares.open_share, BID, "price", 0, sealed[0], KEYS[1]) == [
        "sealing.share.other_key"
    ]
    assert codes(shares.open_share, BID, "price", 0, sealed[1], KEYS[0]) == ["sealing.share.sealed"]
    assert codes(shares.open_share, BID, "price", 0, sealed[0][:-1], KEYS[0]) == [
        "sealing.share.sealed"
    ]


@pytest.mark.parametrize(
    "changes",
    [{"bidder": BIDDERS[1]}, {"lot": "other"}, {"nonce": "cd" * 32}, {"policy_sha256": "cd" * 32},
     {"version": 2, "replaces": "ab" * 32}],
)  # fmt: skip
def test_a_share_copied_into_another_bid_opens_for_nobody(changes):
    """Two bidders collude to copy a ciphertext; a lot or an old version is replayed."""
    copied = manifest.read_manifest(altered(BID.encode(), **changes))
    for i, sealed in enumerate(DEALT.sealed):
        found = codes(shares.open_share, copied, "price", i, sealed, KEYS[i])
        assert found == ["sealing.hpke.cannot_open"]


@pytest.mark.parametrize("part", ["sha256", "name"])
def test_a_share_is_bound_to_its_ciphertext_and_envelope(part):
    rows = json.loads(BID.encode())["envelopes"]
    rows[0][part] = {"sha256": "ef" * 32, "name": "technical"}[part]
    other = manifest.read_manifest(altered(BID.encode(), envelopes=rows))
    name = rows[0]["name"]
    found = codes(shares.open_share, other, name, 0, DEALT.sealed[0], KEYS[0])
    assert found == ["sealing.hpke.cannot_open"]


def cheat(index, share):
    """A bid whose manifest honestly names a bad share that was dealt to one trustee."""
    info = CONTEXT.share_info("price", "cd" * 32, index, LOT.policy.trustees[index].key_sha256)
    sealed = hpke.seal(share, KEYS[index].public_key(), info)
    rows = json.loads(BID.encode())["envelopes"]
    rows[0]["shares"][index] |= {
        "x": share[-1],
        "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
        "opened_sha256": hashlib.sha256(share).hexdigest(),
    }
    return manifest.read_manifest(altered(BID.encode(), envelopes=rows)), sealed


def test_a_share_off_the_line_shows_whoever_comes():
    """The bidder would choose later which trustees open it: it opens for none."""
    bad = bytes([OPENED[2][0] ^ 1]) + OPENED[2][1:]
    made, sealed = cheat(2, bad)
    mine = {**OPENED, 2: shares.open_share(made, "price", 2, sealed, KEYS[2])}
    for who, code in (
        ((0, 1), "sealing.share.inconsistent"),
        ((0, 2), "sealing.share.commitment"),
        ((1, 2), "sealing.share.commitment"),
        ((0, 1, 2), "sealing.share.inconsistent"),
    ):
        some = {i: mine[i] for i in who}
        assert codes(shares.recover, made, LOT.policy, "price", some) == [code]


def test_a_lying_trustee_is_named():
    lie = bytes([OPENED[1][0] ^ 1]) + OPENED[1][1:]
    with pytest.raises(Refused) as refused:
        shares.recover(BID, LOT.policy, "price", {0: OPENED[0], 1: lie})
    (reason,) = refused.value.refusals
    assert (reason.code, reason.facts["index"]) == ("sealing.share.opened", 1)


def test_two_keys_for_one_ciphertext_cannot_both_be_committed_to():
    made = BID.context.commitment("price", IDENTITY)
    assert made != BID.context.commitment("price", age.new_identity())
    assert made != BID.context.commitment("technical", IDENTITY)


def test_the_shares_of_a_whole_bid_open(stage, sealed):
    received = container.read_bid(io.BytesIO(sealed[0].read_bytes()), 10**8)
    keys = list(stage.keys.values())
    for name, identity in sealed[1].identities.items():
        mine = {
            i: shares.open_share(received.manifest, name, i, received.shares[name][i], keys[i])
            for i in (2, 1)
        }
        assert shares.recover(received.manifest, stage.policy, name, mine) == identity
