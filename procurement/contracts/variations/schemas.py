"""What the acts on a variation bring along. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.contracts.schemas import Text, exact
from procurement.projects.schemas import Code, Day, Fen, Line, Sha256

SignedQuantity = Annotated[Decimal, *exact(10**10, 4, least=-(10**10))]


class ProposePayload(Payload):
    """What is to be changed, and why. reason_code: a code of the list ``variation_reason``."""

    contract_number: Code
    title: Line
    reason_code: Code
    description: Text = ""


class InstructPayload(Payload):
    """The owner's instruction, passed on by the chief supervisor.

    instruction_number, instructed_on: the owner's. supervision_notice: the number under which the
    chief supervisor passed it on. drawing_number: the drawing that shows the change.
    major_design: the change touches what was reviewed; review_number: the new review then.
    """

    instruction_number: Line = ""
    instructed_on: Day | None = None
    supervision_notice: Line = ""
    drawing_number: Line = ""
    drawing_sha256: Sha256 = ""
    major_design: bool = False
    review_number: Line = ""


class Valued(Payload):
    """One item of a change. quantity below zero: less work.

    basis: a code of the list ``variation_basis``. reference: for ``similar``, the bill's item it
    is priced after. cost_fen, profit_fen: for ``agreed``, what the unit price is made of.
    """

    code: Code
    name: Line = ""
    unit: Line = ""
    quantity: SignedQuantity
    price_fen: Fen
    basis: Code
    reference: Code = ""
    cost_fen: Fen = 0
    profit_fen: Fen = 0


class ValuePayload(Payload):
    """What the contractor values the change at."""

    items: Annotated[tuple[Valued, ...], Field(max_length=500)] = ()
    extra_days: Annotated[int, Field(ge=0, le=3650)] = 0


class CheckPayload(Payload):
    """The items as the chief supervisor finds them right; none: as they were valued."""

    items: Annotated[tuple[Valued, ...], Field(max_length=500)] = ()
    opinion: Text = ""


class ApprovePayload(Payload):
    """The owner's approval. extra_approval: the paper that a great sum of changes needs besides."""

    extra_approval: Line = ""


class InPaymentPayload(Payload):
    """The payment that pays it."""

    payment_number: Line
