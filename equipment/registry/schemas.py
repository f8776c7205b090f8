"""What the acts on a machine bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Fen = Annotated[int, Field(ge=0, le=10**13)]


class MachinePayload(Payload):
    """A lifting machine as its owner has it. capacity in kN·m; rent in fen a day.

    kind: a code of ``machine_kind``; special_licence: number of the manufacturing licence.
    """

    kind: Code
    model: Line
    maker: Line
    serial: Line
    special_licence: Line
    capacity_knm: Annotated[int, Field(ge=1, le=100_000)]
    manufactured_on: date
    purchased_on: date
    region: Code
    address: Line = ""
    photo_sha256: Sha256 = ""


class FilingPaper(Payload):
    """One of the documents of filing. kind: a code of ``machine_paper``."""

    kind: Code
    number: Line
    file_sha256: Sha256 = ""


class ApplyPayload(Payload):
    """The documents of filing (产权备案)."""

    papers: Annotated[tuple[FilingPaper, ...], Field(max_length=12)] = ()


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class OfferPayload(Payload):
    """What the machine costs a day, where it stands, from when it is free."""

    daily_rent_fen: Fen
    address: Line
    free_from: date
    photo_sha256: Sha256 = ""


class RentPayload(Payload):
    """The hire that was agreed."""

    hire_id: int
    site_number: Code
    project_number: Code
    site_region: Code
    contractor_uscc: Code
    supervision_uscc: Code = ""
    from_on: date
    to_on: date


class EngagePayload(Payload):
    """The firm (USCC) that installs and takes down, engaged by user or lessor."""

    installer_uscc: Annotated[str, Field(max_length=18)]


class ChangeInstallerPayload(EngagePayload):
    """Another firm in its place, and why."""

    reason: Reason = ""


class NoticePayload(Payload):
    """Notice of installation or dismantling (告知) by who will do it.

    plan_number: the special construction scheme; signed_by: the installer's technical head;
    reviewed_by: who reviewed it for contractor and supervision.
    """

    plan_number: Line
    signed_by: Line
    reviewed_by_contractor: Line
    reviewed_by_supervision: Line
    planned_on: date
    plan_sha256: Sha256 = ""


class SelfCheckPayload(Payload):
    """The installer's own check after installation."""

    passed: bool
    technician: Line
    report_number: Line
    report_sha256: Sha256 = ""


class TestPayload(Payload):
    """An inspection body's test. next_due_on: last day on which the inspection holds."""

    __test__ = False

    passed: bool
    report_number: Line
    next_due_on: date | None = None
    report_sha256: Sha256 = ""


class AcceptPayload(Payload):
    """The joint acceptance: who signed it for whom."""

    number: Line
    lessor_signatory: Line
    installer_signatory: Line
    supervision_signatory: Line
    report_sha256: Sha256 = ""


class Operator(Payload):
    """A person of a special trade who works the machine."""

    name: Line
    trade: Code
    certificate: Line
    valid_to: date


class OperatorsPayload(Payload):
    """Who works the machine from now on: all of them, not only those who are new."""

    operators: Annotated[tuple[Operator, ...], Field(max_length=12)] = ()


class RegisterUsePayload(Payload):
    """Registration of use: who operates it, and the maintenance and emergency scheme."""

    operators: Annotated[tuple[Operator, ...], Field(max_length=12)] = ()
    scheme_number: Line


class AssessPayload(Payload):
    """A safety assessment of a machine past its life. usable_until: last day, if it passed."""

    passed: bool
    report_number: Line
    usable_until: date | None = None


class FailPayload(Payload):
    """An assessment that a machine did not pass: the report, and what was found."""

    report_number: Line = ""
    reason: Reason = ""
