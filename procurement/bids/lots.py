"""What this room knows of a lot. The lot's own room keeps it; here it is read, not kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kernel.queries import Prepared
from kernel.regulation import selectors as law
from procurement.tendering import law_facts
from procurement.tendering.models import Lot as TenderLot
from procurement.tendering.procedures import registry
from procurement.tendering.schemas import SIZES

TENDER = "procurement.tender"


@dataclass(frozen=True)
class Lot:
    """A lot as sealed bids see it. invited: who may bid, None where everybody may.

    trade, grade: the qualification that bidders need, empty where none is asked. ceiling_fen: what
    no bid may exceed, 0 where there is none. security_fen: the bid security asked for, 0 where none
    is; validity_days: how long a bid binds, its security with it. over_bill: priced over a bill.
    """

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
    trade: str = ""
    grade: str = ""
    ceiling_fen: int = 0
    security_fen: int = 0
    validity_days: int = 0
    over_bill: bool = False
    # Measure -> whole number of its unit, as far as the tender states it.
    sizes: Mapping[str, int] = field(default_factory=dict)
    # The rule set of the lot's kind of procedure.
    values: str = law_facts.VALUES


# Asked for every bid: only what is needed, and the statement written once.
_row = Prepared(
    lambda slots: (
        TenderLot.objects.order_by()
        .filter(number=slots.text(0))
        .values_list(
            "pk", "number", "name", "state", "project_number", "region", "owner_uscc",
            "agency_uscc", "bid_deadline_at", "method", "invited", "qualification_trade",
            "qualification_grade", "kind", "ceiling_price_fen", "security_fen",
            "bid_validity_days", *SIZES,
        )
    )
)  # fmt: skip


def _of_tender(number: str) -> Lot | None:
    rows = _row.rows(number)
    if not rows:
        return None
    pk, _number, name, state, project, region, owner, agency, due, method, invited, *asked = rows[0]
    procedure = registry.serving(method, asked[2])
    return Lot(
        pk=pk, number=number, title=name or number, state=state, project_number=project,
        region=region, owner_uscc=owner, agency_uscc=agency, bid_deadline_at=due,
        invited=frozenset(invited) if method == "invited" else None, trade=asked[0], grade=asked[1],
        ceiling_fen=asked[3], security_fen=asked[4], validity_days=asked[5],
        over_bill=procedure is not None and procedure.over_bill,
        sizes={name: size for name, size in zip(SIZES, asked[6:], strict=True) if size},
        values=procedure.values if procedure else law_facts.VALUES,
    )  # fmt: skip


_source: Callable[[str], Lot | None] = _of_tender


def use(source: Callable[[str], Lot | None] | None) -> None:
    """Set where lots are read from; None: the tender's own table."""
    global _source
    _source = source or _of_tender


def find(number: str) -> Lot | None:
    """A lot by its number, or None."""
    return _source(number) if number and number.isprintable() else None


def states(numbers: Collection[str]) -> dict[str, str]:
    """The state of each of some lots, empty where there is none; one query for all."""
    if _source is not _of_tender:
        found = {number: _source(number) for number in numbers}
        return {number: lot.state if lot else "" for number, lot in found.items()}
    rows = TenderLot.objects.filter(number__in=numbers).values_list("number", "state")
    return {**dict.fromkeys(numbers, ""), **dict(rows)}


def least_bids(at: datetime, lot: Lot) -> int:
    """How many bids a lot needs to be opened, by the law at a legal moment (art. 44)."""
    rows = law.resolve(lot.values, at, lot.region).rows
    return int(next(row["value"] for row in rows if row.key == "bids.least"))
