"""The bill of quantities in the play: measured, checked, stored; each bidder prices it."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from kernel.documents import scans
from kernel.errors import Refused
from procurement.cost import checking, demonstration, markup, selectors, services, template
from procurement.cost.models import Bill as Row
from procurement.cost.schemas import Bill
from procurement.demonstration.play import Play
from procurement.demonstration.stages.envelopes import BIDDERS

MACHINE = "procurement.tender_bill"
ITEMS = 1_240
# Lot 2 and the second project have bills of their own, and small ones.
FEW_ITEMS = 60
# What each bidder asks of the ceiling's prices.
FACTORS = ("0.935", "0.928", "0.947", "0.921", "0.941")


def play(p: Play) -> None:
    """The tender bill comes in by workbook and by XML and is the same; a spoilt one is refused.

    Leaves ``bill_sha256`` (its identity) and ``ceiling_fen``, of lot 2 ``bill2_sha256`` and
    ``ceiling2_fen``, and in ``priced`` what each bidder puts into price envelope and opening sheet.
    """
    p.begin("bill of quantities")
    made = demonstration.tender_bill(items=ITEMS, name="松江示范住宅小区一期工程")
    sheet, xml = template.write(made), markup.write(made)
    by_sheet, by_xml = services.read_bill(sheet), services.read_bill(xml)
    p.expect(by_sheet == by_xml, "workbook and XML do not say the same")
    try:
        services.read_bill(xml.replace(b"\n", b"\n<!DOCTYPE x>", 1))
    except Refused as refused:
        p.note("refused: a spoilt bill", codes=sorted({r.code for r in refused.refusals}))
    else:
        p.expect(False, "a spoilt bill was read")
    p.store["bill_sha256"], p.store["ceiling_fen"] = _stored(p, by_sheet, sheet)
    second = small(2, "松江示范住宅小区一期室外工程")
    p.store["bill2_sha256"], p.store["ceiling2_fen"] = _stored(p, second, template.write(second))
    p.store["priced"] = {"lot": _priced(p, made), "lot2": _priced(p, second)}
    bid_for(p, "lot")


def small(seed: int, name: str) -> Bill:
    """A small bill of its own."""
    return demonstration.tender_bill(seed=seed, items=FEW_ITEMS, name=name)


def alone(p: Play, seed: int, name: str) -> None:
    """A small bill for a lot of another project, in the places of lot 1's; priced by everybody."""
    p.begin("bill of quantities")
    made = small(seed, name)
    p.store["bill_sha256"], p.store["ceiling_fen"] = _stored(p, made, template.write(made))
    p.store["priced"]["other"] = _priced(p, made)
    bid_for(p, "other")


def bid_for(p: Play, key: str) -> None:
    """From now on bidders price this lot's bill: their ``envelopes`` and ``sheets``."""
    p.store["envelopes"], p.store["sheets"] = p.store["priced"][key]


def _stored(p: Play, made: Bill, sheet: bytes) -> tuple[str, int]:
    """The owner brings the tender bill, its ceiling is stored: identity, and the ceiling in fen."""
    rates = selectors.rates(p.now, "230102")
    stored = scans.store(actor=p.actors["owner1"], content=sheet, at=p.now)
    brought = {"project_number": p.store["project_number"], "file_sha256": stored.sha256}
    p.open(MACHINE, "owner1", brought)
    row = Row.objects.get(kind=Row.Kind.TENDER, file_sha256=stored.sha256)
    ceiling = demonstration.ceiling_bill(made, rates)
    services.store_bill(content=ceiling, kind="ceiling", at=p.now)
    p.note("bill", items=row.item_count, sha256=row.sha256, ceiling_fen=ceiling.total_fen)
    return row.sha256, int(ceiling.total_fen or 0)


Priced = tuple[dict[str, dict[str, dict[str, bytes]]], dict[str, dict[str, object]]]
"""By bidder: the files of its envelopes, and what its opening sheet says."""


def _priced(p: Play, made: Bill) -> Priced:
    """Every bidder's own bill, as the file that its price envelope carries."""
    rates = selectors.rates(p.now, "230102")
    envelopes: dict[str, dict[str, dict[str, bytes]]] = {}
    sheets: dict[str, dict[str, object]] = {}
    for who, factor in zip(BIDDERS, FACTORS, strict=True):
        priced = demonstration.priced_bill(made, rates, bidder=who, factor=Decimal(factor))
        data = markup.write(priced)
        differences = checking.differences(made, priced, rates)
        p.expect(not differences, f"{who}'s bill departs: {differences[:3]}")
        envelopes[who] = {"price": {"bill.xml": data}}
        sheets[who] = {"price_fen": priced.total_fen, "bill_sha256": _digest(data)}
    return envelopes, sheets


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
