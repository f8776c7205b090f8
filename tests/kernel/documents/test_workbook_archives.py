"""Workbooks from outside that are crafted, damaged or could act are refused."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import IO, Any

import pytest

from kernel.errors import Refused
from tests.kernel.documents import crafted
from tests.kernel.documents.workbook_reading import SHEET, cells, code, rows


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
