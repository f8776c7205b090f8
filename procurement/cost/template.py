"""Writes bills as XLSX, and the empty template with its notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.money import to_yuan
from procurement.cost import records
from procurement.cost.fields import BY_KIND, HEADER, ROWS, Field, Record
from procurement.cost.records import MAX_ROWS
from procurement.cost.schemas import FORMAT_VERSION, Bill
from procurement.cost.workbooks import LIMITS, NOTES

FILE_NAME = _("工程量清单模板")
# The date of the format, not of the download: the same bill gives the same bytes.
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001  (a workbook knows no zone)
_WIDTHS = {"features": 48, "name": 28, "code": 16, "project_name": 40}
_FORMATS = {"money": "#,##0.00", "quantity": "0.####", "rate": "0.####"}
_LINES = (
    (
        "封面填写计价标准、项目名称和计税方法；一份清单只用一个计价标准。",
        "The cover names standard, project and taxation; one bill follows one standard.",
    ),
    (
        "单项工程、单位工程、分部、清单项目以编号相互对应。",
        "Works, sections and items refer to one another by their numbers.",
    ),
    (
        "项目编码为 12 位文本，前 9 位取自标准，后 3 位自 001 起，全份清单内不重复。",
        "Codes are texts of 12 digits: nine of the standard, three from 001 on, once in the bill.",
    ),
    (
        "招标工程量清单不填单价和合价；金额以元计，最多两位小数；工程量最多四位小数。",
        "A tender's bill has no prices. Money in yuan, two decimals; quantities four at most.",
    ),
    (
        f"一份最多 {MAX_ROWS:,} 行、{LIMITS.file_bytes // 1024**2} MB。",
        f"At most {MAX_ROWS:,} rows and {LIMITS.file_bytes // 1024**2} MB a file.",
    ),
    (
        "不接收公式、宏和外部链接；请以数值方式粘贴。",
        "No formulas, macros or external links; paste values only.",
    ),
)


def template() -> bytes:
    """The template to fill in, as XLSX: heads, drop-downs, and a sheet of notes."""
    return _written([("bill", {"format_version": FORMAT_VERSION, "edition": "gbt50500-2024"})])


def write(bill: Bill) -> bytes:
    """A bill as XLSX; reading it gives the same bill, and the same bill the same bytes."""
    return _written(list(records.flatten(bill)))


def _written(rows: list[tuple[str, dict[str, Any]]]) -> bytes:
    import xlsxwriter  # a web worker that writes no workbook does without it

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        book.set_properties({"created": _CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": f}) for kind, f in _FORMATS.items()}
        sheets = {r.kind: book.add_worksheet(r.sheet) for r in (HEADER, *ROWS)}
        next_row = dict.fromkeys(sheets, 1)
        for record in ROWS:
            _head(sheets[record.kind], record, bold)
        for kind, values in rows:
            if kind == HEADER.kind:
                _cover(sheets[kind], values, bold, formats)
                continue
            for place, field in enumerate(BY_KIND[kind].all_fields):
                _cell(sheets[kind], next_row[kind], place, field, values.get(field.key), formats)
            next_row[kind] += 1
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 1, 80)
        for line, words in enumerate(_LINES):
            notes.write_row(line, 0, words)
    return file.getvalue()


def _cover(sheet: Any, values: Mapping[str, Any], bold: Any, formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 1, 36)
    for line, field in enumerate(HEADER.fields):
        sheet.write_string(line, 0, field.heading, bold)
        _cell(sheet, line, 1, field, values.get(field.key), formats)
        if field.choices:
            _choices(sheet, line, 1, line, field)


def _head(sheet: Any, record: Record, bold: Any) -> None:
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    for place, field in enumerate(record.all_fields):
        sheet.write_string(0, place, field.heading, bold)
        sheet.set_column(place, place, _WIDTHS.get(field.key, 14))
        if field.choices:
            _choices(sheet, 1, place, MAX_ROWS, field)


def _choices(sheet: Any, first: int, place: int, last: int, field: Field) -> None:
    rule = {
        "validate": "list",
        "source": [words for _code, words in field.choices],
        "error_type": "information",
    }
    sheet.data_validation(first, place, last, place, rule)


def _cell(
    sheet: Any, row: int, place: int, field: Field, value: Any, formats: Mapping[str, Any]
) -> None:
    if value in (None, ""):
        return
    if field.kind in _FORMATS:
        # Fourteen digits at most (see values): a double keeps them.
        exact = to_yuan(value) if field.kind == "money" else value
        sheet.write_number(row, place, exact, formats[field.kind])
    else:
        sheet.write_string(row, place, dict(field.choices).get(value, value))
