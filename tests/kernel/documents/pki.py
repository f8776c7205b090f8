"""A small certificate authority and a real PDF/A-3a for the tests of signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from weasyprint import HTML, Attachment

NOW = datetime(2026, 3, 2, 6, 30, 15, tzinfo=UTC)
USCC = "91350100M000100Y43"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Holder:
    """A key with its certificate, as a signer outside the platform has it."""

    key: Key
    cert: x509.Certificate
    chain: list[bytes] = field(default_factory=list)

    @property
    def certificate(self) -> bytes:
        return self.cert.public_bytes(Encoding.PEM)

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def p12(self, pin: str) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"signer", self.key, self.cert, None, BestAvailableEncryption(pin.encode())
        )


class Authority:
    """A root that issues signers and revocation lists."""

    def __init__(self, name: str = "测试根证书") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.cert = (
            self._builder(self.name, self.key, NOW - timedelta(days=900), timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(ca=True), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(Encoding.PEM)

    def issue(
        self,
        name: str = "张三",
        *,
        organisation: str = "示例建设集团有限公司",
        uscc: str = USCC,
        key: Key | None = None,
        since: datetime = NOW - timedelta(days=30),
        lasts: timedelta = timedelta(days=365),
        usage: x509.KeyUsage | None = None,
        purpose: x509.ObjectIdentifier | None = None,
    ) -> Holder:
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, uscc),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        builder = (
            self._builder(subject, key, since, lasts)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage or _usage(ca=False), critical=True)
        )
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        return Holder(key, builder.sign(self.key, hashes.SHA256()), [self.pem])

    def crl(self, *revoked: Holder, at: datetime = NOW - timedelta(days=1)) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(NOW - timedelta(days=1))
            .next_update(NOW + timedelta(days=30))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False
            )
            .add_extension(x509.CRLNumber(1), False)
        )
        for holder in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(holder.cert.serial_number)
                .revocation_date(at)
                .build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def _builder(
        self, subject: x509.Name, key: Key, since: datetime, lasts: timedelta
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + lasts)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False
            )
        )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def rsa_key(bits: int = 3072) -> rsa.RSAPrivateKey:
    """RSA keys are slow to make; the tests share one of each size."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def draft() -> bytes:
    """A real one: tagged PDF/A-3a with an attachment and an embedded Chinese font."""
    font = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    style = (
        f"@font-face{{font-family:F;src:url({font.as_uri()})}}"
        "@page{size:A4;@bottom-center{font-family:F;content:counter(page)}}body{font-family:F}"
    )
    html = (
        f"<html lang=zh><head><title>中标通知书</title><style>{style}</style></head>"
        "<body><h1>中标通知书</h1><p>示例大桥工程施工一标段</p></body></html>"
    )
    data = Attachment(string='{"number":"2026-001"}', name="data.json", relationship="Data")
    written = HTML(string=html, base_url="file:///").write_pdf(
        pdf_variant="pdf/a-3a", attachments=[data]
    )
    assert isinstance(written, bytes)
    return written


def timestamp(authority: Authority, digest: bytes, at: datetime) -> bytes:
    """An RFC 3161 token, DER, over a SHA-256 digest, by a fresh time-stamp authority."""
    tsa = authority.issue("时间戳", key=rsa_key(), purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(tsa.cert.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(
            tsa.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        fixed_dt=at,
    )
    _, request = stamper.request_cms(digest, "sha256")
    token = stamper.request_tsa_response(request)
    return bytes(token["time_stamp_token"].dump())
