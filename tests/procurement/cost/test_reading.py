"""A bill is the same bill in every file; what a file hides or breaks is refused with its place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from kernel.errors import Refused
from procurement.cost import canonical, fields, markup, template, values, workbooks
from procurement.cost.services import read_bill
from tests.procurement.cost.samples import bid, first_item, tender, with_item


def codes(refused):
    return {r.code.removeprefix("procurement.bill.") for r in refused.value.refusals}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(markup.SCHEMA)))


@pytest.mark.parametrize("bill", [tender, bid])
def test_workbook_xml_and_json_say_the_same(bill, schema):
    whole = bill()
    xml = markup.write(whole)
    for content in (template.write(whole), xml, b"\xef\xbb\xbf" + xml):
        assert read_bill(content) == whole
    assert canonical.decode(canonical.encode(whole)) == whole
    schema.assertValid(etree.fromstring(xml))


def test_the_same_bill_gives_the_same_bytes():
    assert markup.write(bid()) == markup.write(bid())
    assert template.write(bid()) == template.write(bid())


def test_the_identity_sees_every_change():
    seen = {
        canonical.sha256(bill)
        for bill in (
            bid(),
            tender(),
            with_item(bid(), features=first_item(bid()).features + "。"),
            with_item(bid(), quantity=first_item(bid()).quantity + Decimal("0.0001")),
            with_item(bid(), composition=None),
            replace(bid(), header=replace(bid().header, lock_serial="X")),
        )
    }
    assert len(seen) == 6


def test_the_identity_does_not_see_how_a_number_is_spelled():
    item = first_item(bid())
    spelled = item.quantity.quantize(Decimal("0.0001"))
    assert canonical.sha256(with_item(bid(), quantity=spelled)) == canonical.sha256(bid())


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40
)
lines = texts.map(lambda text: " ".join(text.split()))


@settings(max_examples=40, deadline=None)
@given(
    name=lines.filter(bool),
    features=st.lists(lines, max_size=4).map(lambda parts: "\n".join(parts).strip()),
    quantity=st.decimals(0, 10**9 - 1, places=4),
    price=st.none() | st.integers(-(10**14) + 1, 10**14 - 1),
    parts=st.none() | st.integers(0, 10**13),
)
def test_any_item_survives_every_file(name, features, quantity, price, parts):
    item = first_item(bid())
    changed = with_item(
        bid(),
        name=name,
        features=features,
        quantity=quantity,
        price_fen=price,
        composition=None if parts is None else replace(item.composition, labour_fen=parts),
    )
    identity = canonical.sha256(changed)
    for content in (template.write(changed), markup.write(changed)):
        assert canonical.sha256(read_bill(content)) == identity


@pytest.mark.parametrize(
    "name", ["甲&乙", "&#38;", "&amp;", "<a>", "\"'", "_x000D_", "=1+1", "'001"]
)
def test_marks_of_markup_survive_every_file(name):
    changed = with_item(bid(), name=name, features=f"{name}\n{name}")
    for content in (template.write(changed), markup.write(changed)):
        assert first_item(read_bill(content)) == first_item(changed)


def test_the_template_is_a_workbook_with_every_column_and_filled_notes():
    book = load_workbook(BytesIO(template.template()))
    assert book.sheetnames == [r.sheet for r in (fields.HEADER, *fields.ROWS)] + [workbooks.NOTES]
    heads = [cell.value for cell in book[fields.ITEM.sheet][1]]
    assert heads == [field.heading for field in fields.ITEM.all_fields]
    assert book[workbooks.NOTES].max_row >= 6
    with pytest.raises(Refused) as refused:
        read_bill(template.template())
    assert codes(refused) == {"field_missing"}


def edited(change) -> bytes:
    """The tender's workbook after somebody worked on it in a sheet program."""
    book = load_workbook(BytesIO(template.write(tender())))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def column(sheet, key):
    """The letterless number of a column of the items."""
    return [field.key for field in fields.ITEM.all_fields].index(key) + 1


def item_cell(book, key, row=2):
    sheet = book[fields.ITEM.sheet]
    return sheet.cell(row, column(sheet, key))


