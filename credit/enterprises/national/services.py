"""Writes of national tables: one officer brings a file, another brings its lines into force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from credit import citing
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import NationalImport
from credit.enterprises.national import corrected, rules, selectors, taking
from credit.enterprises.national.differences import Difference, differences, digest
from credit.enterprises.national.files import lines
from credit.enterprises.national.reading import Line
from credit.enterprises.national.tables import TABLES
from kernel import clock
from kernel.access import actors, permissions
from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import Conflict, NotFound, NotPermitted, Refusal, Refused
from kernel.evidence import services as evidence
from kernel.regulation import selectors as law
from kernel.sealing import canonical
from kernel.workflow import texts

VALUES, OFFICERS = "values.enterprise_archive", "values.archive_officers"
_HOME = "230000"
State = NationalImport.State


def basis(at: datetime, language: str = "zh") -> str:
    """What an import at a legal moment rests on, in a language."""
    return citing.articles(VALUES, clock.legal_date(at), language)["import"]


def bring_in(*, actor: Actor, table: str, content: bytes, file_name: str) -> NationalImport:
    """Bring a file of a table; nothing of it counts before another officer confirms it.

    The job says what would become of every line. The same file again finds the first import and
    changes nothing, unless that was declined. Refused whole (``credit.national.*``,
    ``documents.workbook.*``) where no line can be read.
    """
    at = clock.now()
    _permit(actor)
    if table not in TABLES:
        raise Refused.because("credit.national.table_unknown", table=table[:60])
    most = int(law.row(VALUES, "import.bytes", at)["value"])
    if len(content) > most:
        raise Refused.because("credit.national.file_too_large", limit=most)
    sha256, region = hashlib.sha256(content).hexdigest(), actor.region or _HOME
    live = NationalImport.objects.exclude(state=State.DECLINED)
    if known := live.filter(region=region, table=table, file_sha256=sha256).first():
        return known
    good, report, ignored = _lines(table, content, at)
    storage.put(content, media_type=_media_type(content))
    with transaction.atomic():
        actors.confirm(actor, clock.legal_date(at))
        job, made = live.get_or_create(
            table=table,
            file_sha256=sha256,
            region=region,
            defaults={
                "file_name": file_name[-200:], "person_id": actor.person_id,
                "organisation_id": actor.organisation_id, "imported_at": at,
                "state": State.WAITING, "ignored": list(ignored),
            },
        )  # fmt: skip
        if made:
            with _rehearsal():
                taking.one_at_a_time()
                taking.take(job, good, report, basis(at), at)
            job.save()
            _log(job, "brought", at, actor)
    return job


def preview(job: NationalImport) -> list[Difference]:
    """What the lines of a file that waits would change, as the archive stands now.

    Refuses what reading the file refuses, and ``documents.file.*`` where it cannot be read.
    """
    at = clock.now()
    good, _report, _ignored = _lines(job.table, _content(job), at)
    return differences(job, good, basis(at))


def confirm(*, actor: Actor, pk: int, seen: str = "") -> NationalImport:
    """Bring the lines of a file into force, as another officer than who brought it.

    seen: the digest of the differences that the officer looked at; where others would follow by
    now, it refuses ``credit.national.differs_now``. Behind a file that no officer brought, the
    first one to confirm stands; the second brings it into force. The lines are read and held
    against the archive anew. Refuses ``credit.national.decided`` and ``.same_officer``.
    """
    at = clock.now()
    job = _found(actor, pk)
    _judge(rules.may_confirm(_facts(job, actor, at)))
    good, report, _ignored = _lines(job.table, _content(job), at)
    with transaction.atomic():
        actors.confirm(actor, clock.legal_date(at))
        job = NationalImport.objects.select_for_update().get(pk=pk)
        _judge(rules.may_confirm(_facts(job, actor, at)))
        taking.one_at_a_time()
        if seen and seen != digest(differences(job, good, basis(at))):
            raise Conflict.because("credit.national.differs_now")
        if not job.person_id:
            job.person_id, job.organisation_id = actor.person_id, actor.organisation_id
            job.save()
            _log(job, "vouched", at, actor)
            return job
        job.state, job.decided_by, job.decided_at = State.IN_FORCE, actor.person_id, at
        for held in taking.take(job, good, report, basis(at), at):
            corrected.ask(job, held, at)
        job.save()
        _log(job, "", at, actor)
    return job


def decline(*, actor: Actor, pk: int, reason: str) -> NationalImport:
    """Take nothing of a file that waits; it may be brought anew. Refuses without a reason."""
    at = clock.now()
    _found(actor, pk)
    if not texts.is_fit(reason):
        raise Refused(Refusal("workflow.payload.characters", {}, "", "reason"))
    with transaction.atomic():
        actors.confirm(actor, clock.legal_date(at))
        job = NationalImport.objects.select_for_update().get(pk=pk)
        _judge(rules.may_decline(_facts(job, actor, at, reason)))
        job.state, job.decided_by, job.decided_at = State.DECLINED, actor.person_id, at
        job.reason = reason.strip()[:2000]
        job.save()
        _log(job, "declined", at, actor)
    return job


def _permit(actor: Actor) -> None:
    act = LICENCE.act_name("record")  # who records licences of the feed, brings its tables in
    if not actor.is_platform and not permissions.may_act(actor, act, lambda _relation: False):
        raise NotPermitted.because("access.act.not_permitted", act=act, role=actor.role)


def _found(actor: Actor, pk: int) -> NationalImport:
    """A file of the actor's place; to everybody else there is none."""
    _permit(actor)
    job = selectors.imports(actor.region).filter(pk=pk).first()
    if job is None:
        raise NotFound.because("workflow.case.unknown", pk=pk)
    return job


