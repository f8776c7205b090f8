"""Workbooks from outside: read as they were meant, or refused in bounded memory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kernel.documents import workbook_values as values
from kernel.documents.workbook_messages import WORDINGS
from kernel.documents.workbooks import Row, open_workbook
from kernel.errors import Refused
from tests.kernel.documents import crafted

SHEET = "xl/worksheets/sheet1.xml"
ROOT = Path(__file__).parents[3]


def rows(file: IO[bytes]) -> list[Row]:
    return list(open_workbook(file).rows())


def cells(data: str, **parts: str) -> list[tuple[Any, ...]]:
    return [row.cells for row in rows(crafted.packed({**crafted.parts(data), **parts}))]


def code(file: IO[bytes]) -> str:
    with pytest.raises(Refused) as caught:
        rows(file)
    found = caught.value.refusals[0].code
    assert found in WORDINGS
    return found


def openpyxl_file(lines: list[list[Any]]) -> BytesIO:
    book, file = openpyxl.Workbook(), BytesIO()
    for line in lines:
        assert book.active is not None
        book.active.append(line)
    book.save(file)
    return file


# What other programs write.

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


# What is refused.


def test_a_formula_is_refused_and_its_cell_named() -> None:
    data = '<row r="1"/><row r="2"><c r="AB2"><f>1+1</f><v>2</v></c></row>'
    with pytest.raises(Refused) as caught:
        rows(crafted.packed(crafted.parts(data)))
    assert caught.value.refusals[0].code == "documents.workbook.formula"
    assert caught.value.refusals[0].facts == {"sheet": "S", "cell": "AB2"}


def test_a_shared_or_array_formula_without_text_is_a_formula_too() -> None:
    data = '<row><c><f t="shared" si="0"/><v>2</v></c></row>'
    assert code(crafted.packed(crafted.parts(data))) == "documents.workbook.formula"


def test_text_that_begins_like_a_formula_is_text() -> None:
    data = '<row><c t="inlineStr"><is><t>=1+1</t></is></c></row>'
    assert cells(data) == [("=1+1",)]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "not_a_workbook"),
        (b"PK\x03\x04", "not_a_workbook"),
        (b"name,code\n" * 10, "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_locked"),
        (bytes(10 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, wanted: str) -> None:
    assert code(BytesIO(content)) == f"documents.workbook.{wanted}"


def renamed(old: str, new: str) -> IO[bytes]:
    """Replaces a part's name in the directory and in its header, byte for byte."""
    content = crafted.packed({**crafted.parts(), old: "x"}).read()
    assert len(old) == len(new)
    return BytesIO(content.replace(old.encode(), new.encode()))


@pytest.mark.parametrize("name", ["../evil.xm", "/evil12.xm", "a\\evil.xml", "C:evil.xml"])
def test_a_part_that_would_leave_the_archive_is_refused(name: str) -> None:
    assert code(renamed("xxevil.xml"[: len(name)], name)) == "documents.workbook.archive_forbidden"


def test_two_parts_of_one_name_are_refused() -> None:
    file = renamed("XL/styles.xml", "xl/styleS.xml")
    assert code(file) == "documents.workbook.archive_forbidden"


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(crafted.packed(crafted.parts()).read())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert code(BytesIO(bytes(content))) == "documents.workbook.archive_forbidden"


@pytest.mark.parametrize("junk", [b"junk", b"PK\x06\x07" + bytes(16)])
def test_anything_between_the_directory_and_the_end_is_refused(junk: bytes) -> None:
    content = crafted.packed(crafted.parts()).read()
    end = content.rindex(b"PK\x05\x06")
    file = BytesIO(content[:end] + junk + content[end:])
    assert code(file) == "documents.workbook.archive_forbidden"


def test_zip64_is_refused() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in crafted.parts().items():
            assert isinstance(part, str)
            info = zipfile.ZipInfo(name)
            info.extra = b"\x01\x00\x08\x00" + bytes(8)
            archive.writestr(info, part)
    assert code(file) == "documents.workbook.archive_forbidden"


def test_parts_that_share_their_bytes_are_refused() -> None:
    content = bytearray(crafted.packed(crafted.parts()).read())
    directory = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", directory + 4)
    content[second + 42 : second + 46] = content[directory + 42 : directory + 46]
    assert code(BytesIO(bytes(content))) == "documents.workbook.archive_forbidden"


