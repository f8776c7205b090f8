"""What the acts on a security bring along. Pure. Money in fen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Day, Fen, Line, Sha256, Uscc


class IssuePayload(Payload):
    """A guarantee. kind: a code of ``security_kind``; about: the number of the lot, contract or
    works that it secures; valid_to: its last day. number: the guarantor's own."""

    kind: Code
    number: Line
    about: Annotated[str, Field(max_length=60)]
    project_number: Annotated[str, Field(max_length=20)]
    principal_uscc: Uscc
    beneficiary_uscc: Uscc
    amount_fen: Fen
    valid_from: Day
    valid_to: Day
    file_sha256: Sha256 = ""


class DuePayload(Payload):
    """Why a security is to be returned now: its bid was withdrawn, or the contract is signed."""

    reason: Literal["withdrawn", "contract_signed"]


class ReturnPayload(Payload):
    """A return. interest_note: what was paid in interest, or that a guarantee bears none."""

    interest_note: Annotated[str, Field(max_length=400)] = ""


class ClaimPayload(Payload):
    """A claim on the guarantee: how much, and the facts that it rests on."""

    amount_fen: Fen = 0
    reason: Annotated[str, Field(max_length=2000)] = ""
