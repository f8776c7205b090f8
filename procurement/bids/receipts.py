"""Receipts, receipts of withdrawals and refusals: made of what the log holds, signed once.

The entry is written in the act's own transaction; proof and signature follow from it outside, so
that nothing slow happens under the log's lock. Whoever dies in between leaves a receipt that is
made when it is next asked for, and always the same.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from kernel.errors import Refusal, Refused, catalogue
from kernel.evidence import keys, merkle
from kernel.evidence import selectors as evidence
from kernel.evidence.proofs import prove, row_bytes
from kernel.evidence.services import NewEntry, Placed
from kernel.queries import Change
from kernel.sealing.bids import receipts, refusals
from kernel.sealing.bids.manifest import read_manifest
from kernel.workflow.models import RefusedAct
from procurement.bids import believed, covers
from procurement.bids.bid_machine import BID
from procurement.bids.models import BidVersion, PendingUpload

RECEIPT, WITHDRAWAL = receipts.RECEIPT_ENTRY, receipts.WITHDRAWAL_ENTRY


# What a signed refusal is answered with: not this actor's, nothing there, another was first, gone,
# too large, and all else.
STATUSES = (403, 404, 409, 410, 413, 422)


class BidRefused(Refused):
    """A refusal that the platform signed. text, p7s: as it is handed over."""

    def __init__(self, refused: Refused, text: str, p7s: bytes) -> None:
        super().__init__(refused.refusals)
        self.text, self.p7s = text, p7s
        self.status = refused.status if refused.status in STATUSES else 422


def proof_of(index: int) -> receipts.LogProof:
    """An entry of the log in the tree that ends with it."""
    row = evidence.entry(index)
    steps = tuple(prove(index, index + 1))
    return proof_by(Placed(index, bytes(row.leaf), bytes(row.salt), row_bytes(row), steps))


def proof_by(placed: Placed) -> receipts.LogProof:
    """The same of an entry that was just written."""
    root = placed.leaf
    for step in placed.proof:  # the last leaf of a tree has its neighbours on the left only
        root = merkle.node_hash(step, root)
    return receipts.LogProof(
        log=next(iter(keys.known()), ""),
        index=placed.index,
        size=placed.index + 1,
        root=root,
        leaf=placed.leaf,
        salt=placed.salt,
        entry=placed.data.decode(),
        proof=placed.proof,
    )


def receipt_entries(bid_pk: int, upload: PendingUpload) -> tuple[list[NewEntry], int]:
    """The receipt's entry among its covers, and its place among them."""
    found = upload.found
    body = {
        "lot": upload.lot_number,
        "bidder": upload.bidder_uscc,
        "version": found["version"],
        "policy_sha256": found["policy_sha256"],
        "manifest_sha256": found["manifest_sha256"],
        "signature_sha256": found["signature_sha256"],
        "size": upload.size,
    }
    assert upload.last_byte_at is not None
    case = f"{BID.code}:{bid_pk}"
    return covers.among(kind=RECEIPT, case=case, at=upload.last_byte_at, body=body)


def of(version: BidVersion) -> tuple[str, bytes]:
    """The receipt of a version and the platform's signature over it; made at first asking."""
    if version.receipt_p7s:
        return version.receipt, bytes(version.receipt_p7s)
    lot, bidder = version.names or _names(version)
    text = receipts.Receipt(
        lot=lot,
        policy_sha256=version.policy_sha256,
        bidder=bidder,
        version=version.number,
        manifest_sha256=version.manifest_sha256,
        signature_sha256=version.signature_sha256,
        size=version.size,
        received_at=version.received_at,
        certificate_sha256=version.certificate_sha256,
        certificate_serial=version.certificate_serial,
        timestamp=b"",
        # No outside authority stamps yet, and the receipt says so.
        provisional=(*version.provisional, "timestamp"),
        log=proof_by(version.placed) if version.placed else proof_of(version.log_index),
    ).encode()
    p7s = believed.signed(text, version.received_at)
    if not _receipt.write(
        (version.pk, ""), text.decode(), p7s
    ):  # somebody else signed it first, and that one counts
        version.refresh_from_db(fields=["receipt", "receipt_p7s"])
        return version.receipt, bytes(version.receipt_p7s)
    version.receipt, version.receipt_p7s = text.decode(), p7s
    return version.receipt, p7s


