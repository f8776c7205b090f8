"""Events that sealed bids and their opening publish. None names a bidder before the opening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class PolicyMoved(DomainEvent):
    """A party of an opening policy announced, rehearsed or signed."""

    NAME: ClassVar[str] = "procurement.policy.moved"

    policy_id: int


@event_type
@dataclass(frozen=True)
class BidReceived(DomainEvent):
    """A version of a bid has its receipt."""

    NAME: ClassVar[str] = "procurement.bid.received"

    bid_id: int
    lot_id: int


@event_type
@dataclass(frozen=True)
class BidWithdrawn(DomainEvent):
    """A bidder took its bid back before the deadline."""

    NAME: ClassVar[str] = "procurement.bid.withdrawn"

    bid_id: int
    lot_id: int


@event_type
@dataclass(frozen=True)
class BidResubmitted(DomainEvent):
    """A bidder who had taken its bid back handed in the next version."""

    NAME: ClassVar[str] = "procurement.bid.resubmitted"

    bid_id: int
    lot_id: int


@event_type
@dataclass(frozen=True)
class BidVoided(DomainEvent):
    """An authority found an opened bid void by a decision; whoever judges bids looks again."""

    NAME: ClassVar[str] = "procurement.bid.voided"

    bid_id: int
    lot_id: int
    lot_number: str


@event_type
@dataclass(frozen=True)
class BidsListed(DomainEvent):
    """A lot has its closing list, or one that was put right; how long it is nobody is told."""

    NAME: ClassVar[str] = "procurement.opening.listed"

    opening_id: int


@event_type
@dataclass(frozen=True)
class OpeningMoved(DomainEvent):
    """A trustee signed the closing list, revealed, marked or released."""

    NAME: ClassVar[str] = "procurement.opening.moved"

    opening_id: int


@event_type
@dataclass(frozen=True)
class StageOpened(DomainEvent):
    """An earlier stage of a lot is open and waits for its result; bid_ids are those that opened."""

    NAME: ClassVar[str] = "procurement.opening.stage_opened"

    lot_id: int
    lot_number: str
    opening_id: int
    stage: str
    bid_ids: tuple[int, ...]


@event_type
@dataclass(frozen=True)
class BidsOpened(DomainEvent):
    """The opening of a lot is over; bid_ids are those that opened."""

    NAME: ClassVar[str] = "procurement.bids.opened"

    lot_id: int
    lot_number: str
    opening_id: int
    bid_ids: tuple[int, ...]
