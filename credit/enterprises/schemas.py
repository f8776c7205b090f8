"""What the acts on a licence bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=40)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class LicencePayload(Payload):
    """A licence, qualification or certificate as its issuer has it.

    kind: a code of ``licence_kind``. trade: of ``qualification_trade``, grade: of
    ``qualification_grade``, both for qualifications only. holder: the person of a personal
    certificate. proof: A (authority's feed), B (document checked), C (declared).
    """

    uscc: Code
    name: Line
    kind: Code
    number: Line
    trade: Code = ""
    grade: Code = ""
    holder: Line = ""
    issuer: Line
    valid_from: date
    valid_to: date
    proof: Code = "A"
    file_sha256: Sha256 = ""


class RevokePayload(Payload):
    """Why a licence is taken away, and by which document."""

    document_number: Line
    reason: Annotated[str, Field(max_length=2000)] = ""
