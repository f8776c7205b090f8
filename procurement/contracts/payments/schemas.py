"""What the acts on a payment bring along. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.contracts.schemas import Quantity, Receipt, Text
from procurement.projects.schemas import Code, Day, Fen, Line


class Measured(Payload):
    """What was done of an item of the contract's bill in this period. name: for people only."""

    code: Code
    name: Line = ""
    quantity: Quantity = Decimal(0)


class OpenPayload(Payload):
    """Which contract is to pay what, until when work was measured.

    kind: a code of the list ``payment_kind``. measured_to: the last day of the period.
    """

    contract_number: Code
    kind: Code = "progress"
    measured_to: Day


class MeasurePayload(Payload):
    """The measurement of a period.

    lines: quantities of this period alone; a line without one counts as nothing.
    variations, adjustments: numbers of those that are to be paid with it. owner_supplied_fen,
    penalties_fen: what is taken off.
    """

    lines: Annotated[tuple[Measured, ...], Field(max_length=3000)] = ()
    variations: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    adjustments: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    owner_supplied_fen: Fen = 0
    penalties_fen: Fen = 0


class CertifyPayload(Payload):
    """The quantities that the chief supervisor finds right; none: those that were asked for."""

    lines: Annotated[tuple[Measured, ...], Field(max_length=3000)] = ()
    opinion: Text = ""


class WagesPayload(Payload):
    """The wage share, paid to the wage account of the project, with the bank's receipts."""

    account: Line = ""
    receipts: Annotated[tuple[Receipt, ...], Field(max_length=20)] = ()


class DisputePayload(Payload):
    """What of a payment is in dispute and why, with the receipts of the rest, which is paid."""

    disputed_fen: Fen
    reason: Text = ""
    receipts: Annotated[tuple[Receipt, ...], Field(max_length=20)] = ()