_receipt = Change(lambda: BidVersion, "id receipt", "receipt receipt_p7s")


def _names(version: BidVersion) -> tuple[str, str]:
    manifest = read_manifest(version.manifest.encode())
    return manifest.lot, manifest.bidder


def log_withdrawal(version: BidVersion) -> None:
    """Write the entry of a withdrawal, in the act's transaction or a later one."""
    assert version.withdrawn_at is not None
    body = {
        "lot": version.bid.lot_number,
        "bidder": version.bid.bidder_uscc,
        "manifest_sha256": version.manifest_sha256,
        "statement_sha256": hashlib.sha256(version.withdrawal.encode()).hexdigest(),
    }
    index = covers.append(
        kind=WITHDRAWAL, case=version.bid.case_ref, at=version.withdrawn_at, body=body
    )
    BidVersion.objects.filter(pk=version.pk).update(withdrawn_index=index)
    version.withdrawn_index = index


def of_withdrawal(version: BidVersion) -> tuple[str, bytes]:
    """The receipt of a withdrawal, as :func:`of`."""
    if version.withdrawn_receipt_p7s:
        return version.withdrawn_receipt, bytes(version.withdrawn_receipt_p7s)
    assert version.withdrawn_at is not None
    if version.withdrawn_index is None:
        with transaction.atomic():
            log_withdrawal(version)
    assert version.withdrawn_index is not None
    text = receipts.Withdrawn(
        lot=version.bid.lot_number,
        bidder=version.bid.bidder_uscc,
        manifest_sha256=version.manifest_sha256,
        statement_sha256=hashlib.sha256(version.withdrawal.encode()).hexdigest(),
        received_at=version.withdrawn_at,
        log=proof_of(version.withdrawn_index),
    ).encode()
    p7s = believed.signed(text, version.withdrawn_at)
    BidVersion.objects.filter(pk=version.pk, withdrawn_receipt="").update(
        withdrawn_receipt=text.decode(), withdrawn_receipt_p7s=p7s
    )
    version.refresh_from_db(fields=["withdrawn_receipt", "withdrawn_receipt_p7s"])
    return version.withdrawn_receipt, bytes(version.withdrawn_receipt_p7s)


def refusal(
    upload: PendingUpload, refused: Refused, log_index: int | None, at: datetime
) -> BidRefused:
    """The signed refusal of an upload. log_index: of the entry that records it."""
    text = refusals.SignedRefusal(
        lot=upload.lot_number,
        bidder=upload.bidder_uscc,
        file_sha256=upload.file_sha256 or hashlib.sha256().hexdigest(),
        manifest_sha256=str(upload.found.get("manifest_sha256", "")),
        size=upload.size,
        received_at=upload.last_byte_at or at,
        reasons=refusals.reasons_of(map(_told, refused.refusals), catalogue.message),
        log=proof_of(log_index) if log_index is not None else None,
    ).encode()
    return BidRefused(refused, text.decode(), believed.signed(text, at))


def refusal_of_withdrawal(
    lot_number: str, bidder: str, statement: str, refused: Refused, at: datetime
) -> BidRefused:
    """The signed refusal of a withdrawal whose attempt was logged; its file is the statement."""
    data = statement.encode()
    attempt = RefusedAct.objects.filter(pk=refused.attempt).first()
    looked = PendingUpload(lot_number=lot_number, bidder_uscc=bidder, size=len(data))
    looked.file_sha256 = hashlib.sha256(data).hexdigest()
    try:
        looked.found = {"manifest_sha256": receipts.read_withdrawal(data).manifest_sha256}
    except Refused:
        looked.found = {}
    return refusal(looked, refused, attempt.log_index if attempt else None, at)


def _told(reason: Refusal) -> Refusal:
    """A reason whose texts fit into a signed file."""
    return Refusal(reason.code, reason.facts, reason.article[:200], reason.field[:200])
