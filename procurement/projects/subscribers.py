"""What follows a registration: the certificate is printed for signature, everybody finds it."""

from __future__ import annotations

from typing import Any

from kernel.documents import services as documents
from kernel.events.procurement_contracts import ContractSigned, ContractTerminated
from kernel.events.procurement_projects import ProjectRegistered, ProjectTerminated
from kernel.events.procurement_tendering import LotRetendered, LotTerminated
from kernel.events.procurement_works import WorksAbandoned, WorksClosed
from kernel.events.registry import Envelope, subscribe
from kernel.search import services as search
from kernel.workflow.following import follow
from procurement.projects import findable, naming, selectors
from procurement.projects.certificate import FORM
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project


def print_certificate(envelope: Envelope) -> int:
    """Draft and print the certificate; both are idempotent, so a killed worker starts over."""
    event = envelope.event
    assert isinstance(event, ProjectRegistered)
    project = Project.objects.only("registered_by_id").get(pk=event.project_id)
    document = documents.draft(
        form=FORM,
        case_machine=PROJECT.code,
        case_pk=str(event.project_id),
        number=f"BJ-{event.number}",
        language="zh-hans",
        at=envelope.occurred_at,
        issuer=project.registered_by_id,
    )
    documents.render(document.pk, at=envelope.occurred_at)
    return document.pk


@subscribe(ProjectRegistered, "procurement.projects.certificate", prepare=print_certificate)
def certificate_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""


@subscribe(ProjectRegistered, "procurement.projects.search")
def registered_is_found(envelope: Envelope, _prepared: Any) -> None:
    """Everybody finds what is on the register."""
    event = envelope.event
    assert isinstance(event, ProjectRegistered)
    _enter(event.number)


@subscribe(ProjectTerminated, "procurement.projects.search_terminated")
def terminated_is_found(envelope: Envelope, _prepared: Any) -> None:
    """A project that ended stays on the register, and is found as the register shows it."""
    event = envelope.event
    assert isinstance(event, ProjectTerminated)
    if event.number:
        _enter(event.number)


def _enter(number: str) -> None:
    """By what the register says now: deliveries may come late, twice or in another order."""
    entry = findable.entry_of(number)
    if entry is None:
        search.remove(findable.KIND, number)
    else:
        search.put(entry)


@subscribe(ContractSigned, "procurement.projects.parties")
def parties_are_recorded(envelope: Envelope, _prepared: Any) -> None:
    """A signed contract says who builds and who supervises."""
    event = envelope.event
    assert isinstance(event, ContractSigned)
    project = Project.objects.filter(number=event.project_number).first()
    if project is None:
        return
    found = (("contractor", event.contractor_uscc), ("supervision_firm", event.supervision_uscc))
    known = naming.names(uscc for _role, uscc in found)
    follow(
        PROJECT.code,
        project.pk,
        "record_parties",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={
            "parties": [
                {"role": role, "uscc": uscc, "name": known.get(uscc, uscc)}
                for role, uscc in found
                if uscc
            ]
        },
    )


@subscribe(WorksClosed, "procurement.projects.close")
@subscribe(WorksAbandoned, "procurement.projects.close_after_abandonment")
@subscribe(LotTerminated, "procurement.projects.close_after_termination")
@subscribe(LotRetendered, "procurement.projects.close_after_retender")
@subscribe(ContractTerminated, "procurement.projects.close_after_contract")
def project_is_closed(envelope: Envelope, _prepared: Any) -> None:
    """Whatever was the last thing to be done, or given up, ends the project."""
    event = envelope.event
    assert isinstance(
        event, WorksClosed | WorksAbandoned | LotTerminated | LotRetendered | ContractTerminated
    )
    project = Project.objects.filter(number=event.project_number).first()
    if project is not None and selectors.may_end(event.project_number):
        follow(
            PROJECT.code,
            project.pk,
            "close",
            key=f"event:{envelope.id}",
            at=envelope.occurred_at,
        )
