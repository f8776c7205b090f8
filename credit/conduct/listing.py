"""A record on a list and off it again: what each act changes, and what it tells."""

from __future__ import annotations

from credit.conduct import selectors, services
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing


@RECORD.effect("propose_list")
def _propose_list(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """Whoever proposes a listing does not decide it; the enterprise is heard first."""
    services.propose_act(case, doing, "list")
    case.listing_statement = case.exit_reason = ""
    case.hearing_ends_at = None
    return []


@RECORD.effect("serve_list_notice")
def _serve(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """The enterprise has its days from the day on which its notice was signed."""
    case.hearing_ends_at = due(doing.at, "conduct.list.hearing", provisional=True).at
    return []


@RECORD.effect("state_listing")
def _state_listing(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.listing_statement = doing.payload.statement
    return []


@RECORD.effect("list")
def _list(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """While a list holds it, its time of showing ends nothing."""
    services.decided_otherwise(case, doing)
    case.kept_back = False  # a list is public
    if case.suspended_by:
        return []
    return [services.published(case, amended=True, listed=True)]


@RECORD.effect("apply_exit")
def _apply_exit(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """The list's term goes on meanwhile; the decision has a clock of its own."""
    case.exit_reason = doing.payload.reason
    case.correction_document = doing.payload.correction_document
    case.commitment_sha256 = doing.payload.commitment_sha256
    case.exit_due_at = due(doing.at, "conduct.repair.decide", provisional=True).at
    return []


@RECORD.effect("propose_removal")
def _propose_removal(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    services.propose_act(case, doing, "remove")
    case.proposal_document = doing.payload.overturned_by
    return []


@RECORD.effect("reject_exit")
def _reject_exit(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    """A removal that was proposed for it is given up with it; one by a document goes on."""
    if case.proposed == "remove" and not case.proposal_document:
        services.drop_proposal(case)
    case.exit_due_at = None
    return []


@RECORD.effect("remove")
@RECORD.effect("remove_on_time")
def _off_the_list(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """Off the list it is a bad record again, as long as the law has it shown after a list."""
    services.drop_proposal(case)
    case.exit_due_at = None
    assert case.shown_until is not None
    case.shown_until = max(case.shown_until, selectors.after_a_list(doing.at))
    return [] if case.suspended_by else [services.published(case, amended=True)]
