"""What contracts, projects and completions of the register make of achievements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from credit.enterprises import entries
from credit.enterprises.models import Achievement, NationalRecord
from credit.enterprises.national.corrected import Held, Standings, settle, standings

CONTRACTS, PROJECTS, FINISHES = "TBContractRecordManage", "TBProjectInfo", "TBProjectFinishManage"
# Which table says what of an achievement, and in which column.
COLUMNS = {
    "name": (PROJECTS, "PrjName"), "price_fen": (CONTRACTS, "ContractMoney"),
    "signed_on": (CONTRACTS, "ContractDate"), "filed_on": (FINISHES, "EDate"),
}  # fmt: skip
_FIELDS = ("contract_number", "project_number", "name", "price_fen", "signed_on", "filed_on")
# What the change log says of an achievement that its enterprise has no more.
ENDED = "ended"


@dataclass
class _Work:
    """What a pass over some projects carries along."""

    source: str
    at: datetime
    held: dict[tuple[str, str], Achievement]
    standing: Standings
    news: list[tuple[NationalRecord, Held]] = field(default_factory=list)
    # What is to be written: achievements with what changed of each, at most once each.
    changed: list[tuple[Achievement, list[tuple[str, str, str]]]] = field(default_factory=list)


def end(moved: Iterable[tuple[str, Mapping[str, Any]]], source: str, at: datetime) -> set[str]:
    """End what contracts were before they moved; the projects that have to be gone over again.

    moved: key of a contract -> what its line said before. An achievement that another line of the
    register bears out stays, with that line.
    """
    projects = set()
    for key, old in moved:
        whose = {"uscc": old["contractor_uscc"], "contract_number": old["contract_number"]}
        row = Achievement.objects.filter(
            **whose, source=f"{CONTRACTS}:{key}", ended_at=None
        ).first()
        if row is None:
            continue
        other = NationalRecord.objects.filter(
            table=CONTRACTS, uscc=row.uscc, facts__contract_number=row.contract_number
        ).first()
        if other is not None:
            row.source = f"{CONTRACTS}:{other.key}"
            row.save(update_fields=["source"])
            projects.add(other.project_number)
            continue
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        change = entries.change(row, [("state", "", ENDED)], title=row.name, source=source)
        entries.note(change, at, source)
    return projects


def follow_projects(
    projects: set[str], source: str, at: datetime
) -> list[tuple[NationalRecord, Held]]:
    """Contracts of these projects as achievements, named and completed by the other tables.

    What the platform itself signed stays as it is: its own record is not written over; nor is what
    another line bears out, for whose place this line may not speak. Returns
    what differs from an accepted correction, with the contract that it is about.
    """
    by_project: dict[str, dict[str, list[NationalRecord]]] = defaultdict(lambda: defaultdict(list))
    found = NationalRecord.objects.filter(
        project_number__in=projects, table__in=(CONTRACTS, PROJECTS, FINISHES)
    )
    for record in found:
        by_project[record.project_number][record.table].append(record)
    contracts = [contract for of in by_project.values() for contract in of[CONTRACTS]]
    numbers = [contract.facts["contract_number"] for contract in contracts]
    # A correction that is decided meanwhile waits for this file, and stands after it.
    rows = Achievement.objects.select_for_update().filter(contract_number__in=numbers)
    held = {(row.uscc, row.contract_number): row for row in rows}
    sources = [f"{CONTRACTS}:{contract.key}" for contract in contracts]
    sources += [row.source for row in held.values() if row.source.startswith(CONTRACTS)]
    work = _Work(source, at, held, standings(sources))
    for number, of in by_project.items():
        name = of[PROJECTS][0].facts["name"] if of[PROJECTS] else number
        # A project's completion is a contract's where it has one contract only.
        alone = len(of[CONTRACTS]) == 1 and len(of[FINISHES]) == 1
        finished = of[FINISHES][0].facts["to_on"] if alone else ""
        for contract in of[CONTRACTS]:
            _achievement(contract, name, finished, work)
    _write(work)
    return work.news


def _write(work: _Work) -> None:
    """New achievements, changed ones, and the log of both: a statement each."""
    known = [row for row, _changes in work.changed if row.pk is not None]
    Achievement.objects.bulk_update(known, [*_FIELDS, "ended_at", "source"])
    Achievement.objects.bulk_create(row for row, _changes in work.changed if row.pk is None)
    told = [
        entries.change(row, changes, title=row.name, source=work.source)
        for row, changes in work.changed
    ]
    entries.note_all(told, work.at, work.source)


def _achievement(contract: NationalRecord, name: str, finished: str, work: _Work) -> None:
    facts, own = contract.facts, f"{CONTRACTS}:{contract.key}"
    key = (contract.uscc, facts["contract_number"])
    row = work.held.get(key)
    if row is not None and row.ended_at is None and row.source != own:
        return
    values: dict[str, Any] = {
        "contract_number": facts["contract_number"],
        "project_number": contract.project_number[:20],
        "name": name[:200],
        "price_fen": facts["price_fen"],
        "signed_on": date.fromisoformat(facts["signed_on"]),
        # What was filed before the contract is none of its completion.
        "filed_on": date.fromisoformat(finished) if finished >= facts["signed_on"] else None,
    }
    before = {field: entries.value_of(row, field) for field in _FIELDS} if row else {}
    if row is None:
        row = work.held[key] = Achievement(uscc=contract.uscc, source=own)
    came_back = row.ended_at is not None
    if came_back:
        row.ended_at, row.source = None, own
    news = settle(row, values, work.standing)
    for field_name, value in values.items():
        setattr(row, field_name, value)
    after = {field: entries.value_of(row, field) for field in _FIELDS}
    changes = [(f, before.get(f, ""), after[f]) for f in _FIELDS if before.get(f, "") != after[f]]
    changes += [("state", ENDED, "")] if came_back else []
    if changes:
        work.changed.append((row, changes))
    work.news += [(contract, one) for one in news]
