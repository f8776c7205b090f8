"""Tender bills: what an import stores, and the one load of facts that its guards look at."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from kernel.access.actors import Actor
from kernel.documents import scans, storage
from kernel.documents.models import StoredFile
from kernel.errors import Refusal, Refused
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing
from procurement.cost import canonical
from procurement.cost import selectors as cost
from procurement.cost import services as costs
from procurement.cost.models import Bill
from procurement.cost.schemas import Bill as Content
from procurement.projects import selectors as projects
from procurement.projects.machine import REGISTERED
from procurement.tendering import law_facts
from procurement.tendering.bills import selectors
from procurement.tendering.bills.machine import TENDER_BILL
from procurement.tendering.bills.models import TenderBill
from procurement.tendering.bills.rules import BillFacts
from procurement.tendering.bills.schemas import ImportPayload
from procurement.tendering.models import TenderPlan


@TENDER_BILL.facts
def facts(
    case: TenderBill, at: datetime, payload: Any = None, actor: Actor | None = None
) -> BillFacts:
    """Everything that the guards look at.

    The file is read only where one is being brought, for the own project.
    """
    bringing = isinstance(payload, ImportPayload)
    number = payload.project_number if isinstance(payload, ImportPayload) else case.project_number
    sha256 = payload.file_sha256 if isinstance(payload, ImportPayload) else ""
    project = projects.public_project(number) if number else None
    region = project.region if project else ""
    party = actor is None or (
        project is not None and actor.uscc in {project.owner.uscc, *_agencies(number)}
    )
    uploaded = bool(sha256 and actor and not scans.missing(actor.organisation_id, (sha256,)))
    made, faults, _notes = _read(sha256, at, region) if uploaded and party else (None, (), ())
    again = (
        selectors.on_record(number, canonical.identity(canonical.encode(made))) if made else None
    )
    return BillFacts(
        project_number=number,
        registered=project is not None and project.state == REGISTERED,
        party=party,
        uploaded=uploaded,
        faults=faults,
        again=again.reference if again else "",
        lots=() if bringing else selectors.lots(case),
        articles=law_facts.of(at, region).articles,
    )


def _agencies(number: str) -> set[str]:
    """The agencies that plans of the project name."""
    plans = TenderPlan.objects.filter(project_number=number).exclude(state="ended")
    return set(plans.exclude(agency_uscc="").values_list("agency_uscc", flat=True))


def _read(
    sha256: str, at: datetime, region: str
) -> tuple[Content | None, tuple[Refusal, ...], tuple[Refusal, ...]]:
    """The bill in an uploaded file, what rejects it, and what is only told."""
    try:
        made = _content(sha256)
    except Refused as refused:
        return None, refused.refusals, ()
    outcome = cost.check_tender(made, cost.rates(at, region))
    return made, outcome.errors, outcome.warnings


# The page that asks, the act itself and what it stores read the same file within seconds.
@lru_cache(maxsize=1)
def _content(sha256: str) -> Content:
    return costs.read_bill(storage.read(StoredFile.objects.get(sha256=sha256)))


@TENDER_BILL.effect("import")
def _import(case: TenderBill, doing: Doing) -> list[DomainEvent]:
    """Store the bill under its identity, and note what its checks only told."""
    project = projects.public_project(doing.payload.project_number)
    assert project is not None
    made, _faults, notes = _read(doing.payload.file_sha256, doing.at, project.region)
    assert made is not None
    row = costs.store_bill(
        content=made,
        kind=Bill.Kind.TENDER.value,
        at=doing.at,
        file_sha256=doing.payload.file_sha256,
    )
    case.project_number, case.region = project.number, project.region
    case.owner_uscc = project.owner.uscc
    case.agency_uscc = doing.actor.uscc if doing.actor.uscc != project.owner.uscc else ""
    case.sha256, case.file_sha256 = row.sha256, doing.payload.file_sha256
    case.name, case.standard, case.item_count = row.project_name, row.standard, row.item_count
    case.notes = [
        {"code": note.code, "facts": dict(note.facts), "article": note.article, "field": note.field}
        for note in notes
    ]
    return []
