"""Writes of imports: a spreadsheet of registrations is taken in, and later its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from kernel import clock
from kernel.access import actors, permissions
from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.workbooks import LIMITS
from kernel.errors import NotPermitted, Refused
from kernel.events import services as events
from kernel.events.procurement_projects import ProjectImportRequested
from kernel.evidence import services as evidence
from kernel.parties.models import Membership
from kernel.sealing import canonical
from kernel.web.export import MEDIA_TYPE
from kernel.workflow.machines import OPEN
from procurement.projects.import_lines import lists_at, read_rows
from procurement.projects.import_template import template
from procurement.projects.machine import PROJECT
from procurement.projects.models import ProjectImport

__all__ = ["finish", "request_import", "template"]


def request_import(*, actor: Actor, file: IO[bytes], file_name: str, submit: bool) -> ProjectImport:
    """Take a workbook in; a worker reads it afterwards, line by line.

    The content is the key: the same file by the same actor with the same wish gives the same
    import, also when two uploads race. Refused at once, and then nothing is kept, where no line
    could be read: ``documents.workbook.*``, ``procurement.import.columns_*`` and ``.no_lines``.
    """
    at = clock.now()
    _permit(actor)
    lines = _count_lines(file, at)
    file.seek(0)
    stored = storage.put(file, media_type=MEDIA_TYPE, limit=LIMITS.file_bytes)
    with transaction.atomic():
        actors.confirm(actor, clock.legal_date(at))
        _one_at_a_time(actor)
        fields = {**_who(actor), "file_sha256": stored.sha256, "submit": submit}
        if (present := ProjectImport.objects.filter(**fields).first()) is not None:
            return present
        made = ProjectImport.objects.create(**fields, file_name=_named(file_name), created_at=at)
        events.publish([ProjectImportRequested(made.pk)], case=case_ref(made), at=at)
        evidence.append(
            kind="procurement.import_requested",
            case=case_ref(made),
            at=at,
            body={
                "file_sha256": stored.sha256,
                "lines": lines,
                "submit": submit,
                "organisation": actor.uscc,
                "person": actor.person_id,
                "role": actor.role,
            },
            public=False,
        )
    return made


def finish(
    job: ProjectImport, *, status: ProjectImport.Status, report: Sequence[Any], at: datetime
) -> None:
    """Write what became of each line, in the caller's transaction; only the first time counts."""
    written = ProjectImport.objects.filter(pk=job.pk, status=ProjectImport.Status.WAITING).update(
        status=status, finished_at=at, report=list(report)
    )
    if not written:
        return
    evidence.append(
        kind="procurement.import_finished",
        case=case_ref(job),
        at=at,
        body={
            "status": str(status),
            "outcomes": dict(Counter(line["outcome"] for line in report)),
            "report_sha256": canonical.digest(list(report)).hex(),
        },
        public=False,
    )


def case_ref(job: ProjectImport) -> str:
    """The import's name in the log and in events."""
    return f"procurement.import:{job.pk}"


def _who(actor: Actor) -> dict[str, Any]:
    return {
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "role": actor.role,
    }


def _permit(actor: Actor) -> None:
    act = PROJECT.act_name(OPEN)
    if not permissions.may_act(actor, act, lambda _relation: False):
        raise NotPermitted.because("access.act.not_permitted", act=act, role=actor.role)


def _one_at_a_time(actor: Actor) -> None:
    """Uploads of one actor wait for each other, so that a double click finds the first one."""
    list(Membership.objects.select_for_update().filter(**_who(actor)).order_by("pk"))


def _count_lines(file: IO[bytes], at: datetime) -> int:
    """Read the whole sheet once, in bounded memory, so that a hopeless file is refused at once."""
    _head, rows = read_rows(file, lists_at(at))
    lines = sum(1 for _row in rows)
    if not lines:
        raise Refused.because("procurement.import.no_lines")
    return lines


def _named(file_name: str) -> str:
    """A file name as it may be shown: no path, no control characters."""
    plain = "".join(c for c in file_name if c.isprintable()).replace("\\", "/")
    return plain.rpartition("/")[2][-200:] or "import.xlsx"
