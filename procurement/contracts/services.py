"""Writes of contracts: what each act changes besides the state. fire() calls these."""

from __future__ import annotations

from datetime import datetime

from kernel import clock
from kernel.documents import services as documents
from kernel.documents.models import DocumentState
from kernel.documents.selectors import of_case
from kernel.events.procurement_contracts import (
    ContractDrafted,
    ContractSettled,
    ContractSigned,
    ContractTerminated,
    SettlementChecked,
)
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import OPEN, Doing
from kernel.workflow.numbers import next_number
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.needs import Award
from procurement.contracts.rules import settlement
from procurement.contracts.schemas import ContractPayload
from procurement.contracts.selectors import retention_of
from procurement.contracts.states import SETTLED


@CONTRACT.effect(OPEN)
def _open(case: Contract, doing: Doing) -> list[DomainEvent]:
    """Take from the award what nobody types; give the contract its number."""
    award = doing.facts.award
    case.project_number, case.region = award.project_number, award.region
    case.owner_uscc = award.owner_uscc
    case.lot_id, case.lot_ref = award.lot_id, award.lot_ref
    _take_winner(case, award)
    serial = next_number(f"contract:{award.project_number}")
    case.number = f"{award.project_number}-HT{serial:02d}"
    _fill(case, doing.payload)
    return []


@CONTRACT.effect("amend")
def _amend(case: Contract, doing: Doing) -> list[DomainEvent]:
    """The winner of now: the first one may have been passed over since."""
    _take_winner(case, doing.facts.award)
    _fill(case, doing.payload)
    return []


def _take_winner(case: Contract, award: Award) -> None:
    case.contractor_uscc, case.awarded_at = award.winner_uscc, award.awarded_at
    case.sign_by = due(award.awarded_at, "contract.sign", region=award.region, provisional=True).at


def _fill(case: Contract, payload: ContractPayload) -> None:
    for name in ContractPayload.model_fields:
        setattr(case, name, getattr(payload, name))


@CONTRACT.effect("draft")
def _draft(case: Contract, _doing: Doing) -> list[DomainEvent]:
    case.draft_round += 1
    return [ContractDrafted(case.pk, case.number, case.draft_round)]


@CONTRACT.effect("redraft")
def _redraft(case: Contract, doing: Doing) -> list[DomainEvent]:
    _revoke(case, doing)
    return []


def _revoke(case: Contract, doing: Doing) -> None:
    """What waits for signatures is not signed any more."""
    for document in of_case(CONTRACT.code, str(case.pk)):
        if document.state == DocumentState.AWAITING_SIGNATURE:
            documents.revoke(document.pk, because=doing.payload.reason, at=doing.at)


