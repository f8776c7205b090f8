"""Events that tendering publishes: lots and objections. Never a bidder before the opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@dataclass(frozen=True)
class _OfLot(DomainEvent):
    """What every event of a lot says."""

    lot_id: int
    number: str
    project_number: str
    owner_uscc: str
    agency_uscc: str


@event_type
@dataclass(frozen=True)
class LotPublished(_OfLot):
    """The notice is out. Money in fen."""

    NAME: ClassVar[str] = "procurement.lot.published"

    name: str
    kind: str
    region: str
    ceiling_price_fen: int
    bid_deadline_at: datetime
    policy_sha256: str


@event_type
@dataclass(frozen=True)
class LotClarified(_OfLot):
    """An addendum is out; the deadline stands here as it is now."""

    NAME: ClassVar[str] = "procurement.lot.clarified"

    serial: int
    bid_deadline_at: datetime
    moved: bool


@event_type
@dataclass(frozen=True)
class LotClosed(_OfLot):
    """The deadline has passed: the closing list is to be made."""

    NAME: ClassVar[str] = "procurement.lot.closed"

    bid_deadline_at: datetime


@event_type
@dataclass(frozen=True)
class LotFailed(_OfLot):
    """Too few bids, or all rejected."""

    NAME: ClassVar[str] = "procurement.lot.failed"

    failures: int


@event_type
@dataclass(frozen=True)
class LotRetendered(_OfLot):
    """A failed lot is given up for a new one."""

    NAME: ClassVar[str] = "procurement.lot.retendered"

    failures: int


@event_type
@dataclass(frozen=True)
class LotPublicised(_OfLot):
    """The candidates are public. bid_ids in the order of their ranks; serial: how often by now."""

    NAME: ClassVar[str] = "procurement.lot.publicised"

    evaluation_id: int
    bid_ids: tuple[int, ...]
    publicity_ends_at: datetime
    serial: int = 1


@event_type
@dataclass(frozen=True)
class LotAwarded(_OfLot):
    """The award notice is out. price_fen: the winning price."""

    NAME: ClassVar[str] = "procurement.lot.awarded"

    evaluation_id: int
    bid_id: int
    winner_uscc: str
    winner_name: str
    price_fen: int


@event_type
@dataclass(frozen=True)
class AwardRefused(_OfLot):
    """The winner fell out after the award notice, by its own will or for want of its security.

    cause: a code of ``next_candidate_cause``. document_number: of the record of it; file_sha256:
    the file that proves it.
    """

    NAME: ClassVar[str] = "procurement.lot.award_refused"

    winner_uscc: str
    winner_name: str
    cause: str
    document_number: str
    file_sha256: str
    refused_on: date


@event_type
@dataclass(frozen=True)
class LotOverdue(_OfLot):
    """Its owner let a day of the law pass. what: ``contract`` or ``award_report``."""

    NAME: ClassVar[str] = "procurement.lot.overdue"

    what: str
    document_number: str
    due_on: date


@event_type
@dataclass(frozen=True)
class LotAwardReported(_OfLot):
    """The written report to the supervisor was handed in."""

    NAME: ClassVar[str] = "procurement.lot.award_reported"


@event_type
@dataclass(frozen=True)
class LotContracted(_OfLot):
    """The contract of the award was signed."""

    NAME: ClassVar[str] = "procurement.lot.contracted"

    contract_number: str
    winner_uscc: str


@event_type
@dataclass(frozen=True)
class LotTerminated(_OfLot):
    """A lot ended before its time, after its notice."""

    NAME: ClassVar[str] = "procurement.lot.terminated"


@event_type
@dataclass(frozen=True)
class ObjectionRaised(DomainEvent):
    """An objection waits for its answer; the envelope's case names it, for it has no key yet.

    stage: documents, opening or publicity.
    """

    NAME: ClassVar[str] = "procurement.objection.raised"

    lot_id: int
    stage: str


@event_type
@dataclass(frozen=True)
class ObjectionAnswered(DomainEvent):
    """An objection was answered or withdrawn. stage: as when it was raised."""

    NAME: ClassVar[str] = "procurement.objection.answered"

    objection_id: int
    lot_id: int
    stage: str
    outcome: str
