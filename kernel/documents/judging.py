"""How a signature in a PDF is judged, by pyHanko, which takes a second to import. Pure.

Only :mod:`kernel.documents.validation` comes here, and late: no process pays before it judges.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from kernel import clock
from kernel.documents.pdf_fields import MALFORMED
from kernel.documents.validation import SignatureReport
from kernel.errors import Refused
from kernel.sealing.certificates import der, fingerprint, identity_of, load

# A signer's clock may be a little ahead of ours before its time counts as a lie.
CLOCK_SKEW = timedelta(minutes=5)
_UNTRUSTED = "documents.signature.untrusted"
_WHY: dict[AdESSubIndic | None, str] = {
    AdESFailure.REVOKED: "documents.signature.revoked",
    AdESIndeterminate.REVOKED_NO_POE: "documents.signature.revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "documents.signature.issuer_revoked",
    AdESIndeterminate.EXPIRED: "documents.signature.certificate_expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "documents.signature.certificate_expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "documents.signature.certificate_expired",
    AdESFailure.NOT_YET_VALID: "documents.signature.certificate_not_yet_valid",
    AdESIndeterminate.NOT_YET_VALID: "documents.signature.certificate_not_yet_valid",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "documents.signature.unknown_issuer",
    AdESIndeterminate.TRY_LATER: "documents.signature.revocation_unknown",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "documents.signature.certificate_usage",
    AdESIndeterminate.SIG_CONSTRAINTS_FAILURE: "documents.signature.certificate_usage",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "documents.signature.weak_algorithm",
}
_USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)


def judge(
    pdf: bytes, *, anchors: Sequence[bytes], at: datetime, crls: Sequence[bytes] = ()
) -> list[SignatureReport]:
    """As :func:`kernel.documents.validation.validate`."""
    trust = _Trust([_anchor(one) for one in anchors], at, [_der(one) for one in crls])
    reader, found = _open(pdf)
    names = {name for name, _, _ in found}
    reports = [
        _report(reader, field, name, names, trust) for name, kind, field in found if kind == "/Sig"
    ]
    return [report for _, report in sorted(reports, key=lambda pair: pair[0])]


@dataclass(frozen=True)
class _Trust:
    """Against what signatures are judged."""

    anchors: Sequence[asn1_x509.Certificate]
    at: datetime
    crls: Sequence[bytes]

    def context(self, *, revocation: bool) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.anchors,
            moment=self.at,
            crls=self.crls if revocation else (),
            allow_fetching=False,
            # Its softer modes pass over given lists where a certificate names no place of a list.
            revocation_mode="require" if revocation else "none",
            # A list issued later than the moment still tells when a certificate was revoked.
            retroactive_revinfo=True,
        )


def _anchor(data: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der(load(data)))


def _der(crl: bytes) -> bytes:
    return bytes(pem.unarmor(crl)[2]) if pem.detect(crl) else crl


def _open(pdf: bytes) -> tuple[PdfFileReader, list[tuple[str, str, Any]]]:
    """A reader and, per filled signature field, its name, ``/Sig`` or other, and the field."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise Refused.because("documents.pdf.encrypted")
        return reader, [
            (name, str(value.get_object().get("/Type", "/Sig")), field.get_object())
            for name, value, field in enumerate_sig_fields(reader, filled_status=True)
        ]
    except MALFORMED as fault:
        raise Refused.because("documents.pdf.unreadable", detail=str(fault)) from fault


def _report(
    reader: PdfFileReader, field: Any, name: str, names: set[str], trust: _Trust
) -> tuple[int, SignatureReport]:
    """The revision that a signature made, and what it is worth."""
    try:
        found = EmbeddedPdfSignature(reader, field, name)
        status, untrusted = _judge(found, trust)
        own = load(found.signer_cert.dump())
        who = identity_of(own)
        claimed = _claimed_time(found)
    # Whatever stands in the place of a signature: broken ASN.1, no certificate, a foreign format.
    except (Refused, *MALFORMED):
        return 0, _unreadable(name)
    errors = _errors(status, untrusted, names)
    if claimed is not None:
        errors += _time_errors(own, claimed, trust.at)
    return found.signed_revision, SignatureReport(
        signer=who.person or who.organisation,
        organisation=who.organisation,
        uscc=who.uscc,
        intact=_intact(status),
        trusted=bool(status.trusted),
        covers_whole_document=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        modified_after=_modified(status, names),
        signing_time=claimed,
        errors=tuple(errors),
        timestamp=_proven_time(status),
        certificate_sha256=fingerprint(own),
        field_name=name,
    )


def _judge(found: EmbeddedPdfSignature, trust: _Trust) -> tuple[PdfSignatureStatus, str]:
    """The library's verdict, and the code of why the certificate is not trusted, if it is not."""
    status = _validated(found, trust.context(revocation=bool(trust.crls)))
    if status.trusted:
        return status, ""
    why = _WHY.get(status.trust_problem_indic, _UNTRUSTED)
    # The library has one answer for "no list covers this" and for other faults of a chain.
    if (
        why == _UNTRUSTED
        and trust.crls
        and _validated(found, trust.context(revocation=False)).trusted
    ):
        why = "documents.signature.revocation_unknown"
    return status, why


def _validated(found: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus:
    work = async_validate_pdf_signature(found, context, key_usage_settings=_USAGE)
    # A thread of its own, since the caller's may be running an event loop already.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def _unreadable(name: str) -> SignatureReport:
    return SignatureReport(
        signer="",
        organisation="",
        uscc="",
        intact=False,
        trusted=False,
        covers_whole_document=False,
        modified_after=False,
        signing_time=None,
        errors=("documents.signature.unreadable",),
        field_name=name,
    )


def _intact(status: PdfSignatureStatus) -> bool:
    whole_revision = status.coverage in (
        SignatureCoverageLevel.ENTIRE_REVISION,
        SignatureCoverageLevel.ENTIRE_FILE,
    )
    return bool(status.intact and status.valid and whole_revision)


def _errors(status: PdfSignatureStatus, untrusted: str, names: set[str]) -> list[str]:
    errors = []
    if not _intact(status):
        errors.append("documents.signature.altered")
    elif untrusted:
        errors.append(untrusted)
    if _modified(status, names):
        errors.append("documents.signature.modified_after")
    return errors


def _modified(status: PdfSignatureStatus, names: set[str]) -> bool:
    """Whether an update after this signature did anything but sign (ISO 32000-1, 12.8.2.2)."""
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return False
    changes = status.diff_result
    if not isinstance(changes, DiffResult) or not status.docmdp_ok:
        return True
    # The library also lets other fields be filled in; our documents have none.
    return bool(changes.changed_form_fields - names)


def _time_errors(own: x509.Certificate, claimed: datetime, at: datetime) -> list[str]:
    errors = []
    if not own.not_valid_before_utc <= claimed <= own.not_valid_after_utc:
        errors.append("documents.signature.time_outside_certificate")
    if claimed > at + CLOCK_SKEW:
        errors.append("documents.signature.time_in_future")
    return errors


def _claimed_time(found: EmbeddedPdfSignature) -> datetime | None:
    claimed: datetime | None = found.self_reported_timestamp
    if claimed is not None and claimed.tzinfo is None:
        return claimed.replace(tzinfo=clock.LEGAL_ZONE)
    return claimed


def _proven_time(status: PdfSignatureStatus) -> datetime | None:
    proof = status.timestamp_validity
    return proof.timestamp if proof is not None and proof.trusted else None
