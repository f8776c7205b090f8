"""Signed contracts and works with a permit are what labour knows of procurement."""

from __future__ import annotations

from typing import Any

from kernel.events.procurement_completion import CompletionUseStopped
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.procurement_works import (
    WorksAbandoned,
    WorksAccepted,
    WorksClosed,
    WorksPermitted,
    WorksStarted,
)
from kernel.events.registry import Envelope, subscribe
from labour.sites import selectors
from labour.sites.models import SignedContract, SiteOfWork


@subscribe(ContractSigned, "labour.sites.contract_signed")
def contract_is_known(envelope: Envelope, _prepared: Any) -> None:
    """A signed contract may have its wage account; told again, it says the same."""
    event = envelope.event
    assert isinstance(event, ContractSigned)
    SignedContract.objects.update_or_create(
        number=event.number,
        defaults={
            "project_number": event.project_number,
            "works_name": event.works_name,
            "region": event.region,
            "owner_uscc": event.owner_uscc,
            "contractor_uscc": event.contractor_uscc,
            "price_fen": event.price_fen,
            "signed_at": envelope.occurred_at,
        },
    )


@subscribe(WorksPermitted, "labour.sites.permitted")
def site_opens(envelope: Envelope, _prepared: Any) -> None:
    """A permit makes a site."""
    _tell(envelope, "permitted_at")


@subscribe(WorksStarted, "labour.sites.started")
def site_starts(envelope: Envelope, _prepared: Any) -> None:
    """Works began."""
    _tell(envelope, "started_at")


@subscribe(WorksAccepted, "labour.sites.accepted")
def site_is_accepted(envelope: Envelope, _prepared: Any) -> None:
    """Works were accepted; of an acceptance that was annulled by now, only that they exist."""
    event = envelope.event
    assert isinstance(event, WorksAccepted)
    annulled = selectors.is_annulled(event.number, envelope.occurred_at)
    _tell(envelope, "" if annulled else "accepted_at")


@subscribe(CompletionUseStopped, "labour.sites.acceptance_annulled")
def acceptance_is_annulled(envelope: Envelope, _prepared: Any) -> None:
    """Works that have to be accepted again are not accepted; a later acceptance is another one."""
    event = envelope.event
    assert isinstance(event, CompletionUseStopped)
    stopped = SiteOfWork.objects.filter(
        number=event.works_number, accepted_at__lte=envelope.occurred_at
    )
    stopped.update(accepted_at=None)


@subscribe(WorksAbandoned, "labour.sites.abandoned")
@subscribe(WorksClosed, "labour.sites.closed")
def site_closes(envelope: Envelope, _prepared: Any) -> None:
    """Nobody is taken on for works that are closed, or that nobody will build."""
    _tell(envelope, "closed_at")


def _tell(envelope: Envelope, column: str) -> None:
    # Whichever of the four is delivered first makes the row; the others add their instant.
    event = envelope.event
    assert isinstance(
        event, WorksPermitted | WorksStarted | WorksAccepted | WorksClosed | WorksAbandoned
    )
    SiteOfWork.objects.update_or_create(
        number=event.number,
        defaults={
            "contract_number": event.contract_number,
            "project_number": event.project_number,
            "name": event.name,
            "region": event.region,
            "owner_uscc": event.owner_uscc,
            "contractor_uscc": event.contractor_uscc,
            "supervision_uscc": event.supervision_uscc,
            **({column: envelope.occurred_at} if column else {}),
        },
    )
