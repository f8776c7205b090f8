"""Key files: a PIN opens them, nothing else does, and other programs read them."""

import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from kernel.sealing.keystore import make_p12, open_p12
from tests.kernel.sealing.support import refusal

PIN = "演示-123456"


def p12(key, certificate):
    return pkcs12.serialize_key_and_certificates(
        None, key, certificate, None, BestAvailableEncryption(PIN.encode())
    )


def test_a_signer_comes_back_from_its_file(signer):
    opened = open_p12(make_p12(signer, PIN, "张三", rounds=1000), PIN)
    assert opened.certificate == signer.certificate
    assert opened.chain == signer.chain
    signature = opened.sign(b"data")
    signer.certificate.public_key().verify(signature, b"data", ec.ECDSA(SHA256()))


def test_rsa_signs_too(rsa_signer):
    signature = open_p12(make_p12(rsa_signer, PIN, rounds=1000), PIN).sign(b"data")
    key = rsa_signer.certificate.public_key()
    key.verify(signature, b"data", padding.PKCS1v15(), SHA256())


def test_a_wrong_pin_and_a_broken_file_do_not_open(signer):
    data = make_p12(signer, PIN, rounds=1000)
    for wrong in ((data, "654321"), (data, ""), (data[:-9], PIN), (b"", PIN), (b"junk", PIN)):
        assert refusal(open_p12, *wrong) == "sealing.keystore.cannot_open"


def test_a_file_without_a_usable_key_is_refused(signer):
    only = pkcs12.serialize_key_and_certificates(
        None, None, signer.certificate, None, BestAvailableEncryption(PIN.encode())
    )
    assert refusal(open_p12, only, PIN) == "sealing.keystore.no_key"
    other = p12(ed25519.Ed25519PrivateKey.generate(), None)
    assert refusal(open_p12, other, PIN) == "sealing.keystore.no_key"


def test_a_key_file_is_never_without_a_pin(signer):
    assert refusal(make_p12, signer, "") == "sealing.keystore.no_pin"


def test_a_signer_does_not_show_its_key(signer):
    assert "private" not in repr(signer).lower()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_openssl_reads_the_file_and_names_modern_encryption(signer, tmp_path):
    (tmp_path / "a.p12").write_bytes(make_p12(signer, "123456", "demo"))
    result = subprocess.run(
        ["openssl", "pkcs12", "-in", tmp_path / "a.p12", "-passin", "pass:123456", "-info",
         "-noout"], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256" in result.stderr
    assert "MAC: sha256" in result.stderr


def test_a_key_of_another_kind_than_the_law_s_is_refused(signer):
    key = ed25519.Ed25519PrivateKey.generate()
    name = signer.certificate.subject
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(signer.certificate.not_valid_before_utc)
        .not_valid_after(signer.certificate.not_valid_after_utc)
        .sign(key, None)
    )
    assert refusal(open_p12, p12(key, certificate), PIN) == "sealing.keystore.unsupported"
