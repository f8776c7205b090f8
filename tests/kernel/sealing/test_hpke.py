"""HPKE: RFC 9180's vectors, envelopes of @hpke/core, and nothing opens in another context."""

import hashlib

import pytest
from cryptography.hazmat.bindings._rust import openssl as rust
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing import canonical, hpke
from tests.kernel.sealing.support import refusal, vectors

RFC = vectors("hpke_rfc9180")["vectors"]
NPM = vectors("hpke_npm")
KEY = hpke.new_key()
OTHER = hpke.new_key()
INFO = ["zhuxin-test/1", {"lot": "L1", "version": 1}]


@pytest.mark.parametrize("vector", RFC)
def test_the_suite_opens_the_vector_of_rfc_9180(vector):
    raw = {name: bytes.fromhex(value) for name, value in vector.items()}
    key = hpke.load_private(raw["skRm"])
    assert hpke.public_bytes(key.public_key()) == raw["pkRm"]
    # The vectors carry associated data, which one-shot sealing of ours never has.
    opened = rust.hpke._decrypt_with_aad(
        hpke._SUITE, raw["enc"] + raw["ct"], key, raw["info"], raw["aad"]
    )
    assert opened == raw["pt"]


def test_envelopes_of_the_browser_library_open_here():
    key = hpke.load_private(bytes.fromhex(NPM["private"]))
    assert hpke.public_bytes(key.public_key()).hex() == NPM["public"]
    assert canonical.encode(NPM["info"]).decode() == NPM["info_canonical"]
    for vector in NPM["vectors"]:
        sealed = bytes.fromhex(vector["sealed"])
        assert hpke.open_sealed(sealed, key, NPM["info"]) == vector["plaintext"].encode()


@given(st.binary(max_size=200), st.dictionaries(st.from_regex(r"[a-z]+", fullmatch=True), st.text(
    st.characters(exclude_categories=["Cs"]))))  # fmt: skip
def test_what_was_sealed_opens(plaintext, info):
    sealed = hpke.seal(plaintext, KEY.public_key(), info)
    assert len(sealed) == len(plaintext) + hpke.OVERHEAD
    assert hpke.open_sealed(sealed, KEY, info) == plaintext


def test_nothing_opens_with_another_key_or_in_another_context():
    sealed = hpke.seal(b"share", KEY.public_key(), INFO)
    assert refusal(hpke.open_sealed, sealed, OTHER, INFO) == "sealing.hpke.cannot_open"
    for info in ([], None, ["zhuxin-test/1", {"lot": "L1", "version": 2}], "zhuxin-test/1"):
        assert refusal(hpke.open_sealed, sealed, KEY, info) == "sealing.hpke.cannot_open"


def test_every_flipped_byte_and_every_cut_is_noticed():
    sealed = hpke.seal(b"share", KEY.public_key(), INFO)
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        assert refusal(hpke.open_sealed, bytes(altered), KEY, INFO) == "sealing.hpke.cannot_open"
        assert refusal(hpke.open_sealed, sealed[:position], KEY, INFO) == (
            "sealing.hpke.cannot_open"
        )


def test_two_sealings_of_one_thing_differ():
    assert hpke.seal(b"s", KEY.public_key(), INFO) != hpke.seal(b"s", KEY.public_key(), INFO)


def test_keys_come_back_from_their_bytes():
    assert hpke.private_bytes(hpke.load_private(hpke.private_bytes(KEY))) == hpke.private_bytes(KEY)
    public = hpke.public_bytes(KEY.public_key())
    assert len(public) == 65
    assert hpke.load_public(public) == KEY.public_key()
    assert hpke.key_digest(KEY.public_key()) == hashlib.sha256(public).digest()


def test_a_kept_key_needs_its_passphrase():
    pem = hpke.private_pem(KEY, b"passphrase")
    assert b"ENCRYPTED" in pem
    assert hpke.private_bytes(hpke.load_private_pem(pem, b"passphrase")) == hpke.private_bytes(KEY)
    assert refusal(hpke.load_private_pem, pem, b"other") == "sealing.hpke.bad_key"
    assert refusal(hpke.load_private_pem, b"junk", b"other") == "sealing.hpke.bad_key"
    assert refusal(hpke.private_pem, KEY, b"") == "sealing.hpke.no_passphrase"


@pytest.mark.parametrize("key", [x25519.X25519PrivateKey.generate(),
                                 ec.generate_private_key(ec.SECP384R1())])  # fmt: skip
def test_a_key_of_another_kind_is_refused(key):
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"p"),
    )
    assert refusal(hpke.load_private_pem, pem, b"p") == "sealing.hpke.bad_key"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x04" + b"\x01" * 64,
        b"\x04" + b"\x00" * 64,
        KEY.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        ),
    ],
    # The key is made anew in every process; its bytes as a name would differ between two of them.
    ids=["empty", "zero", "off-the-curve", "origin", "compressed"],
)
def test_public_bytes_that_are_no_uncompressed_point_of_the_curve_are_refused(data):
    assert refusal(hpke.load_public, data) == "sealing.hpke.bad_key"


@pytest.mark.parametrize("data", [b"", b"\x01" * 31, bytes(32), b"\xff" * 32])
def test_private_bytes_outside_the_group_are_refused(data):
    assert refusal(hpke.load_private, data) == "sealing.hpke.bad_key"
