"""Tokens: what is believed, what is not, and that no changed byte is."""

import hashlib
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import authority as authorities
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import der, load
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import Anchors
from tests.kernel.sealing.conftest import NOW
from tests.kernel.sealing.support import refusal

DIGEST = hashlib.sha256("投标文件".encode()).digest()
OWN = DemoAuthority.create(NOW - timedelta(days=1))
TSA = demo_tsa.issue(OWN, NOW - timedelta(hours=1))
CRLS = [load_crl(data) for data in OWN.crls(NOW)]
ASKED = timestamps.request(DIGEST)
TOKEN = demo_tsa.token(ASKED, TSA, NOW)


def verify(data=TOKEN, digest=DIGEST, anchors=OWN.anchors, crls=CRLS, **more):
    return timestamps.verify(data, digest, anchors, crls=crls, **more)


def made(signer=TSA, asked=ASKED, at=NOW, **more):
    return demo_tsa.token(asked, signer, at, **more)


def certified(*, usage=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=True):
    """A signer of the authority's with another profile."""
    return OWN._issue(
        authorities._name(O=authorities.OPERATOR, CN="TSA"), usage, critical, NOW, 30, "p256"
    )


def test_a_token_says_what_was_stamped_when_and_by_whom():
    token = verify(asked=ASKED)
    assert token.info.digest == DIGEST
    assert token.gen_time == NOW
    assert token.info.policy == demo_tsa.POLICY
    assert token.info.accuracy == timedelta(seconds=1)
    assert demo_tsa.NAME in token.names
    assert "DEMONSTRATION" in demo_tsa.NAME


def test_a_token_over_other_bytes_is_refused():
    assert refusal(verify, digest=bytes(32)) == "sealing.timestamp.imprint"


def test_a_token_that_answers_another_request_is_refused():
    assert refusal(verify, asked=timestamps.request(DIGEST)) == "sealing.timestamp.nonce"
    other = timestamps.Request(DIGEST, ASKED.nonce, "1.2.3")
    assert refusal(verify, asked=other) == "sealing.timestamp.policy"


@pytest.mark.parametrize(
    "more",
    [
        {"usage": [ExtendedKeyUsageOID.EMAIL_PROTECTION]},
        {"usage": [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION]},
        {"critical": False},
    ],
)
def test_the_certificate_is_for_time_stamps_and_for_nothing_else(more):
    data = made(certified(**more))
    assert refusal(verify, data) == "sealing.certificate.wrong_profile"


def test_a_bidders_certificate_stamps_nothing():
    signer = OWN.issue_signer("", "示例建设有限公司", "91350000MA2EXAMPL1", NOW, 30)
    assert refusal(verify, made(signer)) == "sealing.certificate.wrong_profile"


def test_a_token_of_an_unknown_authority_is_refused():
    other = DemoAuthority.create(NOW - timedelta(days=1))
    data = made(demo_tsa.issue(other, NOW - timedelta(hours=1)))
    assert refusal(verify, data) == "sealing.certificate.untrusted"
    assert refusal(verify, anchors=Anchors((), True)) == "sealing.certificate.untrusted"


def test_a_demonstration_token_counts_under_no_production_root():
    anchors = Anchors(OWN.anchors.certificates)
    assert refusal(verify, anchors=anchors) == "sealing.certificate.demonstration"


def test_the_certificate_counts_at_the_time_of_the_token():
    short = OWN.issue_tsa(NOW, 1)
    assert verify(made(short, at=NOW + timedelta(hours=23)))
    late = made(short, at=NOW + timedelta(days=2))
    assert refusal(verify, late) == "sealing.certificate.expired"


def test_a_revoked_authority_stamps_nothing_from_then_on():
    own = DemoAuthority.create(NOW - timedelta(days=1))
    tsa = demo_tsa.issue(own, NOW - timedelta(hours=1))
    own.revoke(tsa.certificate.serial_number, NOW + timedelta(minutes=1), "key_compromise")
    crls = [load_crl(data) for data in own.crls(NOW + timedelta(hours=1))]
    late = made(tsa, at=NOW + timedelta(minutes=2))
    assert verify(made(tsa), anchors=own.anchors, crls=crls)
    code = refusal(verify, late, anchors=own.anchors, crls=crls)
    assert code == "sealing.certificate.revoked"
    assert refusal(verify, crls=[]) == "sealing.certificate.crl_missing"


def test_a_token_without_its_certificate_is_refused():
    assert refusal(verify, made(certificates=False)) == "sealing.timestamp.malformed"


