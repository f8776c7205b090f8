"""What lines of the national tables make of the archive: enterprises, achievements, changes.

Everything here is level A, and its source is the table and the file that brought it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from credit.enterprises import entries
from credit.enterprises.models import (
    Achievement,
    ArchiveChange,
    Enterprise,
    NationalImport,
    NationalRecord,
)
from credit.enterprises.national.tables import TABLES

CONTRACTS, PROJECTS, FINISHES = "TBContractRecordManage", "TBProjectInfo", "TBProjectFinishManage"
_FIELDS = ("contract_number", "project_number", "name", "price_fen", "signed_on", "filed_on")


def archive(
    job: NationalImport,
    new: Sequence[NationalRecord],
    changed: Sequence[NationalRecord],
    before: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Enter enterprises, note changes and bring achievements up to date, in the caller's commit."""
    touched = [*new, *changed]
    _enter(job, touched, at)
    source, log = f"{job.table} #{job.pk}", []
    for row in touched:
        old = before.get(row.key, {})
        for field in sorted(set(old) | set(row.facts)) if row.uscc else ():
            was, now = entries.said(old.get(field)), entries.said(row.facts.get(field))
            if was != now and not field.endswith("_id"):
                log.append(
                    ArchiveChange(
                        uscc=row.uscc, entry=f"national:{row.pk}",
                        title=f"{job.table} {row.key}"[:200], field=field, old=was, new=now,
                        changed_at=at, source=source, level="A",
                    )
                )  # fmt: skip
    ArchiveChange.objects.bulk_create(log, ignore_conflicts=True)
    if job.table in (CONTRACTS, PROJECTS, FINISHES):
        _achievements({row.project_number for row in touched}, source, at)


def _enter(job: NationalImport, rows: Sequence[NationalRecord], at: datetime) -> None:
    """An enterprise is in the archive from the first line that is about it."""
    from credit.enterprises.findable import entry
    from kernel.search import services as search

    name_of = TABLES[job.table].subject.replace("_uscc", "_name")
    named = {row.uscc: row.facts[name_of] for row in rows if row.uscc}
    known = set(Enterprise.objects.filter(uscc__in=named).values_list("uscc", flat=True))
    for uscc, name in named.items():
        if uscc not in known:
            made = Enterprise.objects.create(uscc=uscc, name=name, region=job.region, entered_at=at)
            search.put(entry(made))


def _achievements(projects: set[str], source: str, at: datetime) -> None:
    """Contracts of these projects as achievements, named and completed by the other tables.

    What the platform itself signed stays as it is: its own record is not written over.
    """
    by_project: dict[str, dict[str, list[NationalRecord]]] = defaultdict(lambda: defaultdict(list))
    found = NationalRecord.objects.filter(
        project_number__in=projects, table__in=(CONTRACTS, PROJECTS, FINISHES)
    )
    for record in found:
        by_project[record.project_number][record.table].append(record)
    held = {
        (row.uscc, row.contract_number): row
        for row in Achievement.objects.filter(
            contract_number__in=[
                c.facts["contract_number"] for of in by_project.values() for c in of[CONTRACTS]
            ]
        )
    }
    for number, of in by_project.items():
        name = of[PROJECTS][0].facts["name"] if of[PROJECTS] else number
        # A project's completion is a contract's where it has one contract only.
        alone = len(of[CONTRACTS]) == 1 and len(of[FINISHES]) == 1
        finished = of[FINISHES][0].facts["to_on"] if alone else ""
        for contract in of[CONTRACTS]:
            _achievement(contract, name, finished, held, source, at)


def _achievement(
    contract: NationalRecord,
    name: str,
    finished: str,
    held: dict[tuple[str, str], Achievement],
    source: str,
    at: datetime,
) -> None:
    facts = contract.facts
    values: dict[str, Any] = {
        "contract_number": facts["contract_number"],
        "project_number": contract.project_number[:20],
        "name": name[:200],
        "price_fen": facts["price_fen"],
        "signed_on": date.fromisoformat(facts["signed_on"]),
        "filed_on": date.fromisoformat(finished) if finished else None,
    }
    key = (contract.uscc, facts["contract_number"])
    row = held.get(key)
    if row is not None and not row.source.startswith(CONTRACTS):
        return
    before = {field: entries.value_of(row, field) for field in _FIELDS} if row else {}
    if row is None:
        row = held[key] = Achievement(uscc=contract.uscc, source=f"{CONTRACTS}:{contract.key}")
    for field, value in values.items():
        setattr(row, field, value)
    after = {field: entries.value_of(row, field) for field in _FIELDS}
    changes = [(f, before.get(f, ""), after[f]) for f in _FIELDS if before.get(f, "") != after[f]]
    if changes:
        row.save()
        entries.note(entries.change(row, changes, title=row.name, source=source), at, source)
