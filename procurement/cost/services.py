"""Writes of bills: read a file from outside, and store what it says, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from io import BytesIO

from django.db import transaction

from kernel import bulk
from kernel.documents import storage
from kernel.errors import Refused
from procurement.cost import canonical, markup, workbooks
from procurement.cost.models import Bill, BillItem
from procurement.cost.schemas import Bill as Content
from procurement.cost.schemas import UnitWorks
from procurement.cost.values import QUANTITY_DECIMALS

MEDIA_TYPE = "application/json"
_COLUMNS = (
    "bill_id", "place", "unit_number", "unit_name", "trade", "section_number", "code", "name",
    "features", "measure_unit", "quantity_e4", "price_fen", "amount_fen",
)  # fmt: skip


def read_bill(file: bytes) -> Content:
    """The bill of an XLSX or XML file, known by its first bytes.

    Raises Refused with every fault: ``documents.workbook.*``, ``procurement.bill.*``.
    """
    if file[:4] == b"PK\x03\x04" or file[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return workbooks.read(BytesIO(file))
    if file.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return markup.read(file)
    raise Refused.because("procurement.bill.format_strange")


def store_bill(*, content: Content, kind: str, at: datetime, file_sha256: str = "") -> Bill:
    """Store a bill with its items and its canonical JSON; the same bill of a kind is stored once.

    kind: a ``Bill.Kind``. file_sha256: the stored file that it was read from. at: legal moment.
    Returns the row, also when it was there. Checks nothing: that is ``selectors.check``.
    """
    encoded = canonical.encode(content)
    sha256 = canonical.identity(encoded)
    storage.put(encoded, media_type=MEDIA_TYPE)
    with transaction.atomic():
        row, new = Bill.objects.get_or_create(
            sha256=sha256,
            kind=Bill.Kind(kind).value,
            defaults={
                "standard": content.header.edition,
                "file_sha256": file_sha256,
                "project_name": content.project_name,
                "taxation": content.taxation,
                "header": {**asdict(content.header), "machine_ids": [*content.header.machine_ids]},
                "item_count": content.item_count,
                "items_fen": _sum(content, lambda unit: unit.items_fen),
                "measures_fen": _sum(content, lambda unit: unit.measures_fen),
                "others_fen": _sum(content, lambda unit: unit.others_fen),
                "vat_fen": _sum(content, lambda unit: unit.vat_fen),
                "total_fen": content.total_fen,
                "created_at": at,
            },
        )
        if new:
            bulk.insert(BillItem, _COLUMNS, _items(row.pk, content))
    return row


def _sum(content: Content, of: Callable[[UnitWorks], int | None]) -> int | None:
    """The stated sums of all unit works together, None where none states it."""
    stated = [value for unit in content.units if (value := of(unit)) is not None]
    return sum(stated) if stated else None


def _items(bill_id: int, content: Content) -> Iterator[tuple[int | str | None, ...]]:
    """The items' rows, as ``_COLUMNS`` has their values."""
    place = 0
    for unit in content.units:
        for section in unit.sections:
            above = (unit.number, unit.name, unit.trade, section.number)
            for item in section.items:
                place += 1
                yield (
                    bill_id, place, *above, item.code, item.name, item.features,
                    item.measure_unit, int(item.quantity.scaleb(QUANTITY_DECIMALS)),
                    item.price_fen, item.amount_fen,
                )  # fmt: skip
