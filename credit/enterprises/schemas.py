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
    ``qualification_grade``, both for qualifications only. holder, certificate, holder_id: of a
    personal certificate its person, a code of ``person_certificate``, the person's identity
    number; trade is then one of ``person_trade``. proof: A (authority's feed), B (document
    checked), C (declared). registry_sha256: the register's extract, needed for a credit code
    whose outer check character does not hold.
    """

    uscc: Code
    name: Line
    kind: Code
    number: Line
    trade: Code = ""
    grade: Code = ""
    holder: Line = ""
    certificate: Code = ""
    holder_id: Code = ""
    issuer: Line
    valid_from: date
    valid_to: date
    proof: Code = "A"
    file_sha256: Sha256 = ""
    registry_sha256: Sha256 = ""


class RevokePayload(Payload):
    """Why a licence is taken away, and by which document."""

    document_number: Line
    reason: Annotated[str, Field(max_length=2000)] = ""


class CorrectPayload(Payload):
    """A field as it should have been, by an accepted request for correction."""

    field: Code
    value: Line
    correction: Code
