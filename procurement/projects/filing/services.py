"""Writes of completion filings: what each act changes besides the state."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel import clock
from kernel.events.procurement_completion import (
    CompletionFiled,
    CompletionOverdue,
    CompletionUseStopped,
)
from kernel.events.registry import DomainEvent
from kernel.identifiers import project_number
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.projects.filing.machine import COMPLETION_FILING
from procurement.projects.filing.models import CompletionFiling


@COMPLETION_FILING.effect("open")
def _open(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump().items():
        setattr(case, name, value)
    _begin(case, doing)
    return []


@COMPLETION_FILING.effect("reaccept")
def _reaccept(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    _begin(case, doing)
    return []


def _begin(case: CompletionFiling, doing: Doing) -> None:
    """The fifteen days run from this acceptance, however often the file is sent back."""
    case.submit_due_at = _due(doing, case.region, "completion_filing.submit")
    case.receipted_at = None


def _due(doing: Doing, region: str, period: str) -> datetime:
    return due(doing.at, period, region=region, provisional=True).at


@COMPLETION_FILING.effect("return")
def _return(case: CompletionFiling, doing: Doing) -> list[DomainEvent]:
    """Who handed in on time and hears of a fault only after the term has days to mend it."""
    if case.submit_due_at is not None and case.submit_due_at <= doing.at:
        case.submit_due_at = _due(doing, case.region, "completion_filing.correct")
    return []


@COMPLETION_FILING.effect("stop_use")
def _stop_use(case: CompletionFiling, _doing: Doing) -> list[DomainEvent]:
    return [
        CompletionUseStopped(
            filing_id=case.pk,
            works_id=case.works_id,
            works_number=case.works_number,
            project_number=case.project_number,
            owner_uscc=case.owner_uscc,
        )
    ]


@COMPLETION_FILING.effect("submit")
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
    case.submit_due_at = None
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
