"""Writes of national tables: a file is brought in once, line by line, and what follows from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from credit import citing
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import NationalImport, NationalRecord
from credit.enterprises.national import following
from credit.enterprises.national.files import Numbered, lines
from credit.enterprises.national.reading import Line, read_line
from credit.enterprises.national.tables import TABLES, Table
from kernel import clock
from kernel.access import actors, permissions
from kernel.access.actors import Actor
from kernel.errors import NotPermitted, Refusal, Refused
from kernel.evidence import services as evidence
from kernel.regulation import selectors as law
from kernel.sealing import canonical
from kernel.workflow.relations import region_prefix

VALUES = "values.enterprise_archive"
_PART = 500
_HOME = "230000"


def basis(at: datetime, language: str = "zh") -> str:
    """What an import at a legal moment rests on, in a language."""
    return citing.articles(VALUES, clock.legal_date(at), language)["import"]


def bring_in(*, actor: Actor, table: str, content: bytes, file_name: str) -> NationalImport:
    """Bring a file of a table in. The same file again finds the first import and changes nothing.

    Refused whole (``credit.national.*``, ``documents.workbook.*``) where no line can be read;
    otherwise each line is taken whole or refused, and the report says why.
    """
    at = clock.now()
    _permit(actor)
    if table not in TABLES:
        raise Refused.because("credit.national.table_unknown", table=table[:60])
    most = int(law.row(VALUES, "import.bytes", at)["value"])
    if len(content) > most:
        raise Refused.because("credit.national.file_too_large", limit=most)
    sha256 = hashlib.sha256(content).hexdigest()
    if (known := _known(table, sha256)) is not None:
        return known
    rows, ignored = lines(TABLES[table], content, int(law.row(VALUES, "import.rows", at)["value"]))
    article = basis(at)
    read, report = _read(TABLES[table], rows, article)
    good = list(_within(actor, table, read, report, article))
    with transaction.atomic():
        if not actor.is_platform:
            actors.confirm(actor, clock.legal_date(at))
        job, made = NationalImport.objects.get_or_create(
            table=table,
            file_sha256=sha256,
            defaults={
                "file_name": file_name[-200:], "person_id": actor.person_id,
                "organisation_id": actor.organisation_id, "region": actor.region or _HOME,
                "imported_at": at, "refused": len(report), "report": report,
                "ignored": list(ignored),
            },
        )  # fmt: skip
        if not made:
            return job
        for part in _parts(good):
            _take(job, part, at)
        job.save()
        _log(job, at, actor)
    return job


def _known(table: str, sha256: str) -> NationalImport | None:
    return NationalImport.objects.filter(table=table, file_sha256=sha256).first()


def _permit(actor: Actor) -> None:
    act = LICENCE.act_name("record")  # who records licences of the feed, brings its tables in
    if not actor.is_platform and not permissions.may_act(actor, act, lambda _relation: False):
        raise NotPermitted.because("access.act.not_permitted", act=act, role=actor.role)


def _read(
    table: Table, rows: Sequence[Numbered], article: str
) -> tuple[list[tuple[int, Line]], list[dict[str, Any]]]:
    good: dict[str, tuple[int, Line]] = {}
    report: list[dict[str, Any]] = []
    for number, cells in rows:
        try:
            line = read_line(table, cells, article)
            if line.key in good:
                facts = {"column": table.key[0], "value": line.key, "line": good[line.key][0]}
                raise Refused(Refusal("credit.national.twice", facts, article, table.key[0]))
            good[line.key] = (number, line)
        except Refused as refused:
            report.append({"line": number, "reasons": [_plain(r) for r in refused.refusals]})
    return list(good.values()), report


def _within(
    actor: Actor,
    table: str,
    read: Sequence[tuple[int, Line]],
    report: list[dict[str, Any]],
    article: str,
) -> Iterator[Line]:
    """The lines that do not change what an authority of another place brought in."""
    place = region_prefix(actor.region)
    for part in _parts(read):
        theirs = NationalRecord.objects.filter(table=table, key__in=[line.key for _n, line in part])
        theirs = theirs.exclude(imported__region__startswith=place)
        held = {row.key: row for row in theirs.select_related("imported").defer("imported__report")}
        for number, line in part:
            row = held.get(line.key)
            if row is None or row.facts == line.facts:
                yield line
                continue
            column = TABLES[table].key[0]
            facts = {"column": column, "value": line.key, "region": row.imported.region}
            reason = Refusal("credit.national.of_another_place", facts, article, column)
            report.append({"line": number, "reasons": [_plain(reason)]})


def _plain(reason: Refusal) -> dict[str, Any]:
    return {
        "code": reason.code, "facts": dict(reason.facts), "article": reason.article,
        "column": reason.field,
    }  # fmt: skip


def _parts(good: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at a time as one statement takes."""
    every = iter(good)
    return iter(lambda: list(islice(every, _PART)), [])


def _take(job: NationalImport, part: Sequence[Line], at: datetime) -> None:
    """Write a part of the lines, and what each changes in the archive."""
    held = {
        row.key: row
        for row in NationalRecord.objects.filter(table=job.table, key__in=[x.key for x in part])
    }
    new, changed, before = [], [], {}
    for line in part:
        row = held.get(line.key)
        if row is None:
            new.append(
                NationalRecord(
                    table=job.table, key=line.key, project_number=line.project_number,
                    uscc=line.uscc, facts=dict(line.facts), imported=job,
                )
            )  # fmt: skip
        elif row.facts == line.facts:
            job.unchanged += 1
        else:
            before[row.key] = row.facts
            row.facts, row.uscc, row.imported = dict(line.facts), line.uscc, job
            row.project_number = line.project_number
            changed.append(row)
    NationalRecord.objects.bulk_create(new)
    NationalRecord.objects.bulk_update(changed, ["facts", "uscc", "imported", "project_number"])
    job.added += len(new)
    job.changed += len(changed)
    following.archive(job, new, changed, before, at)


def _log(job: NationalImport, at: datetime, actor: Actor) -> None:
    evidence.append(
        kind="credit.national_import",
        case=f"credit.national_import:{job.pk}",
        at=at,
        body={
            "table": job.table,
            "file_sha256": job.file_sha256,
            "outcomes": {
                "added": job.added, "changed": job.changed, "unchanged": job.unchanged,
                "refused": job.refused,
            },
            "report_sha256": canonical.digest(job.report).hex(),
            "organisation": actor.uscc,
            "person": actor.person_id,
            "role": actor.role,
        },
        public=False,
    )  # fmt: skip
