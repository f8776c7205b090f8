"""Works with a permit are sites that machines may be hired for, until they are closed."""

from __future__ import annotations

from typing import Any

from equipment.sites.models import MachineSite
from kernel.events.procurement_works import WorksAbandoned, WorksClosed, WorksPermitted
from kernel.events.registry import Envelope, subscribe


@subscribe(WorksPermitted, "equipment.sites.permitted")
def site_opens(envelope: Envelope, _prepared: Any) -> None:
    """A permit makes a site; told again, it says the same."""
    event = envelope.event
    assert isinstance(event, WorksPermitted)
    MachineSite.objects.update_or_create(
        number=event.number,
        defaults={
            "project_number": event.project_number,
            "name": event.name,
            "region": event.region,
            "owner_uscc": event.owner_uscc,
            "contractor_uscc": event.contractor_uscc,
            "supervision_uscc": event.supervision_uscc,
        },
    )


@subscribe(WorksAbandoned, "equipment.sites.abandoned")
@subscribe(WorksClosed, "equipment.sites.closed")
def site_closes(envelope: Envelope, _prepared: Any) -> None:
    """No machine goes to works that are closed, or that nobody will build."""
    event = envelope.event
    assert isinstance(event, WorksClosed | WorksAbandoned)
    MachineSite.objects.filter(number=event.number).update(closed_at=envelope.occurred_at)
