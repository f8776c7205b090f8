"""The import template: one row a project, the code lists in force, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.documents.workbooks import LIMITS
from kernel.regulation import selectors as law
from procurement.projects.import_lines import Lists, counties, lists_at

FILE_NAME = _("报建批量导入模板")
_SHEETS = ("报建 Registrations", "代码 Codes", "填写说明 Notes")
_WIDTHS = {"name": 32, "project_code": 28, "address": 32, "summary": 40, "region": 26}
_FORMATS = {"text": "@", "code": "@", "date": "yyyy-mm-dd", "money": "#,##0.00", "integer": "0"}
_NOTES = (
    ("每行一个项目，从第 2 行起填写。", "One project a row, from row 2 on."),
    (
        f"一份最多 {LIMITS.rows - 1:,} 行、{LIMITS.file_bytes // 1024**2} MB。",
        f"At most {LIMITS.rows - 1:,} rows and {LIMITS.file_bytes // 1024**2} MB a file.",
    ),
    (
        "不要改动表头；列的先后可以调整。",
        "Leave the heads as they are; the columns may change places.",
    ),
    (
        "不接收公式、宏和外部链接；请以数值方式粘贴。",
        "No formulas, macros or external links; paste values only.",
    ),
    ("金额以元计，最多两位小数。", "Money in yuan (CNY), two decimals at most."),
    ("日期如 2026-03-01。", "Dates like 2026-03-01."),
    (
        "代码列可填“代码”表中的代码或名称。",
        "A coded cell takes a code or a name from the sheet of codes.",
    ),
    (
        "项目代码、电话、统一社会信用代码请保持文本格式，以免丢失数字。",
        "Keep codes and phone numbers as text, or digits are lost.",
    ),
    (
        "扫描件可在导入为草稿后逐项上传；直接递交的不附扫描件。",
        "Scans can be added to imported drafts, project by project; what is submitted has none.",
    ),
)


def template(at: datetime) -> bytes:
    """The template with the columns and code lists in force at a legal moment, as XLSX."""
    import xlsxwriter  # a web worker that writes no workbook does without it

    lists, file = lists_at(at), BytesIO()
    # The date of the lists, not of the download: the same law gives the same bytes.
    created = clock.start_of(clock.legal_date(at)).replace(tzinfo=None)
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": created})
        sheets = [book.add_worksheet(name) for name in _SHEETS]
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        ranges = _write_codes(sheets[1], bold, lists, at)
        _write_heads(book, sheets[0], bold, lists, ranges)
        sheets[2].set_column(0, 1, 70)
        for line, words in enumerate(_NOTES):
            sheets[2].write_row(line, 0, words)
    return file.getvalue()


def _write_heads(book: Any, sheet: Any, bold: Any, lists: Lists, ranges: dict[str, str]) -> None:
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    sheet.set_row(0, 64)
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(lists.columns):
        sheet.write_string(0, place, column.heading, bold)
        sheet.set_column(place, place, _WIDTHS.get(column.key, 18), formats[column.kind])
        if column.list_name:
            # A hint and no lock: a code may be typed as well.
            rule = {
                "validate": "list",
                "source": ranges[column.list_name],
                "error_type": "information",
            }
            sheet.data_validation(1, place, LIMITS.rows - 1, place, rule)


def _write_codes(sheet: Any, bold: Any, lists: Lists, at: datetime) -> dict[str, str]:
    """One list beside the other; the range of each one's names, for the drop-downs."""
    ranges = {}
    place = 0
    for name in sorted(lists.codes):
        column = next(c for c in lists.columns if c.list_name == name)
        label = "".join(part for part in column.zh if not part.isdigit()).strip()
        sheet.write_row(0, place, [f"{label}：代码 code", "名称", "name"], bold)
        sheet.set_column(place, place, 18)
        sheet.set_column(place + 1, place + 2, 30)
        line = 0
        for line, row in enumerate(_codes(name, at), start=1):
            sheet.write_row(line, place, row)
        letter = _letters(place + 1)
        ranges[name] = f"='{_SHEETS[1]}'!${letter}$2:${letter}${line + 1}"
        place += 4
    sheet.freeze_panes(1, 0)
    return ranges


def _letters(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))


def _codes(name: str, at: datetime) -> Iterator[tuple[str, str, str]]:
    if name == "region":
        yield from ((code, label, "") for code, label in counties(clock.legal_date(at)))
        return
    english = dict(law.options(name, at, "en"))
    for code, label in law.options(name, at, "zh"):
        yield code, label, english[code]
