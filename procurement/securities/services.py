"""Writes of securities: what each act changes besides the state."""

from __future__ import annotations

from kernel import clock
from kernel.events.procurement_securities import SecurityClaimed
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import fresh_id
from procurement.bids import covers
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
    case.pk = fresh_id()
    return _among_covers(case, doing)


@SECURITY.effect("call_back")
def _call_back(case: Security, doing: Doing) -> list[DomainEvent]:
    """The law's days run from what caused it, once: the earlier cause stands.

    Of a bid that was taken back its owner knows nothing, so that the guarantor has to let go.
    """
    column = "release_due_at" if doing.payload.reason == "withdrawn" else "return_due_at"
    if getattr(case, column) is None:
        case.return_reason = doing.payload.reason
        until = due(
            doing.at,
            "tender.bid_security.return",
            region=case.region,
            subject={"reason": doing.payload.reason},
            provisional=True,
        ).at
        setattr(case, column, until)
    return _among_covers(case, doing)


@SECURITY.effect("hold")
def _hold(case: Security, doing: Doing) -> list[DomainEvent]:
    case.release_due_at, case.return_reason = None, ""
    return _among_covers(case, doing)


def _among_covers(case: Security, doing: Doing) -> list[DomainEvent]:
    """Who counts entries of the log must not learn how many mean to bid."""
    if case.kind == "bid":
        doing.log(covers.some(doing.at), lambda _placed: None)
    return []


@SECURITY.effect("return")
def _return(case: Security, doing: Doing) -> list[DomainEvent]:
    case.returned_at = doing.at
    case.interest_note = doing.payload.interest_note
    return _among_covers(case, doing)


@SECURITY.effect("claim")
def _claim(case: Security, doing: Doing) -> list[DomainEvent]:
    case.claimed_at, case.claimed_fen = doing.at, doing.payload.amount_fen
    case.claim_reason = doing.payload.reason
    return [
        SecurityClaimed(
            security_id=case.pk,
            number=case.number,
            kind=case.kind,
            about=case.about,
            project_number=case.project_number,
            principal_uscc=case.principal_uscc,
            amount_fen=case.claimed_fen,
            reason=case.claim_reason,
            claimed_on=clock.legal_date(doing.at),
        )
    ]
