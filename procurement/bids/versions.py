"""A version of a bid, written by the act that receives it, with its entry in the log."""

from __future__ import annotations

import base64

from kernel import clock, queries
from kernel.errors import Refused
from kernel.evidence.services import Placed
from kernel.queries import Change
from kernel.rows import fresh
from kernel.workflow.machines import Doing
from procurement.bids import receipts
from procurement.bids.models import Bid, BidVersion, PendingUpload

_Status = PendingUpload.Status
_claim = Change(lambda: PendingUpload, "id status", "status")


class GivenUp(Refused):
    """The closing did not wait any longer for this upload."""

    status = 409


def given_up() -> GivenUp:
    """The refusal of an upload that the closing gave up."""
    return GivenUp.because("procurement.bid.list_made")  # type: ignore[return-value]


def add(case: Bid, row: PendingUpload, doing: Doing) -> None:
    """Claim a checked upload, and have its version written beside the entry of its receipt.

    Raises GivenUp where the closing gave it up while it stood still.
    """
    if not _claim.write((row.pk, _Status.WHOLE), _Status.SETTLED):
        raise given_up()
    pk = case.pk
    entries, place = receipts.receipt_entries(pk, row)

    def noted(placed: list[Placed]) -> None:
        row.became = _written(pk, row, placed[place])

    doing.log(entries, noted)


def _written(pk: int, row: PendingUpload, placed: Placed) -> BidVersion:
    assert row.last_byte_at is not None
    accepted = row.accepted
    received = accepted.received
    version = fresh(
        BidVersion,
        bid_id=pk,
        number=row.found["version"],
        manifest=received.manifest_bytes.decode(),
        signature=received.signature,
        manifest_sha256=row.found["manifest_sha256"],
        signature_sha256=row.found["signature_sha256"],
        policy_sha256=row.found["policy_sha256"],
        file_sha256=row.file_sha256,
        size=row.size,
        received_at=row.last_byte_at,
        certificate_sha256=row.found["certificate_sha256"],
        certificate_serial=row.found["certificate_serial"],
        provisional=list(accepted.provisional),
        shares={
            name: [base64.b64encode(share).decode() for share in sealed]
            for name, sealed in received.shares.items()
        },
        vault=row.id.hex,
        log_index=placed.index,
        follow_up_at=clock.technical_now(),
    )
    queries.insert(version)
    version.names = received.manifest.lot, received.manifest.bidder
    version.placed = placed
    return version
