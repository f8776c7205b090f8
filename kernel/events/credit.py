"""Events that credit publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class LicenceRecorded(DomainEvent):
    """A licence of an enterprise entered the archive.

    registry_sha256: the register's extract for a code that not every check character bears out.
    """

    NAME: ClassVar[str] = "credit.licence.recorded"

    licence_id: int
    uscc: str
    name: str
    region: str
    kind: str
    registry_sha256: str = ""


@event_type
@dataclass(frozen=True)
class ConductPublished(DomainEvent):
    """A conduct record was published, or published anew after it was upheld or amended."""

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
    """A conduct record no longer weighs: revoked, repaired, or its time is over.

    how: ``revoked``, ``repaired``, ``expired``.
    """

    NAME: ClassVar[str] = "credit.conduct.ended"

    record_id: int
    number: str
    uscc: str
    how: str


@event_type
@dataclass(frozen=True)
class ArchiveChanged(DomainEvent):
    """Fields of one entry of the archive changed. changes: (field, old, new) as texts.

    entry: ``licence:17``. source: where the new content comes from. level: its proof, A, B or C.
    """

    NAME: ClassVar[str] = "credit.archive.changed"

    uscc: str
    entry: str
    title: str
    changes: tuple[tuple[str, str, str], ...]
    source: str
    level: str


@event_type
@dataclass(frozen=True)
class CorrectionAccepted(DomainEvent):
    """An officer accepted that a field of the archive says something else from now on."""

    NAME: ClassVar[str] = "credit.correction.accepted"

    correction_id: int
    number: str
    uscc: str
    entry: str
    field: str
    value: str
