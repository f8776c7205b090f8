"""Entries of the log around a bid: its own, and others that stand for nothing.

Whoever counts leaves between two proofs must not learn how many bids came. So each entry of a bid
comes among a random number of cover entries. And whoever counts leaves between two public heads
must not either: before each of them the log is filled up, as long as bids are sealed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.evidence import services as evidence

KIND = "procurement.cover"
_MOST = 3


def append(*, kind: str, case: str, at: datetime, body: Mapping[str, Any]) -> int:
    """Write an entry of a bid at a random place among covers; its index. None is public."""
    rows, place = among(kind=kind, case=case, at=at, body=body)
    return evidence.append_many(rows)[place]


def among(
    *, kind: str, case: str, at: datetime, body: Mapping[str, Any]
) -> tuple[list[evidence.NewEntry], int]:
    """An entry of a bid among covers, and its place there; to be written by whoever asked."""
    before, after = secrets.randbelow(_MOST + 1), secrets.randbelow(_MOST + 1)
    rows = [_cover(at) for _ in range(before)]
    rows.append(evidence.NewEntry(kind, case, at, body, public=False))
    rows += [_cover(at) for _ in range(after)]
    return rows, before


def some(at: datetime) -> list[evidence.NewEntry]:
    """A random number of covers, for the entry of an act that hints at a bid to stand among."""
    return [_cover(at) for _ in range(secrets.randbelow(2 * _MOST + 1))]


def several(at: datetime, count: int) -> list[evidence.NewEntry]:
    """So many covers, where as many entries are to come whatever there is to hide.

    With them the log is filled up, too, before a public head is signed.
    """
    return [_cover(at) for _ in range(count)]


def _cover(at: datetime) -> evidence.NewEntry:
    # As long as a real one's body would make it is no matter: only the leaf is ever shown.
    return evidence.NewEntry(KIND, "", at, {"cover": secrets.token_hex(8)}, public=False)
