"""The lines of a file: which are taken, what each changes, and the report of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from credit.enterprises.models import NationalImport, NationalRecord
from credit.enterprises.national import achieved, corrected, following
from credit.enterprises.national.files import Numbered
from credit.enterprises.national.reading import Line, read_line
from credit.enterprises.national.tables import TABLES, Table
from credit.enterprises.rules import HOME
from kernel.errors import Refusal, Refused
from kernel.workflow.numbers import next_number
from kernel.workflow.relations import region_prefix

_PART = 500
Report = list[dict[str, Any]]


@dataclass
class _Taken:
    """What was written of a file so far."""

    touched: list[NationalRecord] = field(default_factory=list)
    projects: set[str] = field(default_factory=set)
    moved: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def read(
    table: Table, rows: Sequence[Numbered], article: str, today: date
) -> tuple[list[tuple[int, Line]], Report]:
    """The lines that can be read, with their numbers, and the report of those that cannot."""
    good: dict[str, tuple[int, Line]] = {}
    report: Report = []
    for number, cells in rows:
        try:
            line = read_line(table, cells, article, today)
            if line.key in good:
                facts = {"column": table.key[0], "value": line.key, "line": good[line.key][0]}
                raise Refused(Refusal("credit.national.twice", facts, article, table.key[0]))
            good[line.key] = (number, line)
        except Refused as refused:
            report.append({"line": number, "reasons": [_plain(r) for r in refused.refusals]})
    return list(good.values()), report


def take(
    job: NationalImport, lines: Sequence[tuple[int, Line]], report: Report, article: str,
    at: datetime,
) -> list[corrected.Held]:  # fmt: skip
    """Write the lines and what follows from them; count and report it in the job, in the caller's
    commit. Returns what differs from accepted corrections and was left as they have it.
    """
    job.added = job.changed = job.unchanged = 0
    report, done = list(report), _Taken()
    for part in parts(within(job, lines, report, article)):
        _write(job, [line for _number, line in part], done, at)
    refused = len(report)
    news = _follow(job, done, at)
    numbers = {line.key: number for number, line in lines}
    report += [_of_held(job, contract, one, done, numbers, article) for contract, one in news]
    job.refused, job.held = refused, len(news)
    job.report = sorted(report, key=lambda entry: int(entry["line"]))
    return [one for _contract, one in news]


def one_at_a_time() -> None:
    """Hold the register until the open transaction ends: two files may have a line in common."""
    next_number("national-register")


def within(
    job: NationalImport, lines: Sequence[tuple[int, Line]], report: Report, article: str
) -> Iterator[tuple[int, Line]]:
    """The lines that an authority of the file's place may bring; of the others, report why not.

    What another place brought in is not changed, and a project is of the place that its number
    says.
    """
    place = region_prefix(job.region)
    for part in parts(lines):
        theirs = NationalRecord.objects.filter(
            table=job.table, key__in=[line.key for _n, line in part]
        )
        theirs = theirs.exclude(imported__region__startswith=place)
        held = {row.key: row for row in theirs.select_related("imported").defer("imported__report")}
        for number, line in part:
            row, elsewhere = held.get(line.key), place_of_project(line.project_number, place)
            if (row is None and not elsewhere) or (row is not None and row.facts == line.facts):
                yield number, line
                continue
            code, column, value = "of_another_place", TABLES[job.table].key[0], line.key
            if row is None:
                code, column, value = "project_of_another_place", "PrjNum", line.project_number
            else:
                elsewhere = row.imported.region
            facts = {"column": column, "value": value, "region": elsewhere}
            reason = Refusal(f"credit.national.{code}", facts, article, column)
            report.append({"line": number, "reasons": [_plain(reason)]})


def place_of_project(number: str, place: str) -> str:
    """The place of the province that a project's number says, where it is none of ``place``'s.

    place: leading digits of a region. The number begins with six digits of where it is built; one
    of a place around ours, or of no place of the province, says nothing.
    """
    region = number[:6]
    if len(region) < 6 or not (region.isascii() and region.isdecimal() and region.startswith(HOME)):
        return ""
    wide = region_prefix(region)
    return "" if wide.startswith(place) or place.startswith(wide) else region


def _write(job: NationalImport, part: Sequence[Line], done: _Taken, at: datetime) -> None:
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
            done.projects.add(row.project_number)
            row.facts, row.uscc, row.imported = dict(line.facts), line.uscc, job
            row.project_number = line.project_number
            changed.append(row)
    NationalRecord.objects.bulk_create(new)
    NationalRecord.objects.bulk_update(changed, ["facts", "uscc", "imported", "project_number"])
    job.added += len(new)
    job.changed += len(changed)
    following.archive(job, [*new, *changed], before, at)
    done.touched += [*new, *changed]
    done.projects |= {row.project_number for row in (*new, *changed)}
    if job.table == achieved.CONTRACTS:
        names = ("contractor_uscc", "contract_number")
        done.moved += [
            (row.key, before[row.key])
            for row in changed
            if any(before[row.key].get(name) != row.facts.get(name) for name in names)
        ]


def _follow(
    job: NationalImport, done: _Taken, at: datetime
) -> list[tuple[NationalRecord, corrected.Held]]:
    if job.table not in (achieved.CONTRACTS, achieved.PROJECTS, achieved.FINISHES):
        return []
    source = f"{job.table} #{job.pk}"
    projects = done.projects | achieved.end(done.moved, source, at)
    news = []
    for part in parts(sorted(projects)):
        news += achieved.follow_projects(set(part), source, at)
    return news


def _of_held(
    job: NationalImport, contract: NationalRecord, one: corrected.Held, done: _Taken,
    numbers: dict[str, int], article: str,
) -> dict[str, Any]:  # fmt: skip
    """The report's entry of a held value, at the line of this file that it came by."""
    table, column = achieved.COLUMNS[one.field]
    near = (row.key for row in done.touched if row.project_number == contract.project_number)
    own = contract.key if job.table == achieved.CONTRACTS and table == job.table else ""
    line = numbers.get(own) or next((numbers[key] for key in near), 0)
    facts = {
        "column": column, "value": corrected.said(one.field, one.value),
        "corrected": corrected.said(one.field, one.standing.value), "number": one.standing.number,
        "contract": contract.facts["contract_number"],
    }  # fmt: skip
    refusal = Refusal("credit.national.differs_from_correction", facts, article, column)
    return {"line": line, "reasons": [_plain(refusal)]}


def _plain(reason: Refusal) -> dict[str, Any]:
    return {
        "code": reason.code, "facts": dict(reason.facts), "article": reason.article,
        "column": reason.field,
    }  # fmt: skip


def parts(good: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at a time as one statement takes."""
    every = iter(good)
    return iter(lambda: list(islice(every, _PART)), [])
