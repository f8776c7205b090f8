"""CAdES signatures: OpenSSL and pyHanko agree with us, and no altered one is believed."""

import asyncio
import hashlib
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import algos
from asn1crypto import cms as asn1_cms
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from kernel.errors import Refused
from kernel.sealing import cms
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import der, pem
from kernel.sealing.der import SEQUENCE, is_strict, item
from kernel.sealing.keystore import KeySigner
from kernel.sealing.revocation import load_crl
from tests.kernel.sealing.conftest import NOW
from tests.kernel.sealing.support import refusal

DATA = '{"manifest":"投标文件清单"}'.encode()
OWN = DemoAuthority.create(NOW)
SIGNER = OWN.issue_signer("张三", "示例建设有限公司", "91350000MA2EXAMPL1", NOW, 365)
RSA = OWN.issue_signer("", "示例公证处", "12350000MB2EXAMPL2", NOW, 365, "rsa3072")
CRLS = [load_crl(data) for data in OWN.crls(NOW)]
GOOD = cms.sign(DATA, SIGNER, NOW)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
both = pytest.mark.parametrize("signer", [SIGNER, RSA], ids=["p256", "rsa3072"])


def verify(signature=GOOD, data=DATA, at=NOW, crls=CRLS):
    return cms.verify(signature, data, OWN.anchors, at, crls=crls)


def openssl(tmp_path, signature, data=DATA):
    (tmp_path / "s.p7s").write_bytes(signature)
    (tmp_path / "data").write_bytes(data)
    (tmp_path / "root.pem").write_bytes(pem([OWN.root.certificate]))
    command = [
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s",
        "-content", "data", "-CAfile", "root.pem", "-attime", str(int(NOW.timestamp()) + 1),
    ]  # fmt: skip
    return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)


@both
def test_a_signature_holds_and_says_who_and_when(signer):
    found = verify(cms.sign(DATA, signer, NOW))
    assert found.certificate == signer.certificate
    assert found.chain == (signer.certificate, *signer.chain)
    assert found.identity.uscc in ("91350000MA2EXAMPL1", "12350000MB2EXAMPL2")
    assert found.attributes.signing_time == NOW.replace(microsecond=0)
    assert found.attributes.message_digest == hashlib.sha256(DATA).digest()
    assert found.attributes.kinds == {
        "content_type", "message_digest", "signing_certificate_v2", "signing_time",
    }  # fmt: skip


@needs_openssl
@both
def test_openssl_verifies_ours_as_cades(signer, tmp_path):
    result = openssl(tmp_path, cms.sign(DATA, signer, NOW))
    assert result.returncode == 0, result.stderr
    assert b"CAdES Verification successful" in result.stderr
    assert openssl(tmp_path, cms.sign(DATA, signer, NOW), DATA + b" ").returncode != 0


@needs_openssl
@both
def test_we_verify_what_openssl_signs(signer, tmp_path):
    from cryptography.hazmat.primitives import serialization as s

    key = signer.key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "leaf.pem").write_bytes(pem([signer.certificate]))
    (tmp_path / "chain.pem").write_bytes(pem(signer.chain))
    (tmp_path / "data").write_bytes(DATA)
    for extra in ([], ["-md", "sha384"], ["-keyid"], *([["-keyopt", "rsa_padding_mode:pss"]]
                  if signer is RSA else [])):  # fmt: skip
        command = [
            "openssl", "cms", "-sign", "-cades", "-binary", "-outform", "DER", "-in", "data",
            "-signer", "leaf.pem", "-inkey", "key.pem", "-certfile", "chain.pem", "-nosmimecap",
            *extra,
        ]  # fmt: skip
        made = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
        assert verify(made).certificate == signer.certificate


@both
def test_pyhanko_finds_ours_intact_valid_and_trusted(signer):
    from asn1crypto import x509 as asn1_x509

    root = asn1_x509.Certificate.load(der(OWN.root.certificate))
    context = ValidationContext(
        trust_roots=[root], crls=OWN.crls(NOW), moment=NOW, allow_fetching=False,
        revocation_mode="require",
    )  # fmt: skip
    signed = asn1_cms.ContentInfo.load(cms.sign(DATA, signer, NOW))["content"]
    status = asyncio.run(
        async_validate_detached_cms(DATA, signed, signer_validation_context=context)
    )
    assert status.intact
    assert status.valid
    assert status.trusted


