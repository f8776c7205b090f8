"""What the acts on declarations bring along. Pure: no ORM, no clock. Money in fen."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
# What JSON keeps exactly (RFC 8785); a province's yearly output has fewer fen.
Fen = Annotated[int, Field(ge=0, lt=2**53)]
SignedFen = Annotated[int, Field(gt=-(2**53), lt=2**53)]


class AchievementPayload(Payload):
    """Works that an enterprise built elsewhere, and the document that shows it."""

    contract_number: Code
    name: Line
    owner: Line
    manager: Line = ""
    price_fen: Fen
    signed_on: date
    completed_on: date | None = None
    document_sha256: Sha256


class FinancePayload(Payload):
    """A year's figures out of the audited accounts, and the report that shows them."""

    year: Annotated[int, Field(ge=1990, le=2199)]
    revenue_fen: Fen
    assets_fen: Fen
    liabilities_fen: Fen
    net_profit_fen: SignedFen
    document_sha256: Sha256


class CheckPayload(Payload):
    """By which original an officer checked it."""

    document_number: Line


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class CorrectPayload(Payload):
    """A field as it should have been, by an accepted request for correction."""

    field: Code
    value: Line
    correction: Code
