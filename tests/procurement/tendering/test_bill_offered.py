"""A bidder prices the tender's own bill: what is downloaded, filled in, is read back as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from lxml import etree

from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.money import to_yuan
from kernel.parties.models import User
from procurement.cost import offering, records, selectors
from procurement.cost.fields import BY_KIND, HEADER, ROWS
from procurement.cost.services import read_bill, store_bill
from procurement.cost.values import plain
from procurement.evaluation import connections, inputs
from procurement.tendering.models import Lot
from tests.procurement.cost import samples as bills
from tests.procurement.evaluation.test_connections import bid as opened_bid
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def lot(market: dict[str, Actor]) -> Lot:
    """A lot that takes bids over a stored bill."""
    row = store_bill(content=bills.tender(), kind="tender", at=bills.AT)
    project = samples.project(market)
    ceiling = {"ceiling_price_fen": 60_000_000_00, "estimate_fen": 60_000_000_00}
    return samples.published(market, project, bill_sha256=row.sha256, **ceiling)


def fetched(lot: Lot, form: str) -> bytes:
    answer = Client().get(f"/notices/{lot.number}/bill.{form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == offering.MEDIA[form]
    return answer.content


def rows_of(kind: str) -> list[dict[str, Any]]:
    """What a bidder who does it right writes into the records of a kind."""
    return [fields for each, fields in records.flatten(bills.bid()) if each == kind]


def written(kind: str, key: str, value: Any) -> Any:
    """A value as somebody types it into a cell."""
    field = next(one for one in BY_KIND[kind].all_fields if one.key == key)
    if field.kind == "money":
        return to_yuan(value)
    return dict(field.choices).get(value, value)


def priced_workbook(content: bytes) -> bytes:
    """Prices and sums are typed into the empty cells; what stands there is left alone."""
    book = openpyxl.load_workbook(BytesIO(content))
    (cover,) = rows_of("bill")
    for line, field in enumerate(HEADER.fields, start=1):
        cell = book[HEADER.sheet].cell(line, 2)
        if cell.value is None and cover[field.key]:
            cell.value = written("bill", field.key, cover[field.key])
    for record in ROWS:
        sheet = book[record.sheet]
        filled = rows_of(record.kind)
        # Measures are the bidder's own to list; all else the tender listed.
        assert sheet.max_row == (1 if record.kind == "measure" else len(filled) + 1)
        for line, fields in enumerate(filled, start=2):
            for place, field in enumerate(record.all_fields, start=1):
                cell = sheet.cell(line, place)
                if cell.value is None and fields[field.key] not in (None, ""):
                    cell.value = written(record.kind, field.key, fields[field.key])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def measure_of(unit: Any) -> Any:
    """One more measure of a unit works, where the schema has it: before what is other."""
    made = etree.Element(etree.QName(unit).text.replace("}unit", "}measure"))
    others = [one for one in unit if etree.QName(one).localname == "other"]
    if others:
        others[0].addprevious(made)
    else:
        unit.append(made)
    return made


def priced_xml(content: bytes) -> bytes:
    """The same with attributes."""
    root = etree.fromstring(content)
    listed = [one for one in root.iter() if etree.QName(one).localname in BY_KIND]
    there = iter(listed)
    unit: Any = None
    for kind, fields in records.flatten(bills.bid()):
        element = measure_of(unit) if kind == "measure" else next(there)
        unit = element if kind == "unit" else unit
        assert etree.QName(element).localname == kind
        for field in BY_KIND[kind].fields:
            name, value = field.key.removesuffix("_fen"), fields[field.key]
            if field.kind == "text" or value in (None, "") or name in element.attrib:
                continue
            told = to_yuan(value) if field.kind == "money" else value
            element.set(name, plain(told) if isinstance(told, Decimal) else str(told))
    return bytes(etree.tostring(root))


PRICED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("xlsx", priced_workbook), ("xml", priced_xml),
]  # fmt: skip


@pytest.mark.parametrize(("form", "price"), PRICED)
def test_what_a_bidder_downloads_and_prices_answers_the_tenders_bill(
    lot: Lot, form: str, price: Callable[[bytes], bytes]
) -> None:
    content = price(fetched(lot, form))
    made = read_bill(content)
    assert made.total_fen == bills.bid().total_fen
    tender = selectors.content(lot.bill_sha256)
    outcome = selectors.check(
        made, bills.rates(), tender=tender, opening_total_fen=made.total_fen,
        ceiling_fen=lot.ceiling_price_fen,
    )  # fmt: skip
    assert outcome.errors == ()
    assert {"C03", "C10"} <= set(outcome.ran)
    stored = storage.put(content, media_type=offering.MEDIA[form])
    terms = inputs.lot_terms(lot.number)
    assert terms is not None
    given = opened_bid(bill_sha256=stored.sha256, price_fen=made.total_fen)
    found = inputs.bill_findings(terms, connections._bid(given), bills.AT)
    assert found == outcome.warnings


@pytest.mark.parametrize("form", ["xlsx", "xml"])
def test_a_changed_quantity_is_found_against_the_tenders_bill(lot: Lot, form: str) -> None:
    made = read_bill(dict(PRICED)[form](fetched(lot, form)))
    item = bills.first_item(made)
    changed = bills.with_items(made, replace(item, quantity=item.quantity + 1))
    outcome = selectors.check(changed, bills.rates(), tender=selectors.content(lot.bill_sha256))
    assert any(one.code == "procurement.bill.quantity_differs" for one in outcome.errors)


def test_the_bill_comes_without_prices_but_those_that_the_tender_fixes_and_without_traces() -> None:
    found = offering.unpriced(bills.bid())
    said = list(_sums(found))
    fixed = [one for unit in bills.tender().units for one in unit.others if one.amount_fen]
    assert fixed and len(said) == len(fixed)
    assert found.header == replace(
        bills.bid().header, tool_name="", lock_serial="", machine_ids=(), made_at="", file_uid=""
    )
    priced = {one.kind for one in found.materials if one.price_fen is not None}
    assert priced <= {"provisional", "owner_supplied"}


def _sums(bill: Any) -> Iterator[int]:
    for kind, fields in records.flatten(bill):
        if kind != "material":
            yield from (v for k, v in fields.items() if k.endswith("_fen") and v is not None)


def test_the_api_gives_the_same_file_to_everybody(lot: Lot) -> None:
    for form in ("xlsx", "xml"):
        answer = Client().get(f"/api/v1/lots/{lot.number}/bill.{form}")
        assert answer.status_code == 200
        assert answer.content == fetched(lot, form)
    assert Client().get(f"/api/v1/lots/{lot.number}/bill.pdf").status_code == 422


def test_notice_and_the_bidders_page_lead_to_it(lot: Lot) -> None:
    wanted = [f'href="/notices/{lot.number}/bill.{form}"' for form in ("xlsx", "xml")]
    notice = Client().get(f"/notices/{lot.number}/").content.decode()
    assert all(one in notice for one in wanted)
    browser = Client()
    browser.force_login(User.objects.get(username="bidder"), BACKEND)
    own = browser.get(f"/bids/mine/{lot.number}/").content.decode()
    assert all(one in own for one in wanted)


def test_before_the_notice_there_is_none_nor_in_another_format(
    market: dict[str, Actor],
) -> None:
    row = store_bill(content=bills.tender(), kind="tender", at=bills.AT)
    draft = samples.opened(market, bill_sha256=row.sha256)
    assert Client().get(f"/notices/{draft.number}/bill.xlsx").status_code == 404
    assert Client().get(f"/api/v1/lots/{draft.number}/bill.xml").status_code == 404
    samples.act(draft, "approve", market["owner"])
    samples.act(draft, "publish", market["owner"])
    assert Client().get(f"/notices/{draft.number}/bill.pdf").status_code == 404
