"""Who stands in a certificate and what it may be used for."""

import hashlib
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kernel.sealing import certificates
from kernel.sealing.authority import _usage
from kernel.sealing.certificates import Identity, Profile, check_profile, identity_of
from tests.kernel.sealing.support import refusal

USCC = "91350000MA2EXAMPL1"
EC = ec.generate_private_key(ec.SECP256R1())


def certificate(now, *, names=(), key=EC, extensions=()):
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return builder.sign(EC, hashes.SHA256())


def test_a_person_who_acts_for_an_organisation_is_read(signer, rsa_signer):
    assert identity_of(signer.certificate) == Identity("张三", "示例建设有限公司", USCC)
    assert identity_of(rsa_signer.certificate) == Identity("", "示例公证处", "12350000MB2EXAMPL2")


@pytest.mark.parametrize(
    ("names", "uscc"),
    [
        ([(NameOID.SERIAL_NUMBER, USCC)], USCC),
        ([(NameOID.ORGANIZATION_IDENTIFIER, USCC)], USCC),
        ([(NameOID.ORGANIZATION_IDENTIFIER, "NTRCN-" + USCC)], USCC),
        ([(NameOID.ORGANIZATION_IDENTIFIER, USCC), (NameOID.SERIAL_NUMBER, USCC)], USCC),
        ([(NameOID.ORGANIZATION_IDENTIFIER, USCC), (NameOID.SERIAL_NUMBER, "SN-17")], USCC),
        ([(NameOID.ORGANIZATION_IDENTIFIER, "NTRDE-" + USCC)], ""),
        ([(NameOID.SERIAL_NUMBER, USCC + "0")], ""),
        ([], ""),
    ],
)
def test_the_code_of_the_organisation_is_found_where_authorities_write_it(now, names, uscc):
    assert identity_of(certificate(now, names=names)).uscc == uscc


@pytest.mark.parametrize(
    "names",
    [
        [(NameOID.ORGANIZATION_IDENTIFIER, USCC), (NameOID.SERIAL_NUMBER, "1" + USCC[1:])],
        [(NameOID.COMMON_NAME, "a"), (NameOID.COMMON_NAME, "b")],
        [(NameOID.ORGANIZATION_NAME, "a"), (NameOID.ORGANIZATION_NAME, "b")],
    ],
)
def test_a_certificate_that_names_two_is_refused(now, names):
    assert refusal(identity_of, certificate(now, names=names)) == "sealing.certificate.identity"


def test_pem_and_der_are_read_and_one_means_one(signer):
    pem, der = certificates.pem([signer.certificate]), certificates.der(signer.certificate)
    assert certificates.load(pem) == certificates.load(der) == signer.certificate
    assert certificates.load_many(pem + certificates.pem(signer.chain)) == [
        signer.certificate,
        *signer.chain,
    ]
    for data in (
        b"",
        b"junk",
        der + b"\x00",
        pem + pem,
        b"-----BEGIN CERTIFICATE-----\n",
        pem[:99],
    ):
        assert refusal(certificates.load, data) == "sealing.certificate.malformed"


def test_a_certificate_with_broken_parts_is_refused_when_it_is_read(now):
    broken = x509.UnrecognizedExtension(x509.ExtendedKeyUsage.oid, b"\x30\x03\x01")
    made = certificate(now, extensions=[(broken, False)])
    code = refusal(certificates.load, certificates.der(made))
    assert code == "sealing.certificate.malformed"
    named = certificate(now, names=[(NameOID.COMMON_NAME, "AAAA")])
    bad_text = certificates.der(named).replace(b"AAAA", b"\xff\xfe\xfd\xfc")
    assert refusal(certificates.load, bad_text) == "sealing.certificate.malformed"


def test_the_fingerprint_is_sha256_of_der(signer):
    expected = hashlib.sha256(certificates.der(signer.certificate)).hexdigest()
    assert certificates.fingerprint(signer.certificate) == expected


GOOD = (_usage(digital_signature=True), True)
TSA_USE = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])


@pytest.mark.parametrize(
    ("extensions", "fits"),
    [
        ([GOOD], True),
        ([(_usage(content_commitment=True), False)], True),
        ([GOOD, (x509.ExtendedKeyUsage([certificates.DOCUMENT_SIGNING]), False)], True),
        ([GOOD, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)], True),
        ([GOOD, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)], False),
        ([GOOD, (TSA_USE, True)], False),
        ([], False),
        ([(_usage(key_encipherment=True), True)], False),
        ([(_usage(digital_signature=True, key_cert_sign=True), True)], False),
        ([GOOD, (x509.BasicConstraints(ca=True, path_length=0), True)], False),
    ],
)
def test_only_a_signers_certificate_signs(now, extensions, fits):
    made = certificate(now, extensions=extensions)
    if fits:
        check_profile(made, Profile.SIGNER)
    else:
        assert refusal(check_profile, made, Profile.SIGNER) == "sealing.certificate.wrong_profile"


@pytest.mark.parametrize(
    ("extensions", "fits"),
    [
        ([GOOD, (TSA_USE, True)], True),
        ([GOOD, (TSA_USE, False)], False),
        ([GOOD], False),
        (
            [
                GOOD,
                (
                    x509.ExtendedKeyUsage(
                        [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH]
                    ),
                    True,
                ),
            ],
            False,
        ),
    ],
)
def test_a_time_stamp_comes_only_from_who_does_nothing_else(now, extensions, fits):
    made = certificate(now, extensions=extensions)
    if fits:
        check_profile(made, Profile.TIMESTAMP)
    else:
        code = refusal(check_profile, made, Profile.TIMESTAMP)
        assert code == "sealing.certificate.wrong_profile"


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256K1()),
    ],
    ids=["rsa1024", "ed25519", "secp256k1"],
)
def test_weak_and_unknown_keys_are_refused(now, key):
    made = certificate(now, key=key, extensions=[GOOD])
    assert refusal(check_profile, made, Profile.SIGNER) == "sealing.certificate.key_unsupported"


def test_a_demonstration_certificate_says_so(authority, signer, now):
    for made in (signer.certificate, *signer.chain):
        assert certificates.is_demonstration(made)
        assert "DEMONSTRATION" in made.issuer.rfc4514_string()
    assert not certificates.is_demonstration(certificate(now, extensions=[GOOD]))
    policy = x509.PolicyInformation(certificates.DEMONSTRATION_POLICY, None)
    marked = certificate(now, extensions=[(x509.CertificatePolicies([policy]), False)])
    assert certificates.is_demonstration(marked)
