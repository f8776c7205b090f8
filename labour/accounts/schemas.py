"""What the acts on a wage account bring along. Pure: no ORM, no clock."""

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


class OpenPayload(Payload):
    """The bank's word that the account exists. confirmation: the bank's paper."""

    contract_number: Code
    bank_uscc: Annotated[str, Field(max_length=18)]
    account_number: Annotated[str, Field(max_length=30)]
    opened_on: date
    confirmation_number: Line
    confirmation_sha256: Sha256 = ""


class ReceivePayload(Payload):
    """Money that came in, as the bank's receipt says it. Fen."""

    amount_fen: Fen
    receipt_number: Code
    payer: Line


class Transfer(Payload):
    """One bank receipt of labour cost. Fen."""

    number: Line
    amount_fen: Fen


class CreditPayload(Payload):
    """The wage share of a payment, as its owner paid it."""

    payment: Code
    payer: Line
    transfers: Annotated[tuple[Transfer, ...], Field(max_length=20)] = ()


class ContradictPayload(Payload):
    """Which receipt's money never reached the account, and what the bank found."""

    receipt_number: Line
    reason: Reason = ""


class ClosePayload(Payload):
    """What was left on the account, paid back to the contractor: fen, and the bank's receipt."""

    rest_fen: Fen = 0
    rest_receipt: Line = ""


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""
