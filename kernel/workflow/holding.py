"""Locks on what is no row of a case: a person, a payer; two acts on two cases wait for each other.

``fire`` locks its own case only. Where a guard reads *other* cases (is this person admitted
elsewhere, does this receipt stand for a payment already), two acts at once would each miss what the
other has not committed. Both hold the same thing first; the second one then sees the first.
"""

from __future__ import annotations

import hashlib

from django.db import connection, transaction

from kernel.queries import execute

_HOLD = "SELECT pg_advisory_xact_lock(%s)"


def hold(kind: str, key: object) -> None:
    """Wait until nobody else holds this thing, and hold it until the open transaction ends.

    Asked after the case's own lock and before the log's. SQLite has the lock already: its write
    transactions begin IMMEDIATE.
    """
    lock(_HOLD, f"{kind}:{key}")


def lock(statement: str, named: str, of_class: int | None = None) -> None:
    """Take an advisory lock on what a text names, until the open transaction ends.

    statement: takes the numbers of :func:`numbers`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"{named} is held inside a transaction")
    if connection.vendor == "postgresql":
        execute(statement, numbers(named, of_class))


def numbers(named: str, of_class: int | None = None) -> list[int]:
    """The numbers under which a text is locked: one over the whole of the one-key space.

    With a class, two: the class and a number of half the size; PostgreSQL keeps the two spaces
    apart. Two versions run side by side while one follows the other, so the numbers stay.
    """
    digest = hashlib.sha256(named.encode()).digest()
    if of_class is None:
        return [int.from_bytes(digest[:8], "big", signed=True)]
    return [of_class, int.from_bytes(digest[:4], "big", signed=True)]
