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
    """A conduct record was published, or published anew: amended, or its suspension was lifted.

    points (hundredths), days: as the deciding document states them, nought where it does not.
    section: the contract section that it happened on, by its contract's or lot's number.
    shown_until: the first day on which it is shown no longer; None while a list holds it.
    listed: a list holds it from now on; not of events from before this was told.
    """

    NAME: ClassVar[str] = "credit.conduct.published"

    record_id: int
    number: str
    uscc: str
    item: str
    effective_on: date
    document_number: str
    article: str
    amended: bool = False
    points: int = 0
    days: int = 0
    section: str = ""
    shown_until: date | None = None
    listed: bool = False


@event_type
@dataclass(frozen=True)
class ConductDismissed(DomainEvent):
    """Two officers did not confirm a conduct record: it never weighed."""

    NAME: ClassVar[str] = "credit.conduct.dismissed"

    record_id: int
    number: str
    uscc: str


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


@event_type
@dataclass(frozen=True)
class ConductServed(DomainEvent):
    """Something was decided of a conduct record that its enterprise is told of in writing.

    paper: which of the papers (``credit.conduct.<paper>``); act: what was decided.
    document_number: of the paper; issuer_id: the authority (primary key) that issues it.
    basis: the document that the decision rests on, or empty. item, severity: as they are by the
    decision. until: the last day of what the paper sets a time for, None where it sets none.
    """

    NAME: ClassVar[str] = "credit.conduct.served"

    record_id: int
    number: str
    uscc: str
    paper: str
    act: str
    document_number: str
    issuer_id: int
    reason: str
    basis: str
    item: str
    severity: str
    until: date | None = None


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


@event_type
@dataclass(frozen=True)
class CreditReportOrdered(DomainEvent):
    """An enterprise's score was certified for a report, which waits to be printed."""

    NAME: ClassVar[str] = "credit.report.ordered"

    number: str
    uscc: str


@event_type
@dataclass(frozen=True)
class CreditStudyAsked(DomainEvent):
    """Everybody's scores of a day were asked for at a desk."""

    NAME: ClassVar[str] = "credit.study.asked"

    study_id: int
