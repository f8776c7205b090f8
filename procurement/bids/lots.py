"""What this room knows of a lot. The lot's own room keeps it; here it is read, not kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kernel.regulation import selectors as law
from procurement.tendering import selectors as tendering

TENDER = "procurement.tender"


@dataclass(frozen=True)
class Lot:
    """A lot as sealed bids see it. invited: who may bid, None where everybody may."""

    pk: int
    number: str
    title: str
    state: str
    project_number: str
    region: str
    owner_uscc: str
    agency_uscc: str
    bid_deadline_at: datetime | None
    invited: frozenset[str] | None = None


def _of_tender(number: str) -> Lot | None:
    row = tendering.lot_facts(number)
    if row is None:
        return None
    return Lot(
        pk=row.pk,
        number=row.number,
        title=row.name or row.number,
        state=row.state,
        project_number=row.project_number,
        region=row.region,
        owner_uscc=row.owner_uscc,
        agency_uscc=row.agency_uscc,
        bid_deadline_at=row.bid_deadline_at,
        invited=frozenset(row.invited) if row.method == "invited" else None,
    )


_source: Callable[[str], Lot | None] = _of_tender


def use(source: Callable[[str], Lot | None] | None) -> None:
    """Set where lots are read from; None: the tender's own table."""
    global _source
    _source = source or _of_tender


def find(number: str) -> Lot | None:
    """A lot by its number, or None."""
    return _source(number) if number and number.isprintable() else None


def least_bids(at: datetime, region: str) -> int:
    """How many bids a lot needs to be opened, by the law at a legal moment (art. 44)."""
    rows = law.resolve("values.tendering", at, region).rows
    return int(next(row["value"] for row in rows if row.key == "bids.least"))