@both
def test_a_key_may_live_elsewhere(signer):
    digest = hashlib.sha256(DATA).digest()
    to_sign = cms.signed_attributes(digest, signer.certificate, NOW)
    # RSA signs one thing in one way, so the two ways can be compared whole.
    made = cms.assemble(to_sign, signer.sign(to_sign), signer.certificate, signer.chain)
    assert verify(made).certificate == signer.certificate
    if signer is RSA:
        assert made == cms.sign(DATA, signer, NOW)
    assert refusal(
        cms.assemble, to_sign, SIGNER.sign(b"other"), SIGNER.certificate, ()
    ) in ("sealing.cms.signature", "sealing.cms.certificate")  # fmt: skip


def test_attributes_for_another_certificate_are_not_assembled():
    to_sign = cms.signed_attributes(bytes(32), RSA.certificate, NOW)
    code = refusal(cms.assemble, to_sign, SIGNER.sign(to_sign), SIGNER.certificate, ())
    assert code == "sealing.cms.certificate"


@given(st.binary(min_size=32, max_size=32), st.none() | st.datetimes(
    datetime(1951, 1, 1), datetime(2149, 12, 31), timezones=st.just(UTC)))  # fmt: skip
def test_attributes_are_read_as_they_were_written(digest, when):
    found = cms.read_attributes(cms.signed_attributes(digest, SIGNER.certificate, when))
    assert found.message_digest == digest
    assert found.signing_time == (when.replace(microsecond=0) if when else None)
    assert found.certificate_hash == hashlib.sha256(der(SIGNER.certificate)).digest()


def test_other_content_is_not_what_was_signed():
    assert refusal(verify, data=DATA + b" ") == "sealing.cms.digest"
    assert refusal(cms.check_digest, GOOD, {}) == "sealing.cms.digest"


@settings(max_examples=150)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_altered_byte_changes_what_is_believed(position, difference):
    altered = bytearray(GOOD)
    altered[position] ^= difference
    try:
        found = verify(bytes(altered))
    except Refused:
        return
    # Bytes outside what is signed may differ (a certificate's order); never the meaning.
    assert found.certificate == SIGNER.certificate
    assert found.attributes == verify().attributes
    assert found.chain == verify().chain


def test_a_type_that_the_library_cannot_value_is_refused():
    # An ObjectDescriptor (tag 7) where a certificate's BasicConstraints begin.
    altered = GOOD.replace(bytes.fromhex("30060101ff"), bytes.fromhex("30060701ff"))
    assert altered != GOOD
    with suppress(Refused):
        cms.check(altered, DATA)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_what_is_no_signature_is_refused(data):
    assert refusal(cms.check, data, DATA) == "sealing.cms.malformed"


def test_a_cut_or_lengthened_signature_is_refused():
    for data in (GOOD[:-1], GOOD + b"\x00", GOOD + GOOD, b""):
        assert refusal(cms.check, data, DATA) == "sealing.cms.malformed"
    too_large = GOOD + bytes(cms.MAX_SIZE)
    assert refusal(cms.check, too_large, DATA) == "sealing.cms.too_large"


def rebuilt(change):
    content = asn1_cms.ContentInfo.load(GOOD)
    signed = content["content"].copy()
    change(signed)
    return asn1_cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump(force=True)


def two_signers(signed):
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def no_signer(signed):
    signed["signer_infos"] = []


def attached(signed):
    signed["encap_content_info"] = {"content_type": "data", "content": DATA}


def counter_signed(signed):
    signed["signer_infos"][0]["unsigned_attrs"] = [
        {"type": "counter_signature", "values": [signed["signer_infos"][0].copy()]}
    ]


def unsigned_only(signed):
    del signed["signer_infos"][0]["signed_attrs"]


@pytest.mark.parametrize(
    "change", [two_signers, no_signer, attached, counter_signed, unsigned_only]
)
def test_one_detached_signature_by_one_signer_and_nothing_else(change):
    assert refusal(cms.check, rebuilt(change), DATA) == "sealing.cms.malformed"


def test_the_signers_certificate_must_be_there():
    def strip(signed):
        signed["certificates"] = [
            choice for choice in signed["certificates"]
            if choice.chosen.serial_number != SIGNER.certificate.serial_number
        ]  # fmt: skip

    assert refusal(cms.check, rebuilt(strip), DATA) == "sealing.cms.certificate"

    def strip_all(signed):
        del signed["certificates"]

    assert refusal(cms.check, rebuilt(strip_all), DATA) == "sealing.cms.certificate"


