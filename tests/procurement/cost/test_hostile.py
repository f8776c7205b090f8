"""Crafted files are refused by name, in bounded memory and time."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager
from io import BytesIO

import pytest

from kernel.errors import Refused
from procurement.cost import fields, markup, template
from procurement.cost.records import MAX_ROWS
from procurement.cost.services import read_bill
from tests.kernel.documents import crafted
from tests.procurement.cost.samples import bid, tender

HEAD = (
    b'<bill xmlns="urn:zhuxin:bill:1" edition="gbt50500-2024" format_version="1.0"'
    b' project_name="x" taxation="general">'
)


@contextmanager
def bounded(megabytes: int):
    """What happens inside takes at most so much of Python's memory."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1024**2
    finally:
        tracemalloc.stop()


def refused_as(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_bill(content)
    return refused.value.refusals[0].code


def test_an_external_entity_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    xml = markup.write(tender()).replace(
        b"<bill", f'<!DOCTYPE bill [<!ENTITY x SYSTEM "{secret.as_uri()}">]><bill'.encode(), 1
    )
    assert refused_as(xml) == "procurement.bill.doctype"


def test_a_billion_laughs_are_not_heard():
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    xml = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">' + entities + b"]><l>&l9;</l>"
    with bounded(4):
        assert refused_as(xml) == "procurement.bill.doctype"


def test_another_encoding_hides_no_doctype():
    xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE bill []><bill/>'
    assert refused_as(b"<" + xml.encode("utf-16-le")) == "procurement.bill.malformed"
    utf7 = b'<?xml version="1.0" encoding="UTF-7"?>' + HEAD + b"</bill>"
    assert refused_as(utf7) == "procurement.bill.empty"


@pytest.mark.parametrize("depth", [7, 100_000])
def test_deep_nesting_is_refused_at_its_seventh_level(depth):
    xml = HEAD + b"<single number='1' name='a'>" * depth
    with bounded(8):
        assert refused_as(xml) in {
            "procurement.bill.element_unknown",
            "procurement.bill.too_deep",
        }


def test_the_deepest_level_is_counted_whatever_it_holds():
    xml = (
        HEAD + b"<single number='1' name='a'><unit number='1' name='a' trade='building'>"
        b"<section number='1' name='a'><item code='1' name='a' measure_unit='m' quantity='1'>"
        b"<features><features>"
    )
    assert refused_as(xml) == "procurement.bill.too_deep"


@pytest.mark.parametrize(
    "inside",
    [
        b"<script/>",
        b"<x:single xmlns:x='urn:other'/>",
        b"<item code='1'/>",
        b"words",
        b"<single number='1' name='a'><single number='2' name='b'/></single>",
    ],
)
def test_what_the_schema_does_not_know_is_refused(inside):
    assert refused_as(HEAD + inside + b"</bill>") == "procurement.bill.element_unknown"


def test_an_attribute_that_the_schema_does_not_know_is_refused():
    xml = HEAD + b"<single number='1' name='a' hidden='1'/></bill>"
    assert refused_as(xml) == "procurement.bill.attribute_unknown"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e99", b"0x10", b"1_000"])
def test_what_is_no_number_is_refused_in_xml(number):
    xml = markup.write(bid())
    place = xml.index(b' price="') + len(b' price="')
    spoiled = xml[:place] + number + xml[xml.index(b'"', place) :]
    assert refused_as(spoiled) == "procurement.bill.not_a_number"


def test_a_negative_quantity_is_refused_in_xml():
    xml = markup.write(bid()).replace(b' quantity="', b' quantity="-', 1)
    assert refused_as(xml) == "procurement.bill.negative"


def test_a_million_rows_of_xml_are_refused_in_bounded_memory():
    row = b"<material number='1' kind='ordinary' name='a' measure_unit='m'/>"
    xml = HEAD + row * 500_000
    assert len(xml) < markup.MAX_BYTES
    with bounded(120):
        assert refused_as(xml) == "procurement.bill.too_many_rows"


def test_a_file_too_large_is_refused_unread():
    assert refused_as(HEAD + b" " * markup.MAX_BYTES) == "procurement.bill.file_too_large"


def test_endless_features_are_refused():
    xml = (
        HEAD + b"<single number='1' name='a'><unit number='1' name='a' trade='building'>"
        b"<section number='1' name='a'><item code='1' name='a' measure_unit='m' quantity='1'>"
        b"<features>" + b"a" * 5_000_000
    )
    with bounded(40):
        assert refused_as(xml) == "procurement.bill.text_too_long"


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.999])
def test_a_file_cut_off_is_refused(cut):
    xml = markup.write(bid())
    assert refused_as(xml[: int(len(xml) * cut)]) == "procurement.bill.malformed"


def _materials(count, cells):
    """The tender's workbook with so many rows of materials, written in constant memory."""
    parts = _sheets()
    head = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{field.zh}</t></is></c>'
        for letter, field in zip("ABCDEFG", fields.MATERIAL.all_fields, strict=True)
    )

    def rows():
        yield crafted.sheet("").encode().split(b"</sheetData>")[0]
        yield f'<row r="1">{head}</row>'.encode()
        for start in range(2, count + 2, 1_000):
            numbers = range(start, start + 1_000)
            yield "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in numbers).encode()
        yield b"</sheetData></worksheet>"

    parts["xl/worksheets/sheet8.xml"] = rows()
    return crafted.packed(parts).read()


def test_a_million_rows_of_a_sheet_are_refused_in_bounded_memory():
    content = _materials(1_000_000, '<c r="A{0}"><v>{0}</v></c>')
    with bounded(120):
        assert refused_as(content) == "procurement.bill.field_missing"


def test_more_sound_rows_than_a_bill_may_have():
    cells = "".join(
        f'<c r="{letter}{{0}}" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in (("A", "{0}"), ("B", "ordinary"), ("C", "a"), ("E", "m"))
    )
    content = _materials(MAX_ROWS + 1_000, cells)
    with bounded(200):
        assert refused_as(content) == "documents.workbook.too_many_rows"


def _sheets():
    """The parts of the tender's workbook, to be changed."""
    from zipfile import ZipFile

    with ZipFile(BytesIO(template.write(tender()))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
