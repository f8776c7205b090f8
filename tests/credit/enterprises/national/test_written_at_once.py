"""Lines are written many at a time; the archive says what it said when they came one by one.

``written.json`` was kept from the import that wrote every line by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.enterprises.models import (
    Achievement,
    ArchiveChange,
    Enterprise,
    NationalImport,
    NationalRecord,
)
from kernel.evidence.models import LogEntry
from kernel.identifiers import uscc
from kernel.parties.models import Organisation, Person
from kernel.search.models import SearchEntry
from tests.credit.conduct import samples as officers
from tests.credit.enterprises.national.files import as_csv, bring
from tests.credit.enterprises.national.test_corrected import corrected
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
GOLDEN = Path(__file__).parent / "written.json"
LINES = 20


def contract(number: int, **changes: str) -> dict[str, str]:
    project = f"23010025010101{number // 2:02d}"  # two contracts to each project
    return cells(
        RecordNum=f"{project}-HZ-{number:03d}", PrjNum=project, ContractNum=f"HT-{number}",
        ContractorCorpCode=uscc.demonstration("230102", 100 + number % 7),
        ContractorCorpName=f"示例建筑 {number % 7} 公司", ContractMoney=f"{number + 1}00",
        **changes,
    )  # fmt: skip


def play(people: Any) -> None:
    """New, changed, moved, the same, refused, named twice, of another place; a correction."""
    bring(people, as_csv(cells()))
    corrected(people)
    bring(people, as_csv(*(contract(n) for n in range(LINES)), contract(3), cells(RecordNum="")))
    moved = uscc.demonstration("230102", 300)
    again = [
        contract(n) | {"ContractMoney": "777", "ContractorCorpCode": moved if n % 5 == 0 else code}
        if n % 3 == 0
        else contract(n)
        for n in range(LINES)
        for code in (contract(n)["ContractorCorpCode"],)
    ]
    bring(people, as_csv(*again, cells(ContractMoney="20000")), who="two")
    projects = [contract(n)["PrjNum"] for n in range(0, LINES, 4)]
    bring(
        people,
        as_csv(*({"PrjNum": p, "PrjName": f"示例工程 {p[-2:]}"} for p in projects)),
        "TBProjectInfo",
    )
    ends = ({"PrjFinishNum": f"F{p}", "PrjNum": p, "EDate": "2025-01-31"} for p in projects)
    bring(people, as_csv(*ends), "TBProjectFinishManage")
    bring(people, as_csv(*(contract(n) for n in range(LINES))))  # back to where they were
    bring(people, as_csv(contract(1, PropietorCorpName="别的公司")), who="far")


def _rows(model: Any, *but: str) -> list[dict[str, Any]]:
    named = [f.attname for f in model._meta.concrete_fields if f.attname not in ("id", *but)]
    rows = [json.loads(json.dumps(r, default=str)) for r in model.objects.values(*named)]
    return _sorted(rows)


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def _places(model: Any) -> dict[int, int]:
    """Each key's place among its like: a sequence of PostgreSQL goes on from test to test."""
    return {
        pk: place
        for place, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True), 1)
    }


def written() -> dict[str, Any]:
    """Everything that the files left, in an order and with numbers that no key decides."""
    imports, people, houses = _places(NationalImport), _places(Person), _places(Organisation)
    keys = {f"achievement:{a.pk}": f"{a.uscc} {a.source}" for a in Achievement.objects.all()}
    keys |= {f"national:{r.pk}": r.key for r in NationalRecord.objects.all()}
    changes = _rows(ArchiveChange)
    for row in changes:
        row["entry"] = keys[row["entry"]]
        table, number, pk = row["source"].partition("#")
        if number:
            row["source"] = f"{table}#{imports[int(pk)]}"
    files, lines = _rows(NationalImport, "imported_at", "decided_at"), _rows(NationalRecord)
    for row in files:
        row["person_id"] = people[row["person_id"]]
        row["decided_by"] = people.get(row["decided_by"])
        row["organisation_id"] = houses[row["organisation_id"]]
    for row in lines:
        row["imported_id"] = imports[row["imported_id"]]
    return {
        "files": _sorted(files),
        "lines": _sorted(lines),
        "achievements": _rows(Achievement, "ended_at"),
        "ended": Achievement.objects.exclude(ended_at=None).count(),
        "enterprises": _rows(Enterprise, "entered_at"),
        "changes": _sorted({k: v for k, v in row.items() if k != "changed_at"} for row in changes),
        "found": sorted(SearchEntry.objects.values_list("key", "title", "region")),
        "logged": sorted(
            kind
            for kind in LogEntry.objects.values_list("kind", flat=True)
            if kind.startswith("credit.national")
        ),
    }


def test_everything_that_files_leave_is_what_it_was(people: Any) -> None:
    play(people)
    found = json.loads(json.dumps(written(), ensure_ascii=False))
    kept = json.loads(GOLDEN.read_text("utf-8"))
    assert {name: len(rows) for name, rows in found.items() if isinstance(rows, list)} == {
        name: len(rows) for name, rows in kept.items() if isinstance(rows, list)
    }
    assert found == kept


@pytest.fixture
def people() -> Any:
    return officers.officers()


def test_a_hundred_lines_ask_the_database_hardly_more_than_ten(people: Any) -> None:
    asked = []
    for number in (10, 100):
        rows = [
            cells(
                RecordNum=f"R{number}-{n}", ContractNum=f"HT{number}-{n}",
                PrjNum=f"2301{number:03d}501{n:06d}",
                ContractorCorpCode=uscc.demonstration("230102", number * 10 + n),
            )
            for n in range(number)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            job = bring(people, as_csv(*rows))
        assert job.added == number
        asked.append(len(queries))
    # A statement takes as many rows as the database has places for values.
    assert asked[1] <= asked[0] + 30, asked
