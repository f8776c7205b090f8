"""Writes of hires, and what follows: the machine is rented, and the hire ends when it is back."""

from __future__ import annotations

from typing import Any

from equipment.leasing.machine import HIRE
from equipment.leasing.models import Hire
from equipment.registry import selectors as registry
from equipment.registry.machine import MACHINE
from equipment.sites.models import MachineSite
from kernel import clock
from kernel.events.equipment import HireAgreed, MachineReturned
from kernel.events.registry import DomainEvent, Envelope, subscribe
from kernel.workflow.following import follow
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number


@HIRE.effect("request")
def _request(case: Hire, doing: Doing) -> list[DomainEvent]:
    payload, year = doing.payload, clock.legal_date(doing.at).year
    one = registry.by_number(payload.machine_number)
    site = MachineSite.objects.get(number=payload.site_number)
    assert one is not None
    case.number = f"ZL{year}{next_number(f'hire:{year}'):06d}"
    case.lifting_machine = one
    case.machine_number, case.machine_name = one.number, f"{one.model} {one.serial}"
    case.lessor_uscc, case.lessor_name = one.owner_uscc, one.owner_name
    case.contractor_uscc = doing.actor.uscc
    case.contractor_name = doing.actor.organisation_name
    case.supervision_uscc = site.supervision_uscc
    case.site_number, case.project_number = site.number, site.project_number
    case.region = site.region
    case.daily_rent_fen = one.daily_rent_fen
    case.from_on, case.to_on = payload.from_on, payload.to_on
    return []


@HIRE.effect("agree")
def _agree(case: Hire, doing: Doing) -> list[DomainEvent]:
    case.contract_number = doing.payload.contract_number
    return [
        HireAgreed(
            hire_id=case.pk,
            machine_id=case.lifting_machine_id,
            site_number=case.site_number,
            project_number=case.project_number,
            site_region=case.region,
            contractor_uscc=case.contractor_uscc,
            supervision_uscc=case.supervision_uscc,
            daily_rent_fen=case.daily_rent_fen,
            from_on=case.from_on,
            to_on=case.to_on,
        )
    ]


@subscribe(HireAgreed, "equipment.leasing.agreed")
def machine_is_rented(envelope: Envelope, _prepared: Any) -> None:
    """An agreed hire takes the machine off the market."""
    event = envelope.event
    assert isinstance(event, HireAgreed)
    follow(
        MACHINE.code,
        event.machine_id,
        "rent",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={
            "hire_id": event.hire_id,
            "site_number": event.site_number,
            "project_number": event.project_number,
            "site_region": event.site_region,
            "contractor_uscc": event.contractor_uscc,
            "supervision_uscc": event.supervision_uscc,
            "from_on": event.from_on,
            "to_on": event.to_on,
        },
    )


@subscribe(MachineReturned, "equipment.leasing.returned")
def hire_ends(envelope: Envelope, _prepared: Any) -> None:
    """A machine that is back ends its hire."""
    event = envelope.event
    assert isinstance(event, MachineReturned)
    if event.hire_id:
        follow(HIRE.code, event.hire_id, "end", key=f"event:{envelope.id}", at=envelope.occurred_at)
