"""What the acts on a worker's place bring along. Pure: no ORM, no clock.

The identity number is in none of them: it stands once, with the person.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Fen = Annotated[int, Field(ge=0, le=10**9)]
Hours = Annotated[int, Field(ge=0, le=1000)]


class OfferPayload(Payload):
    """A place on a site. rate in fen a day or a piece; worker: the person's key."""

    site_number: Code
    worker: int
    team: Line
    trade: Code
    wage_unit: Code
    rate_fen: Fen
    contract_number: Line
    from_on: date
    to_on: date
    contract_sha256: Sha256 = ""


class SignPayload(Payload):
    """The worker's own word: who it is, where wages go, what may be kept.

    id_last_four: of the identity number, which is on record; consent: to identity, bank card and
    attendance; face_consent: to a picture of the face, which nobody has to give.
    """

    id_last_four: Annotated[str, Field(max_length=4)]
    bank_name: Line
    card_number: Annotated[str, Field(max_length=23)]
    consent: bool = False
    face_consent: bool = False


class RealNamePayload(Payload):
    """How the identity was checked; for special trades the certificate."""

    method: Code
    certificate_number: Line = ""
    certificate_valid_to: date | None = None
    certificate_sha256: Sha256 = ""
    face_sha256: Sha256 = ""


class TrainPayload(Payload):
    """Training at three levels in hours, and the score of the exam."""

    company_hours: Hours
    project_hours: Hours
    crew_hours: Hours
    score: Annotated[int, Field(ge=0, le=100)]


class Attendance(Payload):
    """Once in and out of the gate. device: the gate's; empty where it was written by hand."""

    in_at: datetime
    out_at: datetime
    device: Code = ""
    reason: Line = ""


class WorkPayload(Payload):
    """The first time at the gate."""

    in_at: datetime
    out_at: datetime
    device: Code = ""
    reason: Line = ""


class AttendPayload(Payload):
    """Times at the gate: what a device sends, or what is written by hand."""

    records: Annotated[tuple[Attendance, ...], Field(max_length=62)] = ()


class MonthPayload(Payload):
    """The payroll that was paid, and its month."""

    payroll: Code
    month: Code


class OpenCasePayload(Payload):
    """A case of the labour inspection: its number, and why it is opened."""

    case_number: Line = ""
    reason: Reason = ""


class CertificatePayload(Payload):
    """A certificate of a special trade. valid_to: its last day."""

    certificate_number: Line
    certificate_valid_to: date
    certificate_sha256: Sha256 = ""


class UnblockPayload(Payload):
    """A certificate that holds, where the trade needs one, and why work may go on."""

    certificate_number: Line = ""
    certificate_valid_to: date | None = None
    certificate_sha256: Sha256 = ""
    reason: Reason = ""


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""
