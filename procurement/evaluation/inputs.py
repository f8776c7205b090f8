"""What evaluation needs of the lot and of its opened bids, and who provides it.

Tendering and bids register their providers here, so that neither is imported by the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kernel.errors import Refusal

TECHNICAL, COMMERCIAL = "technical", "commercial"


@dataclass(frozen=True)
class Criterion:
    """One thing that members score. kind: technical or commercial. maximum: in hundredths."""

    code: str
    label: str
    kind: str
    maximum: int


@dataclass(frozen=True)
class LotTerms:
    """What the published documents of a lot say that its evaluation follows.

    lot_id: key of the tender's case. opens_at: when bids are opened. opened: whether they were.
    formula: a key of ``formula.*`` in the rule set ``values.evaluation``. Points are in hundredths:
    price_marks (F), rise and fall (lost per one percent above and below the benchmark),
    credit_marks. specialties: codes, one of which an expert needs. parties: credit codes of all
    who work for or beside the owner on this lot. publicised: the result may be seen by everybody.
    over_bill: a bid is priced over the lot's bill of quantities. live: it is out to tender, being
    opened or being evaluated.
    """

    lot_id: int
    number: str
    name: str
    project_number: str
    region: str
    owner_uscc: str
    agency_uscc: str
    opens_at: datetime
    opened: bool
    ceiling_fen: int
    formula: str
    price_marks: int
    rise: int
    fall: int
    credit_marks: int
    criteria: tuple[Criterion, ...]
    specialties: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    publicised: bool = False
    candidates: int = 3
    security_fen: int = 0
    validity_days: int = 0
    over_bill: bool = False
    live: bool = True


@dataclass(frozen=True)
class BidFile:
    """An opened file of a bid: what it is called, and the hash under which it is stored."""

    label: str
    sha256: str


@dataclass(frozen=True)
class OpenedBid:
    """A bid as the opening made it public.

    credit: the value of its certificate of the deadline in hundredths, 0 where there is none;
    credit_sha256: of that certificate. bill_sha256: identity of the priced bill. void: an authority
    found it void, so that no vote and no points count for it any more.
    """

    bid_id: int
    uscc: str
    name: str
    price_fen: int
    period_days: int = 0
    manager: str = ""
    quality: str = ""
    credit: int = 0
    credit_sha256: str = ""
    bill_sha256: str = ""
    files: tuple[BidFile, ...] = field(default=())
    void: bool = False


@dataclass(frozen=True)
class Opened:
    """All opened bids of a lot and what was drawn before any of them was opened.

    factor: what the formula needs, in hundredths of one percent; None where nothing was drawn.
    seed: hex of the drawn seed; equal bids are ordered by it.
    """

    bids: tuple[OpenedBid, ...]
    factor: int | None = None
    seed: str = ""


@dataclass(frozen=True)
class Fault:
    """What stands on record against a bid: the step that it fails, its ground of rejection, why."""

    stage: str
    ground: str
    refusal: Refusal


Terms = Callable[[str], LotTerms | None]
Bids = Callable[[str], Opened | None]
BillCheck = Callable[[LotTerms, OpenedBid, datetime], tuple[Refusal, ...]]
Faults = Callable[[LotTerms, OpenedBid, datetime], tuple[Fault, ...]]
Notes = Callable[[LotTerms, OpenedBid, datetime], tuple[Refusal, ...]]

_terms: list[Terms] = []
_bids: list[Bids] = []
_checks: list[BillCheck] = []
_faults: list[Faults] = []
_notes: list[Notes] = []


def provide(
    *,
    terms: Terms | None = None,
    bids: Bids | None = None,
    check: BillCheck | None = None,
    faults: Faults | None = None,
    notes: Notes | None = None,
) -> None:
    """Register who answers for lots, opened bids, checks of a priced bill, faults on record.

    notes: what members have to judge of a bidder's qualification, as nobody holds its limit.
    """
    if terms is not None and terms not in _terms:
        _terms.append(terms)
    if bids is not None and bids not in _bids:
        _bids.append(bids)
    if check is not None and check not in _checks:
        _checks.append(check)
    if faults is not None and faults not in _faults:
        _faults.append(faults)
    if notes is not None and notes not in _notes:
        _notes.append(notes)


def lot_terms(number: str) -> LotTerms | None:
    """The terms of a lot by its number; None where nobody knows it."""
    return next((found for ask in _terms if (found := ask(number)) is not None), None)


def opened(number: str) -> Opened | None:
    """The opened bids of a lot; None before the opening."""
    return next((found for ask in _bids if (found := ask(number)) is not None), None)


def bill_findings(terms: LotTerms, bid: OpenedBid, at: datetime) -> tuple[Refusal, ...]:
    """What the registered checks find in a bid's priced bill (advisory)."""
    return tuple(found for check in _checks for found in check(terms, bid, at))


def faults_of(terms: LotTerms, bid: OpenedBid, at: datetime) -> tuple[Fault, ...]:
    """What stands on record against a bid, so that no member can pass it."""
    return tuple(found for ask in _faults for found in ask(terms, bid, at))


def left_to_judge(terms: LotTerms, bid: OpenedBid, at: datetime) -> tuple[Refusal, ...]:
    """What of a bidder's qualification its members have to judge by themselves; no fault."""
    return tuple(found for ask in _notes for found in ask(terms, bid, at))
