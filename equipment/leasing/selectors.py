"""The one load of facts that the guards of a hire look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from credit.citing import language
from credit.conduct import sanctions
from equipment import citing
from equipment.leasing.machine import AGREED, ENDED, HIRE
from equipment.leasing.models import Hire
from equipment.leasing.rules import HireFacts
from equipment.leasing.schemas import RequestPayload
from equipment.registry import selectors as registry
from equipment.registry.machine import IDLE, MACHINE
from equipment.registry.models import LiftingMachine
from equipment.sites.models import MachineSite
from kernel import clock
from kernel.access.actors import Actor
from kernel.workflow.project_cases import Stays, stays_by


@HIRE.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> HireFacts:
    """Everything that the guards of a hire look at."""
    day = clock.legal_date(at)
    asked = payload if isinstance(payload, RequestPayload) else None
    one = _machine(case, asked)
    return HireFacts(
        today=day,
        machine_found=one is not None and one.state == IDLE,
        machine_idle=one is not None and one.state == IDLE and not _hired(one, case),
        machine_back=one is not None and one.hire_id != case.pk,
        site_found=_site_found(asked, actor),
        free_from=one.free_from if one else None,
        life_ends_on=one.life_ends_on if one else None,
        agreed_until=case.to_on,
        lessor_listed=sanctions.refusals(one.owner_uscc if one else "", at),
        hirer_listed=sanctions.refusals(_hirer(case, actor), at),
        articles=citing.articles(day, language()),
    )


def _machine(case: Any, asked: RequestPayload | None) -> LiftingMachine | None:
    if asked is not None:
        return registry.by_number(asked.machine_number)
    if case.lifting_machine_id is None:
        return None
    found: LiftingMachine | None = LiftingMachine.objects.filter(pk=case.lifting_machine_id).first()
    return found


def _hired(one: LiftingMachine, case: Any) -> bool:
    """Whether another hire was agreed, of which the machine has not heard yet."""
    return Hire.objects.filter(lifting_machine=one, state=AGREED).exclude(pk=case.pk).exists()


def _hirer(case: Any, actor: Actor | None) -> str:
    """Who hires: the case's contractor, or whoever asks where there is no case yet."""
    return case.contractor_uscc or (actor.uscc if actor else "")


def _site_found(asked: RequestPayload | None, actor: Actor | None) -> bool:
    if asked is None or actor is None:
        return False
    return bool(open_sites(actor.uscc).filter(number=asked.site_number).exists())


def open_sites(uscc: str) -> Any:
    """The sites of a contractor that machines may be hired for."""
    return MachineSite.objects.filter(contractor_uscc=uscc, closed_at__isnull=True)


# What happened to a machine on a site stays part of the project after it went back to its yard.
stays_by(
    MACHINE.code,
    Stays(
        lambda number: Hire.objects.order_by().filter(project_number=number, state=ENDED),
        "lifting_machine_id",
    ),
)
