"""What the acts on a contract bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from kernel.workflow import texts
from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Day, Fen, Line, Sha256, Uscc


def _exact(value: object) -> object:
    """A number is written exactly: as text or a whole number, never as a binary fraction."""
    if isinstance(value, bool | float):
        raise ValueError("not an exact number")
    return value


def exact(most: int, decimals: int, least: int = 0) -> Any:
    """A Decimal between bounds with at most so many decimals."""
    return BeforeValidator(_exact), Field(ge=least, le=most, decimal_places=decimals)


Percent = Annotated[Decimal, *exact(100, 2)]
Quantity = Annotated[Decimal, *exact(10**10, 4)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Months = Annotated[int, Field(ge=0, le=600)]
Text = Annotated[str, Field(max_length=2000, json_schema_extra={"pattern": texts.PATTERN})]


class ContractPayload(Payload):
    """The terms of a contract. Everything but the lot may be missing while it is a draft.

    lot_number: the awarded lot. Money in fen. boq_standard: the bill's edition; bill_sha256: the
    contract's priced bill, which travels as a file of its own. quantity_option: ``full`` or
    ``segment``, how a quantity that grew beyond the deviation is priced; it has no default.
    silence_accepts: the contract says that silence accepts a settlement. audit_basis: it makes an
    audit authority's result the basis of settlement. late_interest_percent: a year, empty where
    the law's rate applies. adjustment: information, index or none.
    """

    lot_number: Code
    works_name: Line = ""
    supervision_uscc: Uscc = ""
    price_fen: Fen = 0
    provisional_fen: Fen = 0
    period_days: Days = 0
    quality: Line = ""
    project_manager: Line = ""
    boq_standard: Code = ""
    bill_sha256: Sha256 = ""
    quantity_option: Code = ""
    adjustment: Code = ""
    risk_percent: Percent | None = None
    prepayment_percent: Percent | None = None
    progress_percent: Percent | None = None
    retention_percent: Percent | None = None
    performance_percent: Percent | None = None
    wage_percent: Percent | None = None
    defect_months: Months = 0
    owner_kind: Code = ""
    contractor_is_sme: bool = False
    government_money: bool = False
    silence_accepts: bool = False
    audit_basis: bool = False
    late_interest_percent: Percent | None = None


class SignPayload(Payload):
    """The contract that both signed, by its number and the hash of the issued file."""

    document_number: Line
    document_sha256: Sha256


class AcceptedPayload(Payload):
    """The day on which the works were accepted; the defect period begins with it.

    works_ref: the case of the works.
    """

    accepted_on: Day
    works_ref: Line = ""


class FileSettlementPayload(Payload):
    """What the contractor asks the whole contract to be settled at, and the papers for it."""

    claimed_fen: Fen
    papers_sha256: Sha256 = ""
    statement: Text = ""


class CheckSettlementPayload(Payload):
    """What the chief supervisor finds undisputed, and what stays in dispute beside it."""

    checked_fen: Fen
    disputed_fen: Fen = 0
    opinion: Text = ""


class Receipt(Payload):
    """A bank's receipt of a transfer."""

    bank: Line
    number: Line
    paid_on: Day
    amount_fen: Fen
    file_sha256: Sha256 = ""


class ReceiptsPayload(Payload):
    """The bank receipts of what was paid."""

    receipts: Annotated[tuple[Receipt, ...], Field(max_length=20)] = ()


class RetentionPayload(ReceiptsPayload):
    """Retention that goes back. Before the defect period ends: why, and what both signed."""

    reason: Text = ""
    file_sha256: Sha256 = ""


class SupplementPayload(Payload):
    """A supplement that both signed. subject: a code of the list ``contract_supplement``."""

    subject: Code
    number: Line
    signed_on: Day
    summary: Text = ""
    file_sha256: Sha256 = ""


class NoticePayload(Payload):
    """Why a contract is suspended or ended, and the notice that told the other party."""

    reason: Text = ""
    notice_number: Line = ""
    notified_on: Day | None = None


class TerminatePayload(NoticePayload):
    """A notice, and by whose fault: ``contractor``, ``owner``, or nobody's."""

    at_fault: Literal["", "contractor", "owner"] = ""


class VoidPayload(Payload):
    """The decision by which the winner's bid was found void."""

    document_number: Text = ""


class ReasonPayload(Payload):
    """Why an authority or a party does this."""

    reason: Text = ""
