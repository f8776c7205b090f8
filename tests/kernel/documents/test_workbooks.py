"""Workbooks from outside are read as they were meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kernel.documents import workbook_values as values
from kernel.documents.workbooks import Row, open_workbook
from tests.kernel.documents import crafted
from tests.kernel.documents.workbook_reading import cells, rows


def openpyxl_file(lines: list[list[Any]]) -> BytesIO:
    book, file = openpyxl.Workbook(), BytesIO()
    for line in lines:
        assert book.active is not None
        book.active.append(line)
    book.save(file)
    return file


plain_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=40
).filter(lambda t: t.strip() == t and not t.startswith("="))
cell_values = st.one_of(
    st.none(),
    plain_text,
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.decimals(-(10**12), 10**12, places=2),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
)


def expected(value: Any) -> Any:
    return Decimal(str(value)) if type(value) in {int, Decimal} else value


@given(st.lists(st.lists(cell_values, min_size=1, max_size=6), min_size=1, max_size=6))
def test_what_openpyxl_writes_is_read_as_it_was_written(lines: list[list[Any]]) -> None:
    found = {row.number: row.cells for row in rows(openpyxl_file(lines))}
    for number, line in enumerate(lines, start=1):
        wanted = [expected(value) for value in line]
        while wanted and wanted[-1] is None:
            wanted.pop()
        assert list(found.get(number, ())) == wanted


@given(st.lists(cell_values, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_what_xlsxwriter_writes_is_read_as_it_was_written(
    line: list[Any], inline: bool, date1904: bool
) -> None:
    file = BytesIO()
    options = {
        "constant_memory": inline,
        "date_1904": date1904,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        line = [None if date1904 and isinstance(v, date) and v.year < 1905 else v for v in line]
        for place, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(0, place, value, day)
            elif isinstance(value, str):
                sheet.write_string(0, place, value)
            elif value is not None:
                sheet.write(0, place, value)
    wanted = [expected(value) for value in line]
    while wanted and wanted[-1] is None:
        wanted.pop()
    assert [row.cells for row in rows(file)] == ([tuple(wanted)] if wanted else [])


def test_a_double_is_the_number_that_was_typed() -> None:
    data = "<row><c><v>1.1000000000000001</v></c><c><v>1234567.8899999999</v></c></row>"
    assert cells(data) == [(Decimal("1.1"), Decimal("1234567.89"))]


def test_rich_text_is_joined_and_reading_aids_are_left_out() -> None:
    shared = crafted.strings(
        "<si><r><t>示例</t></r><r><t>小学</t></r><rPh sb='0' eb='1'><t>shili</t></rPh></si>"
    )
    data = '<row><c t="s"><v>0</v></c></row>'
    assert cells(data, **{"xl/sharedStrings.xml": shared}) == [("示例小学",)]


def test_escaped_line_ends_are_undone_and_other_escapes_left() -> None:
    data = '<row><c t="inlineStr"><is><t>a_x000D_b_x005F_x000D_c_xD800_</t></is></c></row>'
    assert cells(data) == [("a\rb_x000D_c_xD800_",)]


def test_rows_and_cells_keep_their_places() -> None:
    file = crafted.packed(crafted.parts('<row r="7"><c r="C7"><v>1</v></c></row><row r="9"/>'))
    assert rows(file) == [Row(7, (None, None, Decimal(1)))]


def test_the_day_that_never_was_stays_a_number() -> None:
    styled = crafted.styles('<xf numFmtId="0"/><xf numFmtId="14"/>')
    data = "".join(f'<row><c s="1"><v>{n}</v></c></row>' for n in (59, 60, 61, 0.5, 2958466))
    assert cells(data, **{"xl/styles.xml": styled}) == [
        (date(1900, 2, 28),), (Decimal(60),), (date(1900, 3, 1),), (Decimal("0.5"),),
        (Decimal(2958466),),
    ]  # fmt: skip


def test_a_time_of_day_is_kept() -> None:
    assert values.day_of(Decimal("44562.75"), date1904=False) == datetime(2022, 1, 1, 18)


@pytest.mark.parametrize(
    ("format_code", "shows"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ("[$-804]e年m月d日", True),
        ("#,##0.00", False),
        ('#,##0"day"', False),
        ("[Red]0.00", False),
        ("General", False),
        ("G/通用格式", False),
        ("[h]:mm", False),
        ("0\\d", False),
    ],
)
def test_a_format_shows_a_day_by_its_placeholders_only(format_code: str, shows: bool) -> None:
    assert values.shows_a_day(format_code) is shows


@given(st.integers(1, 1_048_576), st.integers(0, 16_383))
def test_references_are_read_as_they_are_written(row: int, column: int) -> None:
    assert values.place_of(values.reference_of(row, column)) == (row, column)


@given(st.dates(date(1904, 1, 2), date(9998, 1, 1)))
def test_both_date_systems_count_back_to_the_same_day(day: date) -> None:
    serial = (day - date(1904, 1, 1)).days
    assert values.day_of(Decimal(serial), date1904=True) == day
    assert values.day_of(Decimal(serial + 1462), date1904=False) == day
    assert day + timedelta(1) == values.day_of(Decimal(serial + 1), date1904=True)


def test_a_sheets_name_keeps_its_ampersand() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name in ("土建 & 安装", "&#38;", "a<b"):
            book.add_worksheet(name).write_string(0, 0, "x")
    file.seek(0)
    assert open_workbook(file).sheets == ("土建 & 安装", "&#38;", "a<b")


def test_strings_and_styles_are_read_once_for_all_sheets() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name in ("A", "B"):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, "同文")
            sheet.write_datetime(0, 1, datetime(2026, 3, 1), day)
    file.seek(0)
    book = open_workbook(file)
    first, second = ([row.cells for row in book.rows(place)] for place in (0, 1))
    assert first == second == [("同文", date(2026, 3, 1))]
