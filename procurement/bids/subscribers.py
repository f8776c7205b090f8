"""What follows in this room: parties' acts carry policies and openings on; events close lots."""

from __future__ import annotations

from typing import Any

from kernel.documents import services as documents
from kernel.events.procurement_bids import BidsOpened, OpeningMoved, PolicyMoved
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.due import DeadlineMissed
from procurement.bids import decrypting, opening, policies
from procurement.bids.machines import OPENING, RELEASED, STOPPED
from procurement.bids.models import Opening
from procurement.bids.record import FORM


def move_policy(envelope: Envelope) -> None:
    """A party did its part: see whether the policy goes on."""
    event = envelope.event
    assert isinstance(event, PolicyMoved)
    policies.advance(event.policy_id, envelope.occurred_at)


def move_opening(envelope: Envelope) -> None:
    """A trustee did its part: see whether the opening goes on; decrypt where it can."""
    event = envelope.event
    assert isinstance(event, OpeningMoved)
    opening.advance(event.opening_id, envelope.occurred_at)
    case = Opening.objects.get(pk=event.opening_id)
    if case.state == RELEASED:
        decrypting.open_lot(case.pk, envelope.occurred_at)
    elif case.state == STOPPED:
        from procurement.bids import closing

        closing.return_unopened(case, envelope.occurred_at)
        closing.delete_dead(case.lot_number, all_of_it=True)


def move_late(envelope: Envelope) -> None:
    """The time to reveal or to mark is over: the opening goes on without those who are silent."""
    event = envelope.event
    assert isinstance(event, DeadlineMissed)
    if event.machine == OPENING.code:
        opening.advance(event.case_pk, envelope.occurred_at)


def print_record(envelope: Envelope) -> None:
    """Print and seal the opening record."""
    event = envelope.event
    assert isinstance(event, BidsOpened)
    document = documents.draft(
        form=FORM,
        case_machine=OPENING.code,
        case_pk=str(event.opening_id),
        number=f"KB-{event.lot_number}",
        language="zh-hans",
        at=envelope.occurred_at,
    )
    documents.render(document.pk, at=envelope.occurred_at)


@subscribe(PolicyMoved, "procurement.bids.policy", prepare=move_policy)
def policy_has_moved(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(OpeningMoved, "procurement.bids.opening", prepare=move_opening)
def opening_has_moved(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(DeadlineMissed, "procurement.bids.late", prepare=move_late)
def opening_is_late(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(BidsOpened, "procurement.bids.record", prepare=print_record)
def record_is_printed(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
