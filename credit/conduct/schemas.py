"""What the acts on a conduct record bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Place = Annotated[str, Field(max_length=6)]
Project = Annotated[str, Field(max_length=20)]
Severity = Annotated[str, Field(max_length=20)]


# What a document states of a fact's weight, where the scheme leaves that to it: hundredths of a
# point, without a sign; its term in days. Asked for last: hardly any scheme leaves it.
StatedPoints = Annotated[int, Field(ge=0, le=10_000)]
StatedDays = Annotated[int, Field(ge=0, le=3_660)]


class CapturePayload(Payload):
    """What an enterprise did, by which document.

    name: of an enterprise that the archive does not know; the others' follows from their code.
    item: a code of the scheme in force (what it weighs). document_number: of the decision, the
    evaluation or the ruling; decided_on: its date, from which the term of showing runs (the day
    of the act where it is empty). severity: the class that the document states, else the item's.
    penalty_until: the last day of the penalty, where the document states one: the record is shown
    at least so long. bid_ban_until: the last day on which the document excludes the enterprise from
    bidding. repair_barred_by: the article by which the document's sanction cannot be
    repaired. section: the number of the contract or lot that it happened on.
    """

    uscc: Code
    name: Line = ""
    item: Code
    severity: Severity = ""
    occurred_on: date
    document_number: Line
    decided_on: date | None = None
    document_sha256: Sha256 = ""
    decided_by: Line
    fact: Reason
    article: Line = ""
    penalty_until: date | None = None
    bid_ban_until: date | None = None
    repair_barred_by: Line = ""
    project_number: Project = ""
    section: Code = ""
    region: Place
    stated_points: StatedPoints = 0
    stated_days: StatedDays = 0


class EventPayload(CapturePayload):
    """The same, and the event that it was captured from: each event makes one record."""

    source: Code


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class StatementPayload(Payload):
    """What the enterprise has to say (陈述申辩), and what proves it (a file)."""

    statement: Reason = ""
    statement_sha256: Sha256 = ""


class AmendPayload(Payload):
    """What the record should have said, of which class, and why."""

    item: Code
    severity: Severity = ""
    reason: Reason = ""
    stated_points: StatedPoints = 0
    stated_days: StatedDays = 0


class DecisionPayload(Payload):
    """The decision or court order that an act rests on, and why."""

    document_number: Line = ""
    reason: Reason = ""


class GroundPayload(Payload):
    """Why, and the document that changed or annulled what a list rests on, where nobody asked."""

    overturned_by: Line = ""
    reason: Reason = ""


class ChangePayload(Payload):
    """By which document and since when a penalty is changed or annulled."""

    document_number: Line = ""
    changed_on: date
    reason: Reason = ""


class RepairPayload(Payload):
    """What was mended and by which document, duties met, and the public commitment (a file)."""

    reason: Reason = ""
    correction_document: Line = ""
    duties_met: bool = False
    commitment_sha256: Sha256 = ""
