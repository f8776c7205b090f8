"""Locks on what is no row of a case: a person, a payer; two acts on two cases wait for each other.

``fire`` locks its own case only. Where a guard reads *other* cases (is this person admitted
elsewhere, does this receipt stand for a payment already), two acts at once would each miss what the
other has not committed. Both hold the same thing first; the second one then sees the first.
"""

from __future__ import annotations

import hashlib

from django.db import connection, transaction

from kernel.queries import execute

# The number goes over the whole of the advisory locks' one-key space, apart from the lots' two-key
# space (procurement.bids.coming_and_going).
_HOLD = "SELECT pg_advisory_xact_lock(%s)"


def hold(kind: str, key: object) -> None:
    """Wait until nobody else holds this thing, and hold it until the open transaction ends.

    Asked after the case's own lock and before the log's. SQLite has the lock already: its write
    transactions begin IMMEDIATE.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"{kind} is held inside a transaction")
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(f"{kind}:{key}".encode()).digest()
        execute(_HOLD, [int.from_bytes(digest[:8], "big", signed=True)])
