"""Writes of completion filings: what each act changes besides the state."""

from __future__ import annotations

from datetime import timedelta

from kernel import clock
from kernel.events.procurement_completion import CompletionFiled, CompletionOverdue
from kernel.events.registry import DomainEvent
from kernel.identifiers import project_number
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.projects.filing.machine import COMPLETION_FILING
from procurement.projects.filing.models import CompletionFiling


@COMPLETION_FILING.effect("open")
def _open(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump().items():
        setattr(case, name, value)
    return []


@COMPLETION_FILING.effect("submit")
@COMPLETION_FILING.effect("reaccept")
def _submit(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump(mode="json").items():
        setattr(case, name, value)
    return []


@COMPLETION_FILING.effect("receipt")
def _receipt(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    case.receipted_at = doing.at
    return []


@COMPLETION_FILING.effect("fall_overdue")
def _overdue(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    case.overdue = True
    return [
        CompletionOverdue(
            filing_id=case.pk,
            works_number=case.works_number,
            project_number=case.project_number,
            owner_uscc=case.owner_uscc,
            document_number=f"{case.works_number}-YQ",
            due_on=clock.legal_date(doing.at - timedelta(seconds=1)),
        )
    ]


@COMPLETION_FILING.effect("file")
def _file(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    """Give the filing its number; the owner's judgement goes to the credit records."""
    serial = next_number(f"completion:{case.project_number}")
    case.filing_number = project_number.related(case.project_number, "JX", serial)
    case.filed_on = clock.legal_date(doing.at)
    case.filed_by_id = doing.actor.organisation_id
    return [
        CompletionFiled(
            filing_id=case.pk,
            works_id=case.works_id,
            works_number=case.works_number,
            contract_number=case.contract_number,
            project_number=case.project_number,
            contractor_uscc=case.contractor_uscc,
            owner_uscc=case.owner_uscc,
            performance=case.performance,
            document_number=case.filing_number,
            filed_on=case.filed_on,
        )
    ]