def test_columns_and_sheets_may_change_places():
    def shuffle(book):
        book.move_sheet(fields.ITEM.sheet, -3)
        sheet = book[fields.MATERIAL.sheet]
        for row in sheet.iter_rows():
            contents = [cell.value for cell in row]
            for cell, value in zip(row, reversed(contents), strict=True):
                cell.value = value

    assert read_bill(edited(shuffle)) == tender()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("quantity", "NaN", "not_a_number"),
        ("quantity", "Infinity", "not_a_number"),
        ("quantity", "1e3", "not_a_number"),
        ("quantity", "１２", "not_a_number"),
        ("quantity", -1, "negative"),
        ("quantity", 0.00001, "too_many_decimals"),
        ("quantity", 10**9, "number_too_large"),
        ("quantity", None, "field_missing"),
        ("price_fen", "1,000.00", "not_a_number"),
        ("price_fen", 1.005, "too_many_decimals"),
        ("price_fen", 10**12, "number_too_large"),
        ("price_fen", True, "not_a_number"),
        ("code", 10502001001, "code_is_number"),
        ("code", None, "field_missing"),
        ("name", "长" * 201, "text_too_long"),
        ("features", "长" * 4001, "text_too_long"),
        ("section", "9.9.9", "record_orphan"),
        ("unit", "9.9", "record_orphan"),
        ("labour_fen", 5, "composition_partial"),
    ],
)
def test_a_faulty_cell_is_refused_with_its_place(key, value, code):
    content = edited(lambda book: setattr(item_cell(book, key), "value", value))
    with pytest.raises(Refused) as refused:
        read_bill(content)
    assert codes(refused) == {code}
    assert refused.value.refusals[0].field.startswith(f"{fields.ITEM.sheet}!2.")


def test_every_fault_is_told_at_once_up_to_two_hundred():
    def spoil(book):
        for row in range(2, 42):
            item_cell(book, "quantity", row).value = "x"
            item_cell(book, "name", row).value = None

    with pytest.raises(Refused) as refused:
        read_bill(edited(spoil))
    assert len(refused.value.refusals) == 80


def test_what_a_sheet_program_added_up_counts_as_it_is_shown():
    content = edited(lambda book: setattr(item_cell(book, "price_fen"), "value", 0.1 + 0.2))
    assert first_item(read_bill(content)).price_fen == 30


def test_a_formula_is_refused_with_its_cell():
    content = edited(lambda book: setattr(item_cell(book, "quantity"), "value", "=1+1"))
    with pytest.raises(Refused) as refused:
        read_bill(content)
    assert refused.value.refusals[0].code == "documents.workbook.formula"
    assert refused.value.refusals[0].facts["cell"] == "G2"


def test_missing_strange_and_double_columns_and_sheets():
    def heads(book):
        sheet = book[fields.ITEM.sheet]
        item_cell(book, "code", 1).value = "夹带"
        item_cell(book, "features", 1).value = sheet.cell(1, 1).value

    with pytest.raises(Refused) as refused:
        read_bill(edited(heads))
    assert codes(refused) == {"columns_missing", "columns_unknown", "columns_twice"}

    def sheets(book):
        book[fields.MEASURE.sheet].title = "夹带"

    with pytest.raises(Refused) as refused:
        read_bill(edited(sheets))
    assert codes(refused) == {"sheets_missing", "sheets_unknown"}


def test_two_editions_in_one_bill_are_refused():
    def mix(book):
        keys = [field.key for field in fields.UNIT.all_fields]
        book[fields.UNIT.sheet].cell(3, keys.index("edition") + 1).value = "GB 50500-2013"

    with pytest.raises(Refused) as refused:
        read_bill(edited(mix))
    assert codes(refused) == {"edition_mixed"}
    xml = markup.write(tender()).replace(
        b'<unit number="1.1"', b'<unit edition="gb50500-2013" number="1.1"'
    )
    with pytest.raises(Refused) as refused:
        read_bill(xml)
    assert codes(refused) == {"edition_mixed"}


def test_a_number_twice_is_refused():
    xml = markup.write(tender()).replace(b'<unit number="1.2"', b'<unit number="1.1"')
    with pytest.raises(Refused) as refused:
        read_bill(xml)
    assert "record_twice" in codes(refused)


def test_a_bill_without_items_is_refused():
    with pytest.raises(Refused) as refused:
        read_bill(
            b'<bill xmlns="urn:zhuxin:bill:1" edition="gbt50500-2024" format_version="1.0"'
            b' project_name="x" taxation="general"/>'
        )
    assert codes(refused) == {"empty"}


def test_what_is_no_bill_at_all():
    for content in (b"", b"%PDF-1.7", b"{}", b"\x00\x01"):
        with pytest.raises(Refused) as refused:
            read_bill(content)
        assert codes(refused) == {"format_strange"}


@pytest.mark.parametrize("spelling", ["0", "12.5", "0.0001", "999999999.9999"])
def test_a_number_has_one_spelling(spelling):
    assert values.plain(Decimal(spelling + ("0000" if "." in spelling else ""))) == spelling


def test_a_bill_that_nobody_brought_is_not_there(db):
    from kernel.errors import NotFound
    from procurement.cost import selectors

    with pytest.raises(NotFound) as refused:
        selectors.bill("e" * 64)
    assert codes(refused) == {"unknown"}


def test_a_choice_off_the_list_and_a_control_character_are_refused():
    header = fields.HEADER.fields[0]
    with pytest.raises(Refused) as refused:
        values.read(header, "第三种")
    assert codes(refused) == {"choice_unknown"}
    with pytest.raises(Refused) as refused:
        values.read(replace(header, kind="text", choices=()), "平整\x07场地")
    assert codes(refused) == {"text_invalid"}
