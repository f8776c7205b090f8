"""Writes of securities: what each act changes besides the state."""

from __future__ import annotations

from kernel import clock
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from procurement.projects import selectors as projects
from procurement.securities.machine import SECURITY
from procurement.securities.models import Security
from procurement.securities.schemas import IssuePayload


@SECURITY.effect("issue")
def _issue(case: Security, doing: Doing) -> list[DomainEvent]:
    """Take the form over; the guarantee ends at the end of its last day."""
    for name in IssuePayload.model_fields:
        setattr(case, name, getattr(doing.payload, name))
    case.guarantor_uscc = doing.actor.uscc
    case.issued_at = doing.at
    case.lapses_at = clock.end_of(doing.payload.valid_to)
    project = projects.public_project(case.project_number)
    case.region = project.region if project else ""
    return []


@SECURITY.effect("call_back")
def _call_back(case: Security, doing: Doing) -> list[DomainEvent]:
    """The law's days run from what caused it, once: the earlier cause stands."""
    if case.return_due_at is None:
        case.return_reason = doing.payload.reason
        case.return_due_at = due(
            doing.at,
            "tender.bid_security.return",
            region=case.region,
            subject={"reason": doing.payload.reason},
            provisional=True,
        ).at
    return []


@SECURITY.effect("return")
def _return(case: Security, doing: Doing) -> list[DomainEvent]:
    case.returned_at = doing.at
    case.interest_note = doing.payload.interest_note
    return []


@SECURITY.effect("claim")
def _claim(case: Security, doing: Doing) -> list[DomainEvent]:
    case.claimed_at, case.claimed_fen = doing.at, doing.payload.amount_fen
    case.claim_reason = doing.payload.reason
    return []
