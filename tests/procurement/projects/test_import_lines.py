"""The template of an import and what becomes of one line of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.documents.workbooks import open_workbook
from kernel.errors import Refused
from procurement.projects import import_lines
from procurement.projects.import_lines import lists_at, read_line, read_rows
from procurement.projects.imports import template
from procurement.projects.schemas import ProjectPayload
from tests.procurement.projects.importing import (
    AT,
    filled,
)


def test_the_template_is_read_back_by_the_reader() -> None:
    book = open_workbook(BytesIO(template(AT)))
    assert len(book.sheets) == 3
    lists = lists_at(AT)
    head, rows = read_rows(BytesIO(template(AT)), lists)
    assert len(head.places) == len(lists.columns) == 41
    assert list(rows) == []


def test_heads_are_known_in_any_order_and_either_language() -> None:
    lists = lists_at(AT)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([c.en if n % 2 else c.zh for n, c in enumerate(reversed(lists.columns))])
    file = BytesIO()
    book.save(file)
    head, _rows = read_rows(file, lists)
    assert head.places["name"] == len(lists.columns) - 1


def test_heads_that_differ_are_named_all_at_once() -> None:
    def change(sheet: Any) -> None:
        sheet["A1"], sheet["B1"] = "备注", "详细地址"

    with pytest.raises(Refused) as caught:
        read_rows(filled(change=change), lists_at(AT))
    found = {r.code: r.facts["columns"] for r in caught.value.refusals}
    assert found == {
        "procurement.import.columns_missing": "项目名称 Project name / 项目代码 Project code",
        "procurement.import.columns_strange": "备注",
        "procurement.import.columns_twice": "详细地址",
    }


text = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30).filter(
    lambda t: not t.startswith("=")
)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
fens = st.integers(0, 10**13)


def listed(name: str) -> st.SearchStrategy[str]:
    return st.deferred(lambda: st.sampled_from(sorted(set(lists_at(AT).codes[name].values()))))


def papers() -> st.SearchStrategy[list[dict[str, Any]]]:
    kinds = ("project_approval", "land_use", "planning_permit", "funding_proof")
    one = st.fixed_dictionaries({"number": text, "issued_on": days, "issuer": text})
    return st.lists(one, max_size=4).map(
        lambda items: [{"kind": kind, **item} for kind, item in zip(kinds, items, strict=False)]
    )


payloads = st.fixed_dictionaries(
    {
        "name": text,
        "project_code": text,
        "region": listed("region"),
        "address": text,
        "project_class": listed("project_class"),
        "nature": listed("construction_nature"),
        "approval_kind": listed("investment_kind"),
        "total_investment_fen": fens,
        "floor_area_m2": st.integers(0, 10**9),
        "planned_start_on": days,
        "planned_end_on": days,
        "summary": text,
        "manager_name": text,
        "manager_phone": text.map(lambda t: t[:20]),
        "funding": st.lists(
            st.fixed_dictionaries({"source": listed("funding_source"), "amount_fen": fens}),
            max_size=3,
        ),
        "papers": papers(),
        "parties": st.lists(
            st.fixed_dictionaries(
                {"role": listed("project_party"), "uscc": text.map(lambda t: t[:18]), "name": text}
            ),
            max_size=3,
        ),
    }
)


@settings(max_examples=15)
@given(typed=st.lists(payloads, min_size=1, max_size=5))
def test_what_is_typed_into_the_template_becomes_the_payload(typed: list[dict[str, Any]]) -> None:
    lists = lists_at(AT)
    head, rows = read_rows(filled(*typed), lists)
    found = [ProjectPayload.model_validate(read_line(head.cells(r), lists).payload) for r in rows]
    assert found == [ProjectPayload.model_validate(payload) for payload in typed]


def line_of(**cells: Any) -> dict[str, Any]:
    return read_line(cells, lists_at(AT)).payload


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("230102", "230102"),
        (Decimal(230102), "230102"),
        ("哈尔滨市道里区", "230102"),
        ("黑龙江省哈尔滨市道里区", "230102"),
        ("230102 黑龙江省哈尔滨市道里区", "230102"),
    ],
)
def test_a_place_is_known_by_code_or_name(cell: Any, code: str) -> None:
    assert line_of(region=cell)["region"] == code


@pytest.mark.parametrize("cell", ["001", "新建", "new construction", Decimal(1)])
def test_a_code_is_known_by_its_labels_and_without_its_zeros(cell: Any) -> None:
    assert line_of(nature=cell)["nature"] == "001"


@pytest.mark.parametrize(
    "cell",
    [date(2026, 3, 1), "2026-03-01", "2026/3/1", "2026年3月1日", "20260301", Decimal(20260301)],
)
def test_a_day_is_known_in_the_ways_people_write_it(cell: Any) -> None:
    assert line_of(planned_start_on=cell)["planned_start_on"] == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("planned_start_on", "2026-02-30", "procurement.import.cell_invalid"),
        ("planned_start_on", Decimal(46082), "procurement.import.cell_invalid"),
        ("floor_area_m2", Decimal("1.5"), "procurement.import.cell_invalid"),
        ("floor_area_m2", True, "procurement.import.cell_invalid"),
        ("total_investment_fen", Decimal("-1"), "procurement.import.cell_invalid"),
        ("total_investment_fen", Decimal("0.001"), "money.too_many_decimals"),
        ("total_investment_fen", "一亿", "money.not_a_number"),
        ("project_code", Decimal("251123010204011234567"), "procurement.import.number_for_text"),
        ("papers.land_use.number", date(2025, 3, 1), "procurement.import.number_for_text"),
        ("nature", "造", "procurement.project.code_unlisted"),
        ("region", "310101", "procurement.project.code_unlisted"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_by_its_column(
    key: str, cell: Any, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        line_of(**{key: cell})
    assert (code, key) in [(r.code, r.field) for r in caught.value.refusals]


def test_every_fault_of_a_line_is_told_at_once() -> None:
    with pytest.raises(Refused) as caught:
        line_of(
            nature="造",
            planned_end_on="soon",
            **{"funding.1.source": "private", "parties.0.uscc": "9"},
        )
    assert [r.field for r in caught.value.refusals] == [
        "nature", "planned_end_on", "funding.1.amount_fen", "parties.0.role", "parties.0.name",
    ]  # fmt: skip


def test_a_skipped_group_leaves_no_hole_and_keeps_its_place() -> None:
    cells: dict[str, Any] = {
        "funding.2.source": "private",
        "funding.2.amount_fen": Decimal("12.50"),
    }
    line = read_line(cells, lists_at(AT))
    assert line.payload["funding"] == [{"source": "private", "amount_fen": 1250}]
    assert line.places["funding.0.amount_fen"] == "funding.2.amount_fen"


def test_a_line_of_which_a_needed_cell_is_empty_names_its_column() -> None:
    lists = lists_at(AT)
    items = [("1", {"source": "state"})]
    (reason,) = import_lines._incomplete(items, "funding", ("source", "amount_fen"), lists)
    assert (reason.code, reason.field) == (
        "procurement.import.cell_missing", "funding.1.amount_fen",
    )  # fmt: skip
    assert reason.facts["column"]
