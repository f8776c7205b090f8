"""Opening keys are announced, rehearsed, and a rehearsal opens nothing else."""

import pytest

from kernel.sealing import hpke
from kernel.sealing.bids import trustees
from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import ENTITY, LOT, NOTARY, altered, codes


@pytest.fixture(scope="module")
def key():
    return hpke.new_key()


def public(key):
    return hpke.public_bytes(key.public_key())


def test_an_announcement_reads_as_it_was_written(key):
    said = trustees.Announcement(LOT, NOTARY, "示例公证处", public(key), "ab" * 32)
    assert trustees.read_announcement(said.encode()) == said
    none = trustees.Announcement(LOT, ENTITY, "示例建设单位", b"", "ab" * 32)
    assert trustees.read_announcement(none.encode()) == none
    swapped = altered(said.encode(), key_sha256="cd" * 32)
    assert codes(trustees.read_announcement, swapped) == ["sealing.policy.key"]
    short = altered(said.encode(), key=b64(b"\x04" + bytes(64)))
    assert codes(trustees.read_announcement, short) == ["sealing.hpke.bad_key"]


def test_whoever_holds_the_key_passes_the_rehearsal(key):
    challenge, secret = trustees.new_challenge(LOT, NOTARY, public(key))
    answer = trustees.answer_challenge(challenge, LOT, NOTARY, key)
    trustees.check_answer(answer, challenge, secret)
    assert secret.hex().encode() not in answer


def test_another_answer_fails(key):
    challenge, secret = trustees.new_challenge(LOT, NOTARY, public(key))
    answer = trustees.answer_challenge(challenge, LOT, NOTARY, key)
    wrong = altered(answer, answer="ab" * 32)
    assert codes(trustees.check_answer, wrong, challenge, secret) == ["sealing.rehearsal.wrong"]
    again, other = trustees.new_challenge(LOT, NOTARY, public(key))
    assert codes(trustees.check_answer, answer, again, other) == ["sealing.rehearsal.other"]


def test_another_lot_party_or_key_is_not_answered(key):
    challenge, _ = trustees.new_challenge(LOT, NOTARY, public(key))
    for lot, party, own in (("x", NOTARY, key), (LOT, ENTITY, key), (LOT, NOTARY, hpke.new_key())):
        found = codes(trustees.answer_challenge, challenge, lot, party, own)
        assert found == ["sealing.rehearsal.other"]


def test_a_share_in_place_of_a_challenge_does_not_open(key, stage, sealed):
    """The rehearsal as a decryption oracle: a stolen share is asked for as a challenge."""
    own = stage.keys[NOTARY]
    stolen = hpke.seal(bytes(32), own.public_key(), ["zhuxin-key-share/1", LOT])
    challenge, _ = trustees.new_challenge(LOT, NOTARY, public(own))
    sham = altered(challenge, sealed=b64(stolen))
    found = codes(trustees.answer_challenge, sham, LOT, NOTARY, own)
    assert found == ["sealing.hpke.cannot_open"]


def test_a_commitment_binds_lot_party_and_nonce():
    nonce = bytes(32)
    made = {
        trustees.commitment(LOT, NOTARY, nonce),
        trustees.commitment("x", NOTARY, nonce),
        trustees.commitment(LOT, ENTITY, nonce),
        trustees.commitment(LOT, NOTARY, bytes(31) + b"\1"),
    }
    assert len(made) == 4
