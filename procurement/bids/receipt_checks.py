"""What a bidder's page says of checking a receipt: a command that works as it stands there."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.evidence import cosignatures, witnesses
from kernel.evidence.models import Cosignature
from kernel.sealing.bids.receipts import read_receipt
from procurement.bids import commands, stamps
from procurement.bids.models import BidVersion


@dataclass(frozen=True)
class ReceiptCheck:
    """How a receipt can be checked now.

    command: whole, with the names that the page's files and the tool's have. witnessed: whether a
    witness signed a head that holds the receipt, so that the command asks for it; else
    ``witnesses`` names whose signature is still missing (nobody, where none was entered), and
    ``overdue`` tells that the deadline for bids, by which they should have signed, has passed.
    """

    command: str
    witnessed: bool
    witnesses: tuple[str, ...]
    overdue: bool


def of(version: BidVersion, server: str, lot: str, *, closed: bool) -> ReceiptCheck:
    """How the newest receipt of a version can be checked. closed: bids are taken no more."""
    text, _p7s = stamps.newest(version)
    receipt = read_receipt(text.encode())
    head = cosignatures.covering(receipt.log.size)
    seen = head is not None and Cosignature.objects.filter(head=head).exists()
    stamp = stamps.state_of(version)
    kind = "completed" if stamp["gen_time"] else "receipt"
    return ReceiptCheck(
        commands.verify(server, lot, version.number, kind=kind, witnessed=seen),
        seen,
        tuple(sorted({w.name for w in witnesses.registered()})),
        closed,
    )
