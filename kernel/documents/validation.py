"""What the signatures in a PDF are worth, told from bytes alone: no network, no clock. Pure.

Follows ETSI EN 319 102-1 as pyHanko does it: integrity of the byte range, the CMS, the chain to
given anchors at a given moment, revocation by given lists, and what was appended afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SignatureReport:
    """One signature of a PDF.

    signer: the person, or the organisation where the certificate is one of its seal.
    organisation, uscc: as the certificate names them; empty where it does not.
    intact: the signed bytes are as they were and the key of this certificate signed them.
    trusted: intact, the chain ends in an anchor, nothing in it is revoked or out of its dates.
    covers_whole_document: nothing at all was appended after it.
    modified_after: something other than further signatures was changed after it.
    signing_time: the signer's claim; timestamp: what a trusted time-stamp proves, if there is one.
    errors: codes of everything wrong, empty for a signature that holds.
    certificate_sha256: hex, of the DER; field_name: the field in the PDF.
    """

    signer: str
    organisation: str
    uscc: str
    intact: bool
    trusted: bool
    covers_whole_document: bool
    modified_after: bool
    signing_time: datetime | None
    errors: tuple[str, ...]
    timestamp: datetime | None = None
    certificate_sha256: str = ""
    field_name: str = ""

    @property
    def holds(self) -> bool:
        """Whether this signature can be relied on."""
        return not self.errors


def validate(
    pdf: bytes, *, anchors: Sequence[bytes], at: datetime, crls: Sequence[bytes] = ()
) -> list[SignatureReport]:
    """A report for every signature of a PDF, oldest first; empty for an unsigned one.

    anchors: certificates (PEM or DER) that are trusted as such.
    at: the aware moment at which chains are judged: now, or one proven by a time-stamp or receipt.
    crls: revocation lists (PEM or DER). With any given, revocation must be known for the whole
        chain (``documents.signature.revocation_unknown`` otherwise); with none it is not asked.

    Refuses ``documents.pdf.unreadable`` and ``documents.pdf.encrypted``.
    """
    if at.tzinfo is None:
        raise ValueError("at must be aware")
    from kernel.documents import judging

    return judging.judge(pdf, anchors=anchors, at=at, crls=crls)
