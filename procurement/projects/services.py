"""Writes of projects: what each act changes besides the state. fire() calls these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.events.procurement_projects import (
    ProjectPartyChanged,
    ProjectRegistered,
    ProjectReturned,
    ProjectSubmitted,
    ProjectTerminated,
)
from kernel.events.registry import DomainEvent
from kernel.identifiers import project_number
from kernel.workflow.firing import fire
from kernel.workflow.machines import OPEN, Doing
from kernel.workflow.numbers import next_number
from kernel.workflow.receipts import Receipt
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from procurement.projects.schemas import Party, ProjectPayload


def open_project(*, actor: Actor, payload: Mapping[str, Any], key: str) -> Receipt:
    """Open a registration as a draft of the actor's organisation.

    Raises Refused with every reason.
    """
    return fire(PROJECT.code, None, OPEN, actor=actor, payload=payload, key=key)


@PROJECT.effect(OPEN)
def _open(case: Project, doing: Doing) -> list[DomainEvent]:
    case.owner_id = doing.actor.organisation_id
    _fill(case, doing.payload)
    return []


@PROJECT.effect("amend")
def _amend(case: Project, doing: Doing) -> list[DomainEvent]:
    _fill(case, doing.payload)
    return []


def _fill(case: Project, payload: ProjectPayload) -> None:
    plain = payload.model_dump(mode="json")
    for name in ProjectPayload.model_fields:
        listed = name in {"funding", "papers", "parties"}
        setattr(case, name, plain[name] if listed else getattr(payload, name))


@PROJECT.effect("submit")
def _submit(case: Project, doing: Doing) -> list[DomainEvent]:
    return [ProjectSubmitted(case.pk, doing.facts.owner_uscc, case.region)]


@PROJECT.effect("return")
def _return(case: Project, doing: Doing) -> list[DomainEvent]:
    return [ProjectReturned(case.pk, doing.facts.owner_uscc)]


@PROJECT.effect("accept")
def _accept(case: Project, doing: Doing) -> list[DomainEvent]:
    """Give the project its national number and put it on the public register."""
    day = clock.legal_date(doing.at)
    series = f"project:{case.region}:{day:%y%m%d}:{case.project_class}"
    case.number = project_number.generate(case.region, day, case.project_class, next_number(series))
    case.registered_at = doing.at
    case.registered_by_id = doing.actor.organisation_id
    return [
        ProjectRegistered(
            project_id=case.pk,
            number=case.number,
            project_code=case.project_code,
            name=case.name,
            owner_uscc=doing.facts.owner_uscc,
            authority_uscc=doing.actor.uscc,
            region=case.region,
            project_class=case.project_class,
            total_investment_fen=case.total_investment_fen,
            floor_area_m2=case.floor_area_m2,
            planned_start_on=case.planned_start_on or day,
            planned_end_on=case.planned_end_on or day,
        )
    ]


@PROJECT.effect("change_party")
def _change_party(case: Project, doing: Doing) -> list[DomainEvent]:
    """Put who comes where who leaves stood; the act keeps the record before and after."""
    told = doing.payload
    left = [p for p in case.parties if (p["role"], p["uscc"]) == (told.role, told.left_uscc)]
    place = case.parties.index(left[0]) if left else len(case.parties)
    parties = [p for p in case.parties if p not in left]
    if told.uscc:
        parties.insert(place, Party(role=told.role, uscc=told.uscc, name=told.name).model_dump())
    case.parties = parties
    return [ProjectPartyChanged(case.pk, case.number, told.role, told.left_uscc, told.uscc)]


@PROJECT.effect("record_parties")
def _record_parties(case: Project, doing: Doing) -> list[DomainEvent]:
    known = {(party["role"], party["uscc"]) for party in case.parties}
    new = [p for p in doing.payload.parties if (p.role, p.uscc) not in known]
    case.parties = [*case.parties, *(party.model_dump() for party in new)]
    return []


@PROJECT.effect("terminate")
def _terminate(case: Project, doing: Doing) -> list[DomainEvent]:
    return [ProjectTerminated(case.pk, case.number, doing.facts.owner_uscc)]
