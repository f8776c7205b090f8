"""Attacker: an operator who lets trustees open shares in a rehearsal or in a lot of its own.

Stopped: a rehearsal is answered with a hash, under an HPKE info that no share has; a share is bound
to lot, policy, bidder, envelope, version and ciphertext, and a cured share to one closing list.
"""

import pytest

from kernel.errors import Refused
from kernel.sealing.bids import cures, manifest, shares, trustees
from kernel.sealing.bids.fields import b64, write
from tests.kernel.sealing.bids.support import LOT, altered, codes
from tests.kernel.sealing.bids.test_shares import BID, DEALT, IDENTITY, KEYS
from tests.kernel.sealing.bids.test_shares import LOT as STAGE

LIST = "ab" * 32
CURE = cures.make_cure(STAGE.policy, BID, "price", IDENTITY, LIST)


@pytest.mark.parametrize("sealed", [DEALT.sealed[0], CURE.sealed[0]])
def test_a_rehearsal_opens_no_share(sealed):
    who, key = next(iter(STAGE.keys.items()))
    name = STAGE.policy.trustees[0].key_sha256
    for size in (len(sealed), 113):
        challenge = write(
            trustees.CHALLENGE_FORMAT, lot=LOT, uscc=who, key_sha256=name, sealed=b64(sealed[:size])
        )
        with pytest.raises(Refused):
            trustees.answer_challenge(challenge, LOT, who, key)


def test_a_rehearsals_answer_tells_a_hash_and_not_what_was_sealed():
    who, key = next(iter(STAGE.keys.items()))
    challenge, secret = trustees.new_challenge(LOT, who, STAGE.policy.trustees[0].key)
    answer = trustees.answer_challenge(challenge, LOT, who, key)
    assert secret.hex().encode() not in answer
    assert b64(secret).encode() not in answer


@pytest.mark.parametrize(
    "changes", [{"lot": "sham"}, {"bidder": "91230100PDY000150M"}, {"nonce": "cd" * 32}]
)
def test_a_sham_lot_with_the_same_trustees_opens_no_share_of_another(changes):
    sham = manifest.read_manifest(altered(BID.encode(), **changes))
    found = codes(shares.open_share, sham, "price", 0, DEALT.sealed[0], KEYS[0])
    assert found == ["sealing.hpke.cannot_open"]
    found = codes(shares.open_share, sham, "price", 0, CURE.sealed[0], KEYS[0], CURE.again)
    assert found == ["sealing.hpke.cannot_open"]


def test_a_cured_share_opens_for_its_own_list_only():
    other = shares.Again("cd" * 32, CURE.rows)
    found = codes(shares.open_share, BID, "price", 0, CURE.sealed[0], KEYS[0], other)
    assert found == ["sealing.hpke.cannot_open"]