def test_another_certificate_of_the_same_key_is_not_the_one_that_signed():
    builder = x509.CertificateBuilder(
        TSA.certificate.issuer, TSA.certificate.subject, TSA.key.public_key(),
        TSA.certificate.serial_number, NOW.replace(microsecond=0),
        TSA.certificate.not_valid_after_utc,
        list(TSA.certificate.extensions),
    )  # fmt: skip
    other = builder.sign(OWN.issuing.key, hashes.SHA256())
    mixed = _with_certificate(TOKEN, der(TSA.certificate), der(other))
    assert refusal(verify, mixed) == "sealing.timestamp.certificate"


def _with_certificate(token: bytes, old: bytes, new: bytes) -> bytes:
    """A token with another certificate in the old one's place, lengths put right."""
    from kernel.sealing.der import Item, item, parts

    def again(row: Item) -> bytes:
        if row.whole == old:
            return new
        inner = parts(row.content) if row.tag & 0x20 and old in row.content else None
        return item(row.tag, *map(again, inner)) if inner else row.whole

    return b"".join(again(row) for row in parts(token) or ())


def test_a_certificate_that_nobody_issued_may_not_come_along():
    stranger = DemoAuthority.create(NOW).issue_tsa(NOW, 1).certificate
    swapped = _with_certificate(TOKEN, der(TSA.chain[0]), der(stranger))
    assert refusal(verify, swapped) == "sealing.timestamp.certificate"


def test_a_name_counts_only_if_the_certificate_bears_it():
    token = verify()
    assert timestamps.check_named(token, ["国家授时中心", demo_tsa.NAME]) == demo_tsa.NAME
    assert refusal(timestamps.check_named, token, ["国家授时中心"]) == "sealing.timestamp.authority"
    assert refusal(timestamps.check_named, token, []) == "sealing.timestamp.authority"


@given(seconds=st.integers(-200, 200))
def test_a_minute_apart_is_the_most(seconds):
    token = verify()
    at = NOW + timedelta(seconds=seconds)
    if abs(seconds) <= 60:
        timestamps.check_time(token, at)
    else:
        assert refusal(timestamps.check_time, token, at) == "sealing.timestamp.time"


def test_an_authority_that_knows_no_better_than_two_minutes_proves_no_minute(monkeypatch):
    from kernel.sealing.der import SEQUENCE, item
    from kernel.sealing.timestamp_fields import integer

    monkeypatch.setattr(demo_tsa, "_ACCURACY", item(SEQUENCE, integer(120)))
    assert refusal(verify, made()) == "sealing.timestamp.accuracy"


def test_a_response_without_a_token_says_why():
    wrong = timestamps.Request(DIGEST, 5, "1.2.3").encode()
    answer = demo_tsa.respond(wrong, TSA, NOW)
    assert refusal(timestamps.read_response, answer) == "sealing.timestamp.refused"
    for rubbish in (b"", b"<html>", bytes(40)):
        answer = demo_tsa.respond(rubbish, TSA, NOW)
        assert refusal(timestamps.read_response, answer) == "sealing.timestamp.refused"
        assert refusal(timestamps.read_response, rubbish) == "sealing.timestamp.malformed"


# Bytes that nobody meant -------------------------------------------------------------------------


@given(place=st.integers(0, len(TOKEN) - 1), value=st.integers(1, 255))
def test_no_changed_byte_of_a_token_is_accepted(place, value):
    changed = bytearray(TOKEN)
    changed[place] ^= value
    with pytest.raises(Refused):
        verify(bytes(changed))


@given(cut=st.integers(0, len(TOKEN) - 1), more=st.binary(min_size=1, max_size=20))
def test_no_cut_and_no_lengthened_token_is_accepted(cut, more):
    for data in (TOKEN[:cut], TOKEN + more, more + TOKEN):
        with pytest.raises(Refused):
            verify(data)


@given(st.binary(max_size=400))
def test_rubbish_is_refused_and_breaks_nothing(data):
    for call in (timestamps.read, timestamps.read_response):
        with pytest.raises(Refused):
            call(data)
    assert demo_tsa.respond(data, TSA, NOW)


@given(
    digest=st.binary(min_size=32, max_size=32),
    moment=st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None) + timedelta(days=6)),
)
def test_every_moment_and_digest_come_back_from_a_token(digest, moment):
    at = moment.replace(tzinfo=NOW.tzinfo)
    asked = timestamps.request(digest)
    token = verify(demo_tsa.token(asked, TSA, at), digest, asked=asked)
    assert (token.gen_time, token.info.nonce) == (at, asked.nonce)


def test_a_certificate_whose_name_has_a_strange_type_is_refused():
    data = bytearray(der(TSA.certificate))
    place = data.index(b"\x13\x02CN") if b"\x13\x02CN" in data else data.index(b"\x0c\x02CN")
    data[place] = 0x03  # a BIT STRING for the country
    assert refusal(load, bytes(data)) == "sealing.certificate.malformed"
