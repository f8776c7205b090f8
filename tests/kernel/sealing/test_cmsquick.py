"""The quick path says what the general reader says, or nothing; and writes the same bytes."""

import hashlib
import random
from datetime import UTC, datetime

import pytest
from asn1crypto import cms as asn1_cms
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import attributes, cms, cmsquick, der
from kernel.sealing.authority import DemoAuthority
from tests.kernel.sealing.conftest import NOW

DATA = b"content"
DIGEST = hashlib.sha256(DATA).digest()
OWN = DemoAuthority.create(NOW)
SIGNER = OWN.issue_signer("张三", "示例建设有限公司", "91350000MA2EXAMPL1", NOW, 365)
RSA = OWN.issue_signer("", "示例公证处", "12350000MB2EXAMPL2", NOW, 365, "rsa3072")
GOOD = cms.sign(DATA, SIGNER, NOW)
GOOD_RSA = cms.sign(DATA, RSA, NOW)
both = pytest.mark.parametrize("signer", [SIGNER, RSA], ids=["p256", "rsa3072"])


@both
def test_our_own_signatures_take_the_quick_path(signer):
    made = cms.sign(DATA, signer, NOW)
    quick = cmsquick.check_digest(made, DIGEST)
    general = cms.check_any(made, {"sha256": DIGEST})
    assert quick is not None
    assert (quick.certificate, quick.certificates) == (general.certificate, general.certificates)
    assert quick.attributes == general.attributes


@both
@settings(max_examples=30)
@given(
    st.binary(min_size=32, max_size=32),
    st.none() | st.datetimes(datetime(1951, 1, 1), datetime(2149, 12, 31), timezones=st.just(UTC)),
)
def test_attributes_are_written_byte_for_byte_alike(signer, digest, when):
    wanted = attributes.signed_attributes(digest, signer.certificate, when)
    assert cmsquick.signed_attributes(digest, signer.certificate, when) == wanted


@both
def test_signatures_are_put_together_byte_for_byte_alike(signer):
    to_sign = attributes.signed_attributes(DIGEST, signer.certificate, NOW)
    value = signer.sign(to_sign)
    for chain in ((), signer.chain, signer.chain[::-1], (*signer.chain, signer.certificate)):
        wanted = cms.assemble(to_sign, value, signer.certificate, chain)
        assert cmsquick.assemble(to_sign, value, signer.certificate, chain) == wanted


def test_a_signer_with_another_key_is_refused():
    from kernel.sealing.keystore import KeySigner

    other = OWN.issue_signer("", "x", "91350000MA2EXAMPL1", NOW, 365)
    with pytest.raises(Refused):
        cms.sign(DATA, KeySigner(other.key, SIGNER.certificate), NOW)


def agree(signature, digest=DIGEST):
    """Whatever the quick path believes, the general reader believes too, and the same."""
    quick = cmsquick.check_digest(signature, digest)
    if quick is None:
        return
    general = cms.check_any(signature, {"sha256": digest})
    assert quick.certificate == general.certificate
    assert quick.certificates == general.certificates
    assert quick.attributes == general.attributes


@settings(max_examples=600)
@given(st.sampled_from([GOOD, GOOD_RSA]), st.data())
def test_no_altered_byte_is_believed_by_one_only(good, draw):
    altered = bytearray(good)
    for _ in range(draw.draw(st.integers(1, 2))):
        altered[draw.draw(st.integers(0, len(good) - 1))] ^= draw.draw(st.integers(1, 255))
    agree(bytes(altered))


@pytest.mark.parametrize("tag", [0x12, 0x1B, 0x1D])
def test_a_certificate_that_came_along_with_odd_names_is_left_to_the_general_reader(tag):
    places = [at for at, byte in enumerate(GOOD) if byte == 0x0C]
    for at in places:
        agree(GOOD[:at] + bytes((tag,)) + GOOD[at + 1 :])


@settings(max_examples=300)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 40), st.binary(max_size=6))
def test_no_cut_or_insertion_is_believed_by_one_only(place, cut, put):
    agree(GOOD[:place] + put + GOOD[place + cut :])


def test_other_content_is_left_to_the_general_reader():
    assert cmsquick.check_digest(GOOD, bytes(32)) is None
    assert cmsquick.check_digest(b"", DIGEST) is None


def test_certificates_and_attributes_in_another_shape_are_left_to_the_general_reader():
    content = asn1_cms.ContentInfo.load(GOOD)
    info = content["content"]["signer_infos"][0]
    info["unsigned_attrs"] = asn1_cms.CMSAttributes([])
    assert cmsquick.check_digest(content.dump(force=True), DIGEST) is None


def test_strict_der_only():
    assert der.parts(b"\x02\x01\x01\x05\x00") is not None
    for bad in (b"\x02", b"\x02\x81\x01\x01", b"\x02\x80\x00\x00", b"\x02\x02\x01", b"\x1f\x01\x01",
                b"\x02\x82\x00\x81" + bytes(129)):  # fmt: skip
        assert der.parts(bad) is None


@given(st.integers(0, 70_000))
def test_lengths_are_written_as_they_are_read(size):
    data = random.Random(size).randbytes(size)
    (found,) = der.parts(der.item(0x04, data))
    assert (found.tag, found.content) == (0x04, data)
