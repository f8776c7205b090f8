"""Whether bids of a lot may still come and go: the lot's lock, and the mark that ends it.

A closing list is read from rows, put over a head of the log and committed in three transactions,
for a head is signed over what is committed. Who takes a bid away meanwhile would contradict the
list. So the closing marks the policy first, alone under the lot's lock; whatever takes a bid away
holds the lock with others of its kind, from before it reads its clock to its commit. What has read
a time within the deadline is therefore committed before the list is read, and its entry lies under
the head; what gets the lock later reads a time after the deadline, and finds the mark.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kernel.workflow import holding
from procurement.bids import readings
from procurement.bids.models import PolicyVersion

# Both take a class and a number; the class is "lots" in ASCII.
_LOTS = 0x6C6F7473
_SHARED = "SELECT pg_advisory_xact_lock_shared(%s, %s)"
_ALONE = "SELECT pg_advisory_xact_lock(%s, %s)"


def hold(lot_number: str) -> None:
    """Keep the closing from marking until the transaction ends; before the clock is read.

    Nobody waits here but for a closing. SQLite has the lock already: its write transactions begin
    IMMEDIATE.
    """
    holding.lock(_SHARED, lot_number, _LOTS)


def is_over(lot_number: str) -> bool:
    """Whether the closing has marked the lot; asked under :func:`hold`, it stays so."""
    newest = readings.in_force_of(lot_number).first()
    return newest is not None and newest.listing_at is not None


def end(lot_number: str, at: datetime) -> None:
    """From now on nothing comes or goes. Done once; what was under way is waited for."""
    with transaction.atomic():
        holding.lock(_ALONE, lot_number, _LOTS)
        newest = readings.in_force_of(lot_number).first()
        if newest is not None and newest.listing_at is None:
            PolicyVersion.objects.filter(pk=newest.pk).update(listing_at=at)