def _facts(job: NationalImport, actor: Actor, at: datetime, reason: str = "") -> rules.ImportFacts:
    articles = citing.articles(OFFICERS, clock.legal_date(at), citing.language())
    return rules.ImportFacts(
        job.state, actor.person_id, job.person_id, articles["two_officers"], reason
    )


def _judge(reasons: Iterator[Any]) -> None:
    if found := list(reasons):
        raise Refused(found)


def _lines(
    table: str, content: bytes, at: datetime
) -> tuple[list[tuple[int, Line]], taking.Report, tuple[str, ...]]:
    most = int(law.row(VALUES, "import.rows", at)["value"])
    rows, ignored = lines(TABLES[table], content, most)
    return *taking.read(TABLES[table], rows, basis(at), clock.legal_date(at)), ignored


def _content(job: NationalImport) -> bytes:
    stored = StoredFile.objects.filter(sha256=job.file_sha256).first()
    if stored is None:
        raise NotFound.because("workflow.case.unknown", pk=job.pk)
    return storage.read(stored)


@contextmanager
def _rehearsal() -> Iterator[None]:
    """Whatever is written inside is undone; what it told of itself stays in memory."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _media_type(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return "application/zip"
    return "application/xml" if content.lstrip()[:1] == b"<" else "text/csv"


def _log(job: NationalImport, step: str, at: datetime, actor: Actor) -> None:
    """Note a step in the evidence log; the step that brings lines into force has no name."""
    evidence.append(
        kind=f"credit.national_import.{step}" if step else "credit.national_import",
        case=f"credit.national_import:{job.pk}",
        at=at,
        body={
            "table": job.table,
            "file_sha256": job.file_sha256,
            "outcomes": {
                "added": job.added, "changed": job.changed, "unchanged": job.unchanged,
                "refused": job.refused, "held": job.held,
            },
            "report_sha256": canonical.digest(job.report).hex(),
            "brought_by": job.person_id,
            "organisation": actor.uscc,
            "person": actor.person_id,
            "role": actor.role,
        },
        public=False,
    )  # fmt: skip
