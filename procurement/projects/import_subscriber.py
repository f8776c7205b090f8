"""The worker's side of an import: each line is opened, and handed in where that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.documents.workbooks import Row
from kernel.errors import Refused, Unavailable
from kernel.events.procurement_projects import ProjectImportRequested
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.firing import fire
from kernel.workflow.machines import OPEN
from kernel.workflow.receipts import Receipt
from procurement.projects.import_lines import Head, Lists, lists_at, read_line, read_rows
from procurement.projects.imports import finish
from procurement.projects.machine import PROJECT
from procurement.projects.models import ProjectImport


@dataclass(frozen=True)
class _Job:
    """An import under way. series: what its idempotency keys begin with."""

    row: ProjectImport
    actor: Actor
    lists: Lists
    series: str

    def key(self, line: int) -> str:
        """The idempotency key of a line: whoever starts over finds what was done."""
        return f"{self.series}:{line}"


@dataclass(frozen=True)
class Prepared:
    """What became of an import, ready to be written."""

    job: ProjectImport
    status: ProjectImport.Status
    report: list[dict[str, Any]]


def process(envelope: Envelope) -> Prepared | None:
    """Do every line's acts, each in a transaction of its own; None where it was all done before.

    Runs again after a worker died: the acts that were done answer with their receipts.
    """
    event = envelope.event
    assert isinstance(event, ProjectImportRequested)
    row = ProjectImport.objects.select_related("person", "organisation").get(pk=event.import_id)
    if row.status != ProjectImport.Status.WAITING:
        return None
    # The lists of the upload's moment: a worker that starts over reads the same payloads.
    job = _Job(row, _actor(row), lists_at(row.created_at), series_of(row))
    stored = StoredFile.objects.get(sha256=row.file_sha256)
    report: list[dict[str, Any]] = []
    try:
        with storage.open_verified(stored) as file:
            head, rows = read_rows(file, job.lists)
            for line in rows:
                report.append(_line(job, head, line))
    except Unavailable:
        raise  # the file cannot be read now: the delivery is tried again
    except Refused as refused:
        whole = {"line": 0, "name": "", "outcome": "refused", "case_pk": None}
        report.append(whole | {"refusals": [_plain(r) for r in refused.refusals]})
        return Prepared(row, ProjectImport.Status.REFUSED, report)
    return Prepared(row, ProjectImport.Status.DONE, report)


@subscribe(
    ProjectImportRequested,
    "procurement.projects.import",
    prepare=process,
    lease=timedelta(hours=1),
)
def import_is_finished(_envelope: Envelope, prepared: Prepared | None) -> None:
    """Write the report and the end."""
    if prepared is not None:
        finish(prepared.job, status=prepared.status, report=prepared.report, at=clock.now())


def _line(job: _Job, head: Head, row: Row) -> dict[str, Any]:
    """What became of one line: ``opened``, ``submitted`` or ``refused``, with every reason."""
    cells = head.cells(row)
    name = cells.get("name")
    found: dict[str, Any] = {
        "line": row.number,
        "name": str(name)[:200] if name is not None else "",
        "outcome": "refused",
        "case_pk": None,
        "refusals": [],
    }
    places: dict[str, str] = {}
    try:
        line = read_line(cells, job.lists)
        places.update(line.places)
        for receipt in _acts(job, row.number, line.payload):
            outcome = "opened" if receipt.transition == OPEN else "submitted"
            found |= {"outcome": outcome, "case_pk": receipt.case_pk}
    except Unavailable:
        raise
    except Refused as refused:
        for reason in refused.refusals:
            key = places.get(reason.field, reason.field)
            found["refusals"].append(
                _plain(reason) | {"field": key, "cell": head.reference(row.number, key)}
            )
    return found


def _acts(job: _Job, line: int, payload: dict[str, Any]) -> Iterator[Receipt]:
    opened = fire(PROJECT.code, None, OPEN, actor=job.actor, payload=payload, key=job.key(line))
    yield opened
    if job.row.submit:
        # The version of the opening: a draft that its owner changed since is not handed in blindly.
        yield fire(
            PROJECT.code,
            opened.case_pk,
            "submit",
            actor=job.actor,
            key=job.key(line),
            seen_version=opened.version,
        )


def series_of(row: ProjectImport) -> str:
    """The first import of this file by this actor names the keys.

    So the file that was first brought in as drafts and then again to be handed in makes no second
    drafts: the first ones are handed in.
    """
    first = (
        ProjectImport.objects.filter(
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            role=row.role,
            file_sha256=row.file_sha256,
        )
        .order_by("pk")
        .values_list("pk", flat=True)[0]
    )
    return f"import:{first}"


def _actor(row: ProjectImport) -> Actor:
    """Who asked; whether they still may is asked again by every act."""
    return Actor(
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        role=row.role,
        person_name=row.person.name,
        organisation_name=row.organisation.name,
        uscc=row.organisation.uscc,
        region=row.organisation.region,
        authority=row.organisation.authority,
    )


def _plain(refusal: Any) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "facts": dict(refusal.facts),
        "article": refusal.article,
        "field": refusal.field,
        "cell": "",
    }
