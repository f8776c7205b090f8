"""Events that evaluation publishes. No name and no seat of a member stands in any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class EvaluationVoted(DomainEvent):
    """All members have voted on all bids, and at least one is valid."""

    NAME: ClassVar[str] = "procurement.evaluation.voted"

    evaluation_id: int
    lot_number: str


@event_type
@dataclass(frozen=True)
class EvaluationScored(DomainEvent):
    """All members have scored all valid bids, and who is far off has said why."""

    NAME: ClassVar[str] = "procurement.evaluation.scored"

    evaluation_id: int
    lot_number: str


@event_type
@dataclass(frozen=True)
class EvaluationSummarised(DomainEvent):
    """A result waits for the members' signatures. issue: how often the report was written."""

    NAME: ClassVar[str] = "procurement.evaluation.summarised"

    evaluation_id: int
    lot_number: str
    issue: int


@event_type
@dataclass(frozen=True)
class EvaluationUndone(DomainEvent):
    """A member was replaced after the result was counted: it stands no more."""

    NAME: ClassVar[str] = "procurement.evaluation.undone"

    evaluation_id: int
    lot_number: str


@event_type
@dataclass(frozen=True)
class EvaluationReported(DomainEvent):
    """The report is signed.

    ranking: for each valid bid, best first, ``rank``, ``bid_id``, ``uscc``, ``price_fen`` and the
    points in hundredths: ``price_points``, ``technical_points``, ``commercial_points``,
    ``credit_points``, ``total``. rejected: ``bid_id``, ``uscc`` and ``codes`` of the list
    ``bid_rejection``. candidates: the bids that the committee recommends, by rank.
    """

    NAME: ClassVar[str] = "procurement.evaluation.reported"

    evaluation_id: int
    lot_id: int
    lot_number: str
    ranking: tuple[dict[str, Any], ...]
    rejected: tuple[dict[str, Any], ...]
    candidates: tuple[int, ...]
    result_sha256: str


@event_type
@dataclass(frozen=True)
class EvaluationHanded(DomainEvent):
    """The procuring entity has received the report."""

    NAME: ClassVar[str] = "procurement.evaluation.handed_over"

    evaluation_id: int
    lot_id: int
    lot_number: str


@event_type
@dataclass(frozen=True)
class EvaluationFailed(DomainEvent):
    """All bids are rejected; rejected as in ``procurement.evaluation.reported``."""

    NAME: ClassVar[str] = "procurement.evaluation.failed"

    evaluation_id: int
    lot_id: int
    lot_number: str
    rejected: tuple[dict[str, Any], ...]
