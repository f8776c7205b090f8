"""What the acts on a payroll bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[str, Field(max_length=2000)]
Fen = Annotated[int, Field(ge=0, le=10**9)]
Days = Annotated[Decimal, Field(ge=0, le=31, max_digits=3, decimal_places=1)]
Amount = Annotated[Decimal, Field(ge=0, le=10**6, max_digits=9, decimal_places=2)]


class WageLine(Payload):
    """What one worker is due for a month.

    worker: the key of the place on the site. amount: pieces, where wages go by the piece. rate in
    fen; None is the rate of the labour contract. Sums are counted, not sent.
    """

    worker: int
    days: Days
    amount: Amount = Decimal(0)
    rate_fen: Fen | None = None
    deductions_fen: Fen = 0
    note: Line = ""


Lines = Annotated[tuple[WageLine, ...], Field(max_length=200)]


class ListPayload(Payload):
    """A crew's month on a site."""

    site_number: Code
    month: Month
    team: Line
    lines: Lines = ()


class RelistPayload(Payload):
    """The lines as they should be."""

    lines: Lines = ()


class ConfirmPayload(Payload):
    """A worker's word on the own line; of one that pays fewer days, that the month is settled."""

    agrees_short: bool = False


class CheckPayload(Payload):
    """What became of alarms of attendance, where there were any."""

    clash_note: Reason = ""


class Receipt(Payload):
    """The bank's receipt of one worker's wages."""

    worker: int
    receipt_number: Code


class PayPayload(Payload):
    """What the bank paid: one batch, one receipt a worker."""

    batch_number: Code
    receipts: Annotated[tuple[Receipt, ...], Field(max_length=200)] = ()


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class ContradictPayload(Payload):
    """Whose wages never arrived, whatever the receipt says. worker: the key of the place."""

    worker: int
    reason: Reason = ""


class ProvePayload(Payload):
    """The bank's paper that a worker's wages arrived. worker: the key of the place."""

    worker: int
    file_sha256: Sha256
    reason: Reason = ""
