"""A demonstration certificate authority: right profiles, and "DEMONSTRATION" all over it.

Keys are made at run time and never shipped. Each certificate carries the demonstration policy and
an issuer that says so, and :mod:`kernel.sealing.trust` never lets one verify under other anchors.
Times are passed in, never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kernel.errors import Refused
from kernel.sealing import canonical
from kernel.sealing.certificates import (
    DEMONSTRATION,
    DEMONSTRATION_POLICY,
    DOCUMENT_SIGNING,
    load,
    pem,
)
from kernel.sealing.keystore import KeySigner, SigningKey
from kernel.sealing.trust import Anchors

OPERATOR = f"筑信 {DEMONSTRATION}"
CRL_LIFETIME = timedelta(days=7)

_ROOT_LIFETIME = timedelta(days=365 * 20)
_ISSUING_LIFETIME = timedelta(days=365 * 15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILES = ("root.pem", "root.key", "issuing.pem", "issuing.key", "revoked.json")


@dataclass
class DemoAuthority:
    """A root, an issuing authority under it, and what the latter revoked.

    revoked: serial number → (instant, reason as in RFC 5280 §5.3.1, e.g. ``key_compromise``).
    """

    root: KeySigner
    issuing: KeySigner
    revoked: dict[int, tuple[datetime, str]] = field(default_factory=dict)

    @classmethod
    def create(cls, now: datetime) -> DemoAuthority:
        """A new authority with new keys, valid from ``now``."""
        root_key, issuing_key = _new_key("p256"), _new_key("p256")
        root_name = _name(O=OPERATOR, CN=f"Zhuxin {DEMONSTRATION} Root CA")
        issuing_name = _name(O=OPERATOR, CN=f"Zhuxin {DEMONSTRATION} Issuing CA")
        root = _certificate(
            root_name, root_key, root_name, root_key, now, now + _ROOT_LIFETIME, _authority(1)
        )
        issuing = _certificate(
            issuing_name,
            issuing_key,
            root_name,
            root_key,
            now,
            now + _ISSUING_LIFETIME,
            _authority(0),
        )
        return cls(KeySigner(root_key, root), KeySigner(issuing_key, issuing, (root,)))

    @property
    def anchors(self) -> Anchors:
        """The root as a demonstration anchor."""
        return Anchors((self.root.certificate,), demonstration=True)

    def issue_signer(
        self,
        person: str,
        organisation: str,
        uscc: str,
        now: datetime,
        days: int,
        key: str = "p256",
    ) -> KeySigner:
        """A signing certificate, with its new key, for a person who acts for an organisation.

        An empty person gives the certificate of the organisation's seal. key: ``p256`` or
        ``rsa3072``. The name of the organisation stands in O, the code in organizationIdentifier
        (ETSI EN 319 412-1).
        """
        subject = _name(O=organisation, ID=f"NTRCN-{uscc}", CN=person or organisation)
        usage = [
            DOCUMENT_SIGNING,
            ExtendedKeyUsageOID.EMAIL_PROTECTION,  # what `openssl cms -verify` asks for
            ExtendedKeyUsageOID.CLIENT_AUTH,
        ]
        return self._issue(subject, usage, False, now, days, key)

    def issue_tsa(self, now: datetime, days: int, name: str = "TSA") -> KeySigner:
        """A time-stamp authority's certificate (RFC 3161 §2.3), with its new key."""
        subject = _name(O=OPERATOR, CN=f"Zhuxin {DEMONSTRATION} {name}")
        return self._issue(subject, [ExtendedKeyUsageOID.TIME_STAMPING], True, now, days, "p256")

    def revoke(self, serial: int, now: datetime, reason: str = "unspecified") -> None:
        """Enter a certificate in the lists made from now on; a second revocation changes nothing.

        Refuses a reason that RFC 5280 does not know with ``sealing.authority.reason``.
        """
        if reason not in x509.ReasonFlags.__members__ or reason == "remove_from_crl":
            raise Refused.because("sealing.authority.reason", reason=reason)
        self.revoked.setdefault(serial, (_second(now), reason))

    def crl(self, now: datetime) -> bytes:
        """The issuing authority's list, DER, valid for seven days."""
        return _crl(self.issuing, self.revoked, now)

    def crls(self, now: datetime) -> tuple[bytes, bytes]:
        """The lists that a chain needs, DER: the issuing authority's and the root's."""
        return self.crl(now), _crl(self.root, {}, now)

    def save(self, directory: Path, password: bytes | None = None) -> None:
        """Write keys (mode 0600, under the password if given), certificates and revocations."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        revoked = [
            [format(serial, "x"), (at - _EPOCH) // timedelta(seconds=1), reason]
            for serial, (at, reason) in sorted(self.revoked.items())
        ]
        contents = (
            pem([self.root.certificate]),
            _key_pem(self.root.key, password),
            pem([self.issuing.certificate]),
            _key_pem(self.issuing.key, password),
            canonical.encode(revoked),
        )
        for name, content in zip(_FILES, contents, strict=True):
            path = directory / name
            partial = path.with_name(name + ".partial")
            partial.unlink(missing_ok=True)
            partial.touch(mode=0o600, exist_ok=False)
            partial.write_bytes(content)
            partial.replace(path)

    @classmethod
    def load(cls, directory: Path, password: bytes | None = None) -> DemoAuthority:
        """What :meth:`save` wrote; refuses what does not read with ``sealing.authority.broken``."""
        try:
            root, root_key, issuing, issuing_key, revoked = (
                (directory / name).read_bytes() for name in _FILES
            )
            keys = [
                serialization.load_pem_private_key(data, password)
                for data in (root_key, issuing_key)
            ]
            entries = {
                int(serial, 16): (_EPOCH + timedelta(seconds=at), str(reason))
                for serial, at, reason in canonical.decode(revoked)
            }
        except (OSError, ValueError, TypeError) as fault:
            raise Refused.because("sealing.authority.broken") from fault
        signers = []
        for key, certificate in zip(keys, (load(root), load(issuing)), strict=True):
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise Refused.because("sealing.authority.broken")
            signers.append(KeySigner(key, certificate))
        top, below = signers
        return cls(top, KeySigner(below.key, below.certificate, (top.certificate,)), entries)

    def _issue(
        self,
        subject: x509.Name,
        usage: Sequence[x509.ObjectIdentifier],
        critical: bool,
        now: datetime,
        days: int,
        key: str,
    ) -> KeySigner:
        own, issuer = _new_key(key), self.issuing.certificate
        until = min(now + timedelta(days=days), issuer.not_valid_after_utc)
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(digital_signature=True, content_commitment=True), True),
            (x509.ExtendedKeyUsage(usage), critical),
        ]
        certificate = _certificate(
            subject, own, issuer.subject, self.issuing.key, now, until, extensions
        )
        return KeySigner(own, certificate, (issuer, self.root.certificate))


def _new_key(kind: str) -> SigningKey:
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "rsa3072":
        return rsa.generate_private_key(public_exponent=65537, key_size=3072)
    raise ValueError(f"unknown kind of key: {kind}")


def _name(**parts: str) -> x509.Name:
    oids = {
        "O": NameOID.ORGANIZATION_NAME,
        "ID": NameOID.ORGANIZATION_IDENTIFIER,
        "CN": NameOID.COMMON_NAME,
    }
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")
    return x509.Name([country, *(x509.NameAttribute(oids[k], v) for k, v in parts.items())])


def _authority(path_length: int) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (_usage(key_cert_sign=True, crl_sign=True), True),
    ]


def _usage(**uses: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{use: uses.get(use, False) for use in every})


def _certificate(
    subject: x509.Name,
    key: SigningKey,
    issuer: x509.Name,
    issuer_key: SigningKey,
    now: datetime,
    until: datetime,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    policy = x509.PolicyInformation(DEMONSTRATION_POLICY, None)
    common: list[tuple[x509.ExtensionType, bool]] = [
        (x509.CertificatePolicies([policy]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False),
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_second(now))
        .not_valid_after(_second(until))
    )
    for extension, critical in (*extensions, *common):
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _crl(issuer: KeySigner, revoked: dict[int, tuple[datetime, str]], now: datetime) -> bytes:
    # Numbers must grow with each list (RFC 5280 §5.2.3); the instant does.
    number = (now - _EPOCH) // timedelta(microseconds=1)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(_second(now))
        .next_update(_second(now + CRL_LIFETIME))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for serial, (at, reason) in sorted(revoked.items()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        if reason != "unspecified":
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    crl = builder.sign(issuer.key, hashes.SHA256())
    return crl.public_bytes(serialization.Encoding.DER)


def _key_pem(key: SigningKey, password: bytes | None) -> bytes:
    encryption: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def _second(instant: datetime) -> datetime:
    """X.509 counts whole seconds; cut down, so that a certificate is valid at its very start."""
    return instant.astimezone(UTC).replace(microsecond=0)