def test_a_directory_of_many_entries_is_refused_before_it_is_read() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(600):
            archive.writestr(f"{number}", b"")
    assert code(file) == "documents.workbook.too_many_parts"


def test_a_part_that_declares_less_than_it_holds_is_refused() -> None:
    data = "<row><c><v>1</v></c></row>" * 500
    content = bytearray(crafted.packed(crafted.parts(data)).read())
    place = content.rindex(SHEET.encode()) - 46
    content[place + 24 : place + 28] = (400).to_bytes(4, "little")
    assert code(BytesIO(bytes(content))) == "documents.workbook.damaged"


def test_a_part_whose_content_was_changed_is_refused() -> None:
    content = bytearray(crafted.packed(crafted.parts("<row/>" * 200)).read())
    content[content.index(SHEET.encode()) + len(SHEET) + 30] ^= 0xFF
    assert code(BytesIO(bytes(content))) == "documents.workbook.damaged"


def test_a_truncated_workbook_is_refused() -> None:
    content = crafted.packed(crafted.parts()).read()
    assert code(BytesIO(content[: len(content) // 2])) == "documents.workbook.not_a_workbook"


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/activeX/activeX1.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external_links"),
        ("xl/connections.xml", "external_links"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
    ],
)
def test_parts_that_could_act_are_refused(part: str, wanted: str) -> None:
    assert code(crafted.packed({**crafted.parts(), part: ""})) == f"documents.workbook.{wanted}"


def test_a_macro_under_another_name_is_known_by_its_type() -> None:
    kinds = crafted.types("application/vnd.ms-office.vbaProject")
    file = crafted.packed({**crafted.parts(), "[Content_Types].xml": kinds})
    assert code(file) == "documents.workbook.macros"


def test_a_relation_that_leads_out_is_refused() -> None:
    away = crafted.relations(("r1", "worksheet", "http://x/"), mode=' TargetMode="External"')
    file = crafted.packed({**crafted.parts(), "xl/_rels/workbook.xml.rels": away})
    assert code(file) == "documents.workbook.external_links"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"]
)
def test_a_document_type_is_refused_in_every_part(part: str) -> None:
    content = crafted.parts("<row/>")
    text = content[part]
    assert isinstance(text, str)
    content[part] = text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    assert code(crafted.packed(content)) == "documents.workbook.doctype"


def test_another_encoding_hides_nothing() -> None:
    text = crafted.sheet("<row/>", '<!DOCTYPE x SYSTEM "file:///etc/passwd">')
    text = text.replace("UTF-8", "UTF-16")
    content: dict[str, Any] = {**crafted.parts(), SHEET: [text.encode("utf-16")]}
    assert code(crafted.packed(content)) == "documents.workbook.damaged"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ('<row><c t="s"><v>5</v></c></row>', "cell_faulty"),
        ('<row><c t="s"><v>-1</v></c></row>', "cell_faulty"),
        ('<row><c t="e"><v>#N/A</v></c></row>', "cell_faulty"),
        ('<row><c t="d"><v>yesterday</v></c></row>', "cell_faulty"),
        ("<row><c><v>NaN</v></c></row>", "cell_faulty"),
        ("<row><c><v>1e999</v></c></row>", "cell_faulty"),
        ('<row><c r="CW1"><v>1</v></c></row>', "too_many_columns"),
        ('<row><c r="ZZZZ1"><v>1</v></c></row>', "damaged"),
        ('<row r="2"/><row r="2"/>', "damaged"),
        ('<row r="1048577"/>', "damaged"),
        ('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "damaged"),
        ("<row><c>", "damaged"),
        (f'<row><c t="str"><v>{"a" * 32_768}</v></c></row>', "cell_too_long"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(data: str, wanted: str) -> None:
    file = crafted.packed(crafted.parts(data))
    if wanted == "damaged" and data == "<row><c>":
        file = crafted.packed({**crafted.parts(), SHEET: crafted.sheet(data)[:-30]})
    assert code(file) == f"documents.workbook.{wanted}"


# In bounded memory. Each file is made here and read by a process of its own.

_OPEN = crafted.sheet("").removesuffix("</sheetData></worksheet>").encode()
_CLOSE = b"</sheetData></worksheet>"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def _million_rows() -> Iterator[bytes]:
    yield _OPEN
    for n in range(1, 1_000_001):
        yield b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n)
    yield _CLOSE


def _empty_rows() -> Iterator[bytes]:
    yield _OPEN
    yield from (b'<row r="%d" s="1"/>' % n for n in range(1, 1_000_001))
    yield _CLOSE


def _wide_row() -> Iterator[bytes]:
    yield _OPEN + b"<row>"
    yield from (b"<c><v>%d</v></c>" % n for n in range(1_000_000))


def _attributes() -> Iterator[bytes]:
    yield _OPEN + b"<row "
    yield from (b'a%d=">" ' % n for n in range(100_000))


def _names() -> Iterator[bytes]:
    yield _OPEN
    yield from (b"<n%d/>" % n for n in range(1_600_000))


def _deep() -> Iterator[bytes]:
    yield _OPEN
    yield from (b"<n%d>" % (n % 9_973) for n in range(100_000))


def _long_markup(opening: bytes) -> Iterator[bytes]:
    yield _OPEN + b'<row><c t="str"><v>' + opening
    yield from (b"<%d " % (n % 9_973) for n in range(2_000_000))


def _many_strings() -> Iterator[bytes]:
    yield crafted.strings("").removesuffix("</sst>").encode()
    yield from (b"<si><t>%d</t></si>" % n for n in range(1_000_000))


def _long_strings() -> Iterator[bytes]:
    yield crafted.strings("").removesuffix("</sst>").encode()
    words = "".join(chr(0x4E00 + i) for i in range(4_000))
    for n in range(1_000):
        # Numbers between the words, or the ratio would give it away.
        text = "".join(f"{words[i : i + 40]}{n * i % 9_973}" for i in range(0, 4_000, 40))
        yield f"<si><t>{text}{text}{text}{text}</t></si>".encode()


BOMBS: dict[str, tuple[str, Any, str]] = {
    "zip_bomb": (SHEET, lambda: (bytes(1_000_000) for _ in range(55)), "inflates_too_far"),
    "larger_bomb": (SHEET, lambda: (bytes(1_000_000) for _ in range(500)), "inflates_too_far"),
    "million_rows": (SHEET, _million_rows, "too_many_rows"),
    "million_empty_rows": (SHEET, _empty_rows, ""),
    "wide_row": (SHEET, _wide_row, "too_many_columns"),
    "billion_laughs": (
        SHEET,
        lambda: [
            crafted.sheet(
                '<row><c t="str"><v>&l9;</v></c></row>',
                f'<!DOCTYPE l [<!ENTITY l0 "ha">{_LAUGHS}]>',
            ).encode()
        ],
        "doctype",
    ),
    "attributes": (SHEET, _attributes, "markup_too_long"),
    "names": (SHEET, _names, "too_much_markup"),
    "deep": (SHEET, _deep, "damaged"),
    "comment": (SHEET, lambda: _long_markup(b"<!--"), "damaged"),
    "cdata": (SHEET, lambda: _long_markup(b"<![CDATA["), ""),
    "many_strings": ("xl/sharedStrings.xml", _many_strings, "too_many_strings"),
    "long_strings": ("xl/sharedStrings.xml", _long_strings, "too_many_strings"),
    "formula": (
        SHEET,
        lambda: [crafted.sheet("<row><c><f>1</f></c></row>").encode()],
        "formula",
    ),
}

_READ = """
import re, sys
from pathlib import Path
from kernel.documents.workbooks import open_workbook
from kernel.errors import Refused

def peak():
    # Not ru_maxrss: that one begins with the peak of whoever started this process.
    return int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before, code = peak(), ""
try:
    with open(sys.argv[1], "rb") as file:
        for row in open_workbook(file).rows():
            pass
except Refused as refused:
    code = refused.refusals[0].code
print(code or "read", peak() - before)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_crafted_workbook_is_refused_in_little_memory(name: str, tmp_path: Path) -> None:
    part, pieces, wanted = BOMBS[name]
    path = tmp_path / "crafted.xlsx"
    with path.open("w+b") as file:
        crafted.packed({**crafted.parts("<row/>"), part: pieces()}, file)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found, kib = done.stdout.split()
    print(name, found, int(kib) // 1024, "MiB")
    # Empty rows alone are merely useless; a CDATA section may break in either of two ways.
    allowed = {f"documents.workbook.{wanted}"} if wanted else {
        "read", "documents.workbook.damaged", "documents.workbook.cell_too_long",
        "documents.workbook.inflates_too_far",
    }  # fmt: skip
    assert found in allowed
    assert int(kib) < 80 * 1024


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
