"""The place of a signature in a PDF: an incremental update that changes nothing else. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest

from kernel.errors import Conflict, Refused

# What the library lets through when a file's bytes do not mean what their types promise.
MALFORMED = (
    PdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    UnsupportedAlgorithm,
    zlib.error,
)


@dataclass(frozen=True)
class Place:
    """A PDF with room for a signature.

    reserved: start and end offset of the ``/Contents`` value, its angle brackets included.
    digest: SHA-256 over everything outside ``reserved``.
    """

    pdf: bytes
    reserved: tuple[int, int]
    digest: bytes

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        """Offset, length, offset, length of what the signature covers (ISO 32000-1, 12.8.1)."""
        start, end = self.reserved
        return (0, start, end, len(self.pdf) - end)


class _Writer(IncrementalPdfFileWriter):
    """Leaves XMP and Info as the producer wrote them, on which the claim of PDF/A rests."""

    def _update_meta(self) -> None:
        return


class _Signer(PdfSigner):
    """Declares the PAdES extension only.

    The library would also raise the document to PDF 2.0 for an elliptic curve (ISO/TS 32002),
    but PDF/A-3 (ISO 19005-3) is PDF 1.7.
    """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        if pdf_out.output_version < (2, 0):
            pdf_out.register_extension(ESIC_EXTENSION_1)


def prepare(
    pdf: bytes,
    *,
    signer: x509.Certificate,
    field_name: str,
    reason: str,
    location: str,
    signing_time: datetime,
    room: int,
) -> Place:
    """Append an invisible signature field with ``room`` bytes for its CMS.

    Refuses ``documents.pdf.unreadable``, ``.encrypted``, ``.locked`` (a certification signature
    forbids changes) and, as a conflict, ``documents.signature.field_taken``.
    """
    output = BytesIO()
    try:
        writer = _open(pdf, field_name)
        session = _Signer(
            PdfSignatureMetadata(
                field_name=field_name,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                reason=reason,
                location=location,
            ),
            signer=ExternalSigner(signing_cert=signer, cert_registry=None, signature_value=room),
            new_field_spec=SigFieldSpec(field_name),
        ).init_signing_session(writer)
        session.system_time = signing_time
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * room)
        digest, _ = document.digest_tbs_document(output=output)
    except SigningError as fault:
        raise Refused.because("documents.pdf.locked", detail=str(fault)) from fault
    except MALFORMED as fault:
        raise Refused.because("documents.pdf.unreadable", detail=str(fault)) from fault
    return Place(
        pdf=output.getvalue(),
        reserved=(digest.reserved_region_start, digest.reserved_region_end),
        digest=digest.document_digest,
    )


def fill(pdf: bytes, reserved: tuple[int, int], content: bytes) -> bytes:
    """The prepared PDF with a CMS (DER) in its reserved place; nothing else moves."""
    output = BytesIO(pdf)
    start, end = reserved
    PreparedByteRangeDigest(b"", start, end).fill_with_cms(output, content)
    return output.getvalue()


def _open(pdf: bytes, field_name: str) -> IncrementalPdfFileWriter:
    writer = _Writer(BytesIO(pdf))
    if writer.prev.encrypted:
        raise Refused.because("documents.pdf.encrypted")
    taken = {name for name, _, _ in enumerate_sig_fields(writer.prev, filled_status=True)}
    if field_name in taken:
        raise Conflict.because("documents.signature.field_taken", name=field_name)
    return writer
