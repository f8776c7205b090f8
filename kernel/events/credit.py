"""Events that credit publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class LicenceRecorded(DomainEvent):
    """A licence of an enterprise entered the archive."""

    NAME: ClassVar[str] = "credit.licence.recorded"

    licence_id: int
    uscc: str
    name: str
    region: str
    kind: str


@event_type
@dataclass(frozen=True)
class ConductPublished(DomainEvent):
    """A conduct record was published, or published anew: amended, or its suspension was lifted."""

    NAME: ClassVar[str] = "credit.conduct.published"

    record_id: int
    number: str
    uscc: str
    item: str
    effective_on: date
    document_number: str
    article: str
    amended: bool = False


@event_type
@dataclass(frozen=True)
class ConductEnded(DomainEvent):
    """A conduct record no longer weighs: revoked, repaired, suspended, or its time is over.

    how: ``revoked``, ``repaired``, ``expired``; ``suspended`` until it is published anew.
    """

    NAME: ClassVar[str] = "credit.conduct.ended"

    record_id: int
    number: str
    uscc: str
    how: str
