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


class CapturePayload(Payload):
    """What an enterprise did, by which document.

    item: a code of the scheme in force (what it weighs). document_number: of the decision, the
    evaluation or the ruling. source: the event it was captured from, empty where an officer
    enters it.
    """

    uscc: Code
    name: Line
    item: Code
    occurred_on: date
    document_number: Line
    document_sha256: Sha256 = ""
    decided_by: Line
    fact: Reason
    article: Line = ""
    project_number: Code = ""
    region: Code
    source: Code = ""


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class AmendPayload(Payload):
    """What the record should have said, and why."""

    item: Code
    reason: Reason = ""


class RepairPayload(Payload):
    """What was mended, and the public commitment (a file)."""

    reason: Reason = ""
    commitment_sha256: Sha256 = ""
