"""A stored bill is there once, whole, and can be read, counted and compared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kernel.errors import NotFound
from procurement.cost import canonical, selectors
from procurement.cost.models import Bill, BillItem
from procurement.cost.services import store_bill
from tests.procurement.cost.samples import AT, bid, first_item, rates, tender, with_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        }
    }


def test_a_bill_is_stored_with_its_totals_and_items():
    row = store_bill(content=bid(), kind="bid", at=AT, file_sha256="f" * 64)
    assert row.sha256 == canonical.sha256(bid())
    assert row.total_fen == bid().total_fen
    assert row.items_fen + row.measures_fen + row.others_fen + row.vat_fen == row.total_fen
    assert row.header["machine_ids"] == list(bid().header.machine_ids)
    items = list(selectors.items(row.sha256))
    assert len(items) == row.item_count == bid().item_count
    first, stated = items[0], first_item(bid())
    assert (first.code, first.unit_number, first.price_fen) == (
        stated.code,
        "1.1",
        stated.price_fen,
    )
    assert first.quantity_e4 == int(stated.quantity * 10_000)
    assert sum(item.amount_fen for item in items) == row.items_fen


def test_every_item_is_stored_as_it_is_stated():
    for content in (tender(), bid()):
        row = store_bill(content=content, kind="bid", at=AT)
        stated = [
            (
                unit.number, unit.name, unit.trade, section.number, item.code, item.name,
                item.features, item.measure_unit, item.quantity, item.price_fen, item.amount_fen,
            )
            for unit in content.units
            for section in unit.sections
            for item in section.items
        ]  # fmt: skip
        stored = [
            (
                item.unit_number, item.unit_name, item.trade, item.section_number, item.code,
                item.name, item.features, item.measure_unit, Decimal(item.quantity_e4) / 10_000,
                item.price_fen, item.amount_fen,
            )
            for item in selectors.items(row.sha256)
        ]  # fmt: skip
        assert stored == stated
        assert [item.place for item in row.items.all()] == list(range(1, len(stated) + 1))


def test_an_item_below_nothing_stores_no_bill():
    with pytest.raises(IntegrityError):
        store_bill(content=with_item(bid(), quantity=Decimal(-1)), kind="bid", at=AT)
    assert not Bill.objects.exists() and not BillItem.objects.exists()


def test_the_same_bill_is_stored_once_and_once_more_as_the_contracts():
    first = store_bill(content=bid(), kind="bid", at=AT)
    assert store_bill(content=bid(), kind="bid", at=AT).pk == first.pk
    other = store_bill(content=bid(), kind="contract", at=AT)
    assert other.pk != first.pk and other.sha256 == first.sha256
    assert Bill.objects.count() == 2
    assert selectors.bill(first.sha256).pk == first.pk
    assert selectors.bill(first.sha256, "contract").pk == other.pk


def test_a_stored_bill_comes_back_whole():
    row = store_bill(content=tender(), kind="tender", at=AT)
    assert selectors.content(row.sha256) == tender()
    assert row.total_fen is None


def test_differences_of_stored_bills():
    wrong = with_item(bid(), measure_unit="樘")
    stored = [
        store_bill(content=content, kind=kind, at=AT)
        for content, kind in ((tender(), "tender"), (bid(), "bid"), (wrong, "bid"))
    ]
    assert selectors.differences(stored[0].sha256, stored[1].sha256, AT) == ()
    [refusal] = selectors.differences(stored[0].sha256, stored[2].sha256, AT)
    assert refusal.code == "procurement.bill.measure_unit_differs"


def test_selectors_check_as_the_rules_do():
    assert selectors.check(bid(), rates(), tender=tender()).errors == ()
    assert selectors.check_tender(tender(), rates()).errors == ()
    assert selectors.check(replace(bid(), total_words="x"), rates()).errors


def test_an_unknown_bill_is_not_found():
    for ask in (selectors.bill, selectors.items, selectors.content):
        with pytest.raises(NotFound):
            ask("0" * 64)


def test_a_strange_kind_is_no_kind():
    with pytest.raises(ValueError, match="strange"):
        store_bill(content=tender(), kind="strange", at=AT)


def test_the_database_keeps_a_bill_once_and_no_negative_quantity():
    row = store_bill(content=tender(), kind="tender", at=AT)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        BillItem.objects.update(quantity_e4=-1)