def test_a_second_certificate_of_the_same_key_does_not_take_over():
    """The substitution that signingCertificateV2 exists against (RFC 5035 §2)."""
    from kernel.sealing.authority import _certificate, _name

    mine = SIGNER.certificate
    twin = _certificate(
        _name(O="另一公司", ID="NTRCN-91350000MA2EXAMPL9", CN="张三"), SIGNER.key,
        OWN.issuing.certificate.subject, OWN.issuing.key, NOW, NOW + timedelta(days=9), [],
    )  # fmt: skip

    def swap(signed):
        from asn1crypto import x509 as asn1_x509

        own = asn1_x509.Certificate.load(der(twin))
        signed["certificates"] = [own]
        signed["signer_infos"][0]["sid"] = asn1_cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": own.issuer, "serial_number": own.serial_number},
        )

    assert twin.public_key() == mine.public_key()
    assert refusal(cms.check, rebuilt(swap), DATA) == "sealing.cms.certificate"


def test_a_weak_digest_is_not_accepted():
    def weaken(signed):
        signed["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha1"}

    assert refusal(cms.check, rebuilt(weaken), DATA) == "sealing.cms.algorithm"

    def mismatch(signed):
        info = signed["signer_infos"][0]
        info["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha1_ecdsa"})

    assert refusal(cms.check, rebuilt(mismatch), DATA) == "sealing.cms.algorithm"


def test_attributes_twice_or_not_in_der_are_refused():
    attributes = cms.signed_attributes(bytes(32), SIGNER.certificate, NOW)
    parsed = list(asn1_cms.CMSAttributes.load(attributes))
    doubled = asn1_cms.CMSAttributes([*parsed, parsed[0]]).dump()
    body = b"".join(p.dump() for p in parsed[::-1])
    reordered = b"\x31\x82" + len(body).to_bytes(2, "big") + body
    for data in (doubled, reordered, attributes + b"\x00", b"", b"\x31\x00"):
        assert refusal(cms.read_attributes, data) == "sealing.cms.malformed"


def test_trust_is_asked_for_the_time_that_counts():
    assert refusal(verify, at=NOW - timedelta(days=1)) == "sealing.certificate.not_yet"
    assert refusal(verify, at=NOW + timedelta(days=366)) == "sealing.certificate.expired"
    assert refusal(verify, crls=()) == "sealing.certificate.crl_missing"
    # The signer may claim any time; it is told, and believed by nobody.
    claimed = cms.sign(DATA, SIGNER, NOW - timedelta(days=99))
    assert verify(claimed).attributes.signing_time < NOW - timedelta(days=98)


def test_a_revoked_signer_is_refused():
    authority = replace(OWN, revoked={})
    authority.revoke(SIGNER.certificate.serial_number, NOW, "key_compromise")
    crls = [load_crl(data) for data in authority.crls(NOW)]
    assert refusal(verify, crls=crls) == "sealing.certificate.revoked"


def test_a_signature_may_come_without_its_chain():
    made = cms.sign(DATA, KeySigner(SIGNER.key, SIGNER.certificate), NOW)
    assert refusal(verify, made) == "sealing.certificate.untrusted"
    found = cms.verify(
        made, DATA, OWN.anchors, NOW, crls=CRLS, intermediates=[OWN.issuing.certificate]
    )
    assert found.certificate == SIGNER.certificate


class Elsewhere:
    """A signer whose key is not in memory."""

    def __init__(self, key, certificate):
        self._own = KeySigner(key, certificate)
        self.certificate, self.chain = certificate, ()

    def sign(self, data):
        """By whatever key there is."""
        return self._own.sign(data)


@pytest.mark.parametrize("kind", [KeySigner, Elsewhere])
def test_a_signer_whose_key_is_not_its_certificates_signs_nothing(kind):
    stranger = ec.generate_private_key(ec.SECP256R1())
    for _ in range(2):  # also when it was asked before
        code = refusal(cms.sign, DATA, kind(stranger, SIGNER.certificate), NOW)
        assert code == "sealing.cms.signature"
    made = cms.sign(DATA, kind(SIGNER.key, SIGNER.certificate), NOW)
    assert cms.check(made, DATA).certificate == SIGNER.certificate


def test_values_inside_values_without_end_are_refused_at_once():
    inner = b"\x05\x00"
    for _level in range(2000):
        inner = item(SEQUENCE, inner)
    assert not is_strict(inner)
    shallow = b"\x05\x00"
    for _level in range(40):
        shallow = item(SEQUENCE, shallow)
    assert is_strict(shallow)
    assert not is_strict(shallow[:-1])
