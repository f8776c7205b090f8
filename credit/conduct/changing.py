"""What becomes of a record while its document is suspended, changed or annulled."""

from __future__ import annotations

from credit.conduct import services
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.states import LISTED
from kernel import clock
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing


@RECORD.effect("suspend")
def _suspend(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    """Its use rests until the order falls: it weighs nothing and bars nothing meanwhile."""
    case.suspended_by = case.proposal_document
    services.drop_proposal(case)
    return [services.ended(case, "suspended")]


@RECORD.effect("lift_suspension")
def _lift(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    case.suspended_by = ""
    services.drop_proposal(case)
    return [services.published(case, amended=True, listed=case.state == LISTED)]


@RECORD.effect("propose_change")
def _propose_change(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """One officer's note takes nothing away; its clock says until when another confirms it."""
    services.propose_act(case, doing, "note_change")
    case.withdraw_due_at = due(
        max(clock.start_of(doing.payload.changed_on), doing.at),
        "conduct.penalty.correct",
        provisional=True,
    ).at
    return []


@RECORD.effect("note_change")
def _note_change(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """Two officers know of it: what goes by itself now goes by both.

    The days run from the confirmation, so that there is time to correct the record instead. Who
    noted the change leaves what becomes of it to another.
    """
    case.proposed, case.change_document = "withdraw", case.proposal_document
    case.withdraw_due_at = due(doing.at, "conduct.penalty.correct", provisional=True).at
    return []
