"""The demonstration authority: profiles that foreign programs accept, keys that stay private."""

import shutil
import stat
import subprocess
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtensionOID

from kernel.sealing.authority import CRL_LIFETIME, DemoAuthority
from kernel.sealing.certificates import DEMONSTRATION_POLICY, pem
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import build_chain
from tests.kernel.sealing.support import refusal

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")


def test_what_is_saved_comes_back_and_goes_on(authority, signer, now, tmp_path):
    saved = DemoAuthority(authority.root, authority.issuing)
    saved.revoke(signer.certificate.serial_number, now, "superseded")
    saved.save(tmp_path / "ca", b"password")
    loaded = DemoAuthority.load(tmp_path / "ca", b"password")
    assert loaded.revoked == saved.revoked
    assert loaded.anchors == authority.anchors
    fresh = loaded.issue_signer("王五", "示例", "91350000MA2EXAMPL1", now, 1)
    assert build_chain(fresh.certificate, fresh.chain, authority.anchors, now)
    loaded.save(tmp_path / "ca", b"password")
    assert DemoAuthority.load(tmp_path / "ca", b"password").revoked == saved.revoked


def test_saved_keys_are_for_their_owner_only(authority, tmp_path):
    authority.save(tmp_path / "ca")
    for path in (tmp_path / "ca").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700


def test_a_saved_authority_that_does_not_read_is_refused(authority, tmp_path):
    assert refusal(DemoAuthority.load, tmp_path) == "sealing.authority.broken"
    authority.save(tmp_path, b"password")
    assert refusal(DemoAuthority.load, tmp_path) == "sealing.authority.broken"
    assert refusal(DemoAuthority.load, tmp_path, b"other") == "sealing.authority.broken"


def test_two_authorities_share_no_key(authority, now):
    other = DemoAuthority.create(now)
    keys = {
        signer.certificate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        for one in (authority, other)
        for signer in (one.root, one.issuing)
    }
    assert len(keys) == 4


def test_every_certificate_carries_the_demonstration_policy(authority, signer, now):
    for certificate in (*signer.chain, signer.certificate, authority.issue_tsa(now, 1).certificate):
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
        assert [p.policy_identifier for p in policies] == [DEMONSTRATION_POLICY]


def test_constraints_and_usage_are_critical(signer):
    for certificate in (*signer.chain, signer.certificate):
        for oid in (ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE):
            assert certificate.extensions.get_extension_for_oid(oid).critical


def test_rsa_is_at_hand(rsa_signer):
    key = rsa_signer.certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072


def test_lists_grow_and_say_why(authority, now):
    own = DemoAuthority(authority.root, authority.issuing)
    first = load_crl(own.crl(now))
    own.revoke(5, now, "key_compromise")
    own.revoke(5, now + timedelta(days=1), "superseded")
    own.revoke(6, now + timedelta(days=1))
    second = load_crl(own.crl(now + timedelta(days=1)))
    assert len(first) == 0
    assert second.next_update_utc - second.last_update_utc == CRL_LIFETIME
    entry = second.get_revoked_certificate_by_serial_number(5)
    assert entry.revocation_date_utc == now.replace(microsecond=0)
    reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.key_compromise
    assert not second.get_revoked_certificate_by_serial_number(6).extensions
    numbers = [c.extensions.get_extension_for_class(x509.CRLNumber).value for c in (first, second)]
    assert numbers[0].crl_number < numbers[1].crl_number


@pytest.mark.parametrize("reason", ["because", "remove_from_crl", ""])
def test_a_reason_that_the_standard_does_not_know_is_refused(authority, now, reason):
    own = DemoAuthority(authority.root, authority.issuing)
    assert refusal(own.revoke, 5, now, reason) == "sealing.authority.reason"
    assert not own.revoked


@needs_openssl
@pytest.mark.parametrize(("kind", "purpose"), [("signer", "smimesign"), ("tsa", "timestampsign")])
def test_openssl_accepts_chain_profile_and_lists(authority, signer, now, tmp_path, kind, purpose):
    made = signer if kind == "signer" else authority.issue_tsa(now, 30)
    (tmp_path / "root.pem").write_bytes(pem([authority.root.certificate]))
    (tmp_path / "middle.pem").write_bytes(pem([authority.issuing.certificate]))
    (tmp_path / "leaf.pem").write_bytes(pem([made.certificate]))
    lists = (load_crl(data) for data in authority.crls(now))
    crl = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in lists)
    (tmp_path / "crl.pem").write_bytes(crl)
    command = [
        "openssl", "verify", "-x509_strict", "-purpose", purpose, "-crl_check_all",
        "-policy_check", "-explicit_policy", "-policy", DEMONSTRATION_POLICY.dotted_string,
        "-attime", str(int(now.timestamp()) + 1), "-CAfile", "root.pem",
        "-untrusted", "middle.pem", "-CRLfile", "crl.pem", "leaf.pem",
    ]  # fmt: skip
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