@CONTRACT.effect("sign")
def _sign(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.signed_at, case.document_sha256 = doing.at, doing.payload.document_sha256
    return [
        ContractSigned(
            contract_id=case.pk,
            number=case.number,
            lot_id=case.lot_id,
            project_number=case.project_number,
            works_name=case.works_name,
            region=case.region,
            owner_uscc=case.owner_uscc,
            contractor_uscc=case.contractor_uscc,
            supervision_uscc=case.supervision_uscc,
            price_fen=case.price_fen,
            period_days=case.period_days,
            project_manager=case.project_manager,
            signed_on=clock.legal_date(doing.at),
        )
    ]


@CONTRACT.effect("register")
def _register(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.registered_at = doing.at
    return []


@CONTRACT.effect("supplement")
def _supplement(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.supplements = [*case.supplements, doing.payload.model_dump(mode="json")]
    return []


def _ended(case: Contract, doing: Doing, at_fault: str, document: str) -> list[DomainEvent]:
    return [
        ContractTerminated(
            contract_id=case.pk,
            number=case.number,
            project_number=case.project_number,
            owner_uscc=case.owner_uscc,
            contractor_uscc=case.contractor_uscc,
            at_fault=at_fault,
            document_number=document,
            terminated_on=clock.legal_date(doing.at),
        )
    ]


@CONTRACT.effect("terminate")
def _terminate(case: Contract, doing: Doing) -> list[DomainEvent]:
    """Whose fault it was is said by who ends it; conduct officers hold it against the notice."""
    return _ended(case, doing, doing.payload.at_fault, doing.payload.notice_number)


@CONTRACT.effect("note_void")
def _note_void(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.void_document = doing.payload.document_number
    return []


@CONTRACT.effect("invalidate")
def _invalidate(case: Contract, doing: Doing) -> list[DomainEvent]:
    """What its bidder did is on record by the decision itself: nobody gave the contract up."""
    return _ended(case, doing, "", case.void_document)


@CONTRACT.effect("begin_settlement")
def _begin_settlement(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.accepted_on, case.works_ref = doing.payload.accepted_on, doing.payload.works_ref
    return []


@CONTRACT.effect("annul_acceptance")
def _annul_acceptance(case: Contract, doing: Doing) -> list[DomainEvent]:
    """What was asked for rested on an acceptance that does not hold: it is asked for anew."""
    _revoke(case, doing)
    case.settlement_deemed_at = case.accepted_on = None
    return []


@CONTRACT.effect("await_acceptance")
def _await_acceptance(case: Contract, _doing: Doing) -> list[DomainEvent]:
    """The price that both agreed on stands; the defect period has not begun."""
    case.accepted_on = case.retention_due_at = None
    return []


@CONTRACT.effect("note_acceptance")
def _note_acceptance(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.accepted_on, case.works_ref = doing.payload.accepted_on, doing.payload.works_ref
    if case.state == SETTLED and case.retention_fen:
        case.retention_due_at = _after_months(case)
    return []


@CONTRACT.effect("file_settlement")
def _file_settlement(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.claimed_fen = doing.payload.claimed_fen
    case.settlement_papers_sha256 = doing.payload.papers_sha256
    reply = due(doing.at, "settlement.reply", region=case.region, provisional=True)
    case.settlement_deemed_at = settlement.deemed_at(case.silence_accepts, reply.at)
    return []


@CONTRACT.effect("check_settlement")
def _check_settlement(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.checked_fen, case.disputed_fen = doing.payload.checked_fen, doing.payload.disputed_fen
    case.settlement_round += 1
    return [SettlementChecked(case.pk, case.number, case.settlement_round)]


@CONTRACT.effect("return_settlement")
def _return_settlement(case: Contract, doing: Doing) -> list[DomainEvent]:
    _revoke(case, doing)
    case.settlement_deemed_at = None
    return []


@CONTRACT.effect("settle")
def _settle(case: Contract, doing: Doing) -> list[DomainEvent]:
    return _settled(case, doing, case.checked_fen, case.disputed_fen)


@CONTRACT.effect("deem_settlement")
def _deem_settlement(case: Contract, doing: Doing) -> list[DomainEvent]:
    return _settled(case, doing, case.claimed_fen, 0)


def _settled(case: Contract, doing: Doing, sum_fen: int, disputed_fen: int) -> list[DomainEvent]:
    case.settled_fen, case.disputed_fen, case.settled_at = sum_fen, disputed_fen, doing.at
    case.retention_fen = retention_of(case, sum_fen)
    if case.accepted_on is not None and case.retention_fen:
        case.retention_due_at = _after_months(case)
    return [
        ContractSettled(
            contract_id=case.pk,
            number=case.number,
            project_number=case.project_number,
            settled_fen=sum_fen,
            disputed_fen=disputed_fen,
            retention_fen=case.retention_fen,
            settled_on=clock.legal_date(doing.at),
        )
    ]


def _after_months(case: Contract) -> datetime:
    """The end of the agreed defect period, which begins when the works were accepted."""
    assert case.accepted_on is not None
    return clock.end_of(settlement.months_after(case.accepted_on, case.defect_months))


@CONTRACT.effect("return_retention")
def _return_retention(case: Contract, doing: Doing) -> list[DomainEvent]:
    case.retention_receipts = doing.payload.model_dump(mode="json")["receipts"]
    return []
