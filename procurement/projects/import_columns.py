"""The columns of the import sheet, bilingual, and how each cell is read. Pure over plain values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel import money
from kernel.errors import Refusal, Refused

Cell = str | Decimal | date | bool | None
FUNDING_PAIRS, PARTY_TRIPLES = 3, 3
# Copied from schemas and rules: what the form cannot hold is refused by the act anyway.
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
# A sheet's program keeps fifteen digits; a longer number has lost some already.
_EXACT_DIGITS = 15


@dataclass(frozen=True)
class Column:
    """A column. key: ``field`` or ``list.slot.part``; list_name: the code list of its cells."""

    key: str
    zh: str
    en: str
    kind: str = "text"
    list_name: str = ""

    def label(self, language: str) -> str:
        """Its head in a language."""
        return self.en if language.startswith("en") else self.zh

    @property
    def heading(self) -> str:
        """Its head as it stands in the template: both languages."""
        return f"{self.zh}\n{self.en}"


def columns(papers: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
    """All columns in the order of the template; papers: required kind -> its two labels."""
    return (*_PLAIN, *_funding(), *_papers(papers), *_parties())


_PLAIN = (
    Column("name", "项目名称", "Project name"),
    Column("project_code", "项目代码", "Project code"),
    Column("region", "建设地点（县、市、区）", "Place (county, city, district)", "code", "region"),
    Column("address", "详细地址", "Address"),
    Column("project_class", "工程类别", "Project class", "code", "project_class"),
    Column("nature", "建设性质", "Nature of construction", "code", "construction_nature"),
    Column("approval_kind", "立项方式", "Kind of approval", "code", "investment_kind"),
    Column("total_investment_fen", "总投资（元）", "Total investment (yuan)", "money"),
    Column("floor_area_m2", "总建筑面积（平方米）", "Floor area (m²)", "integer"),
    Column("planned_start_on", "计划开工", "Planned start", "date"),
    Column("planned_end_on", "计划竣工", "Planned end", "date"),
    Column("summary", "建设内容与规模", "Content and scale"),
    Column("manager_name", "建设单位项目负责人", "Owner's project manager"),
    Column("manager_phone", "负责人电话", "Manager's phone"),
)


def _funding() -> list[Column]:
    return [
        column
        for i in range(FUNDING_PAIRS)
        for column in (
            Column(
                f"funding.{i}.source",
                f"资金来源 {i + 1}",
                f"Source of funds {i + 1}",
                "code",
                "funding_source",
            ),
            Column(
                f"funding.{i}.amount_fen",
                f"资金来源 {i + 1} 金额（元）",
                f"Amount of source {i + 1} (yuan)",
                "money",
            ),
        )
    ]


def _papers(papers: Mapping[str, tuple[str, str]]) -> list[Column]:
    return [
        column
        for kind, (zh, en) in papers.items()
        for column in (
            Column(f"papers.{kind}.number", f"{zh}：文号", f"{en}: number"),
            Column(f"papers.{kind}.issued_on", f"{zh}：日期", f"{en}: date", "date"),
            Column(f"papers.{kind}.issuer", f"{zh}：发文机关", f"{en}: issuer"),
        )
    ]


def _parties() -> list[Column]:
    return [
        column
        for i in range(PARTY_TRIPLES)
        for column in (
            Column(
                f"parties.{i}.role",
                f"参建单位 {i + 1} 类别",
                f"Party {i + 1}: kind",
                "code",
                "project_party",
            ),
            Column(
                f"parties.{i}.uscc", f"参建单位 {i + 1} 统一社会信用代码", f"Party {i + 1}: USCC"
            ),
            Column(f"parties.{i}.name", f"参建单位 {i + 1} 名称", f"Party {i + 1}: name"),
        )
    ]


def read_cell(column: Column, cell: Cell, lists: Mapping[str, Mapping[str, str]]) -> Any:
    """A cell's value for the act's payload, or None where it is empty.

    Money in fen; dates as dates; codes from a code or any of its labels. lists: list name ->
    text in lower case -> code. Raises Refused with one refusal, its field the column's key.
    """
    if isinstance(cell, str):
        cell = cell.strip()
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        raise _unreadable(column, cell)
    if column.kind == "code":
        return _code(column, cell, lists[column.list_name])
    return _READERS[column.kind](column, cell)


def _text(column: Column, cell: Cell) -> str:
    """Text as typed; a number only while it has lost no digit, a date never (it was text once)."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        digits = format(cell.to_integral_value(), "f")
        if cell >= 0 and len(digits) <= _EXACT_DIGITS:
            return digits
    raise Refused(
        Refusal("procurement.import.number_for_text", _facts(column, cell), "", column.key)
    )


def _code(column: Column, cell: Cell, known: Mapping[str, str]) -> str:
    text = _text(column, cell)
    code = known.get(text.lower())
    if code is None and isinstance(cell, Decimal):
        # 001 typed into a cell for numbers is 1.
        widths = {len(value) for value in known.values() if value.isdigit()}
        code = next((known[t] for w in widths if (t := text.zfill(w)) in known), None)
    if code is None:
        facts = {"list": column.list_name, "code": text[:40]}
        raise Refused(Refusal("procurement.project.code_unlisted", facts, "", column.key))
    return code


def _money(column: Column, cell: Cell) -> int:
    if not isinstance(cell, str | Decimal):
        raise _unreadable(column, cell)
    text = cell if isinstance(cell, str) else format(cell, "f")
    if isinstance(cell, Decimal) and "." in text:
        text = text.rstrip("0").rstrip(".")
    try:
        fen = money.parse_yuan(text)
    except Refused as refused:
        raise Refused(
            Refusal(r.code, r.facts, r.article, column.key) for r in refused.refusals
        ) from None
    if fen < 0:
        raise _unreadable(column, cell)
    return fen


def _integer(column: Column, cell: Cell) -> int:
    if isinstance(cell, str):
        plain = cell.replace(",", "").replace("，", "")
        cell = Decimal(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else cell
    if isinstance(cell, Decimal) and cell >= 0 and cell == cell.to_integral_value():
        return int(cell)
    raise _unreadable(column, cell)


def _date(column: Column, cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, Decimal):
        match = _COMPACT_DAY.fullmatch(format(cell, "f"))
    else:
        match = _DAY.fullmatch(str(cell)) or _COMPACT_DAY.fullmatch(str(cell))
    try:
        if match is not None and 1900 <= int(match[1]) <= 2199:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise _unreadable(column, cell)


_READERS: dict[str, Callable[[Column, Any], Any]] = {
    "text": _text,
    "money": _money,
    "integer": _integer,
    "date": _date,
}


def _unreadable(column: Column, cell: Cell) -> Refused:
    return Refused(Refusal("procurement.import.cell_invalid", _facts(column, cell), "", column.key))


def _facts(column: Column, cell: Cell) -> dict[str, str]:
    shown = cell.isoformat() if isinstance(cell, date) else str(cell)
    return {"column": column.zh, "value": shown[:40]}
