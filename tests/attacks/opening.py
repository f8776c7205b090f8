"""A lot taken from its bids to its record, whatever attackers did before."""

from __future__ import annotations

from datetime import timedelta

from kernel import clock
from kernel.sealing.bids.opening import OpeningRecord, read_record
from procurement.bids import closing, decrypting
from procurement.bids.models import Opening
from tests.procurement.bids.support import LOT


def close(lot) -> Opening:
    """The deadline passes; the list is made."""
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    return closing.close(LOT)


def run(
    lot, trustees=("trustee1", "trustee2", "trustee3"), releasing=("trustee1", "trustee2")
) -> OpeningRecord:
    """Sign, draw, check, release, decrypt; the record."""
    lot.countersign(*trustees)
    lot.reveal("owner", "trustee1", "trustee2", "trustee3")
    lot.mark(*trustees)
    # Whoever's shares are bad may cure them until then; nobody here does.
    lot.at(Opening.objects.get().cure_until_at)
    lot.release(*releasing)
    case = Opening.objects.get()
    decrypting.open_lot(case.pk, clock.now())
    return read_record(Opening.objects.get().record_text.encode())


def outcome(record: OpeningRecord) -> dict[str, str]:
    """Bidder → its price, or the reason why it did not open."""
    return {
        bid.bidder: str(bid.sheet.price_fen)
        if bid.sheet
        else next(row.reason for row in bid.envelopes if row.state == "failed")
        for bid in record.bids
    }
