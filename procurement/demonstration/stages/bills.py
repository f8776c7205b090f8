"""The bill of quantities in the play: measured, checked, stored; each bidder prices it."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from kernel.documents import scans
from kernel.errors import Refused
from procurement.cost import checking, demonstration, markup, selectors, services, template
from procurement.cost.schemas import Bill
from procurement.demonstration.play import Play
from procurement.demonstration.stages.bids import BIDDERS

ITEMS = 1_240
# What each bidder asks of the ceiling's prices.
FACTORS = ("0.935", "0.928", "0.947", "0.921", "0.941")


def play(p: Play) -> None:
    """The tender bill comes in by workbook and by XML and is the same; a spoilt one is refused.

    Leaves ``bill_sha256`` (its identity), ``ceiling_fen``, and what each bidder puts into the
    price envelope and opening sheet: ``envelopes``, ``sheets``.
    """
    p.begin("bill of quantities")
    made = demonstration.tender_bill(items=ITEMS, name="松江示范住宅小区一期工程")
    sheet, xml = template.write(made), markup.write(made)
    by_sheet, by_xml = services.read_bill(sheet), services.read_bill(xml)
    p.expect(by_sheet == by_xml, "workbook and XML do not say the same")
    rates = selectors.rates(p.now, "230102")
    outcome = selectors.check_tender(by_sheet, rates)
    p.expect(not outcome.errors, f"the tender bill is at fault: {outcome.errors[:3]}")
    try:
        services.read_bill(xml.replace(b"\n", b"\n<!DOCTYPE x>", 1))
    except Refused as refused:
        p.note("refused: a spoilt bill", codes=sorted({r.code for r in refused.refusals}))
    else:
        p.expect(False, "a spoilt bill was read")
    stored = scans.store(actor=p.actors["agency1"], content=sheet, at=p.now)
    row = services.store_bill(content=by_sheet, kind="tender", at=p.now, file_sha256=stored.sha256)
    ceiling = demonstration.ceiling_bill(made, rates)
    services.store_bill(content=ceiling, kind="ceiling", at=p.now)
    p.store["bill_sha256"], p.store["ceiling_fen"] = row.sha256, ceiling.total_fen
    p.note("bill", items=row.item_count, sha256=row.sha256, ceiling_fen=ceiling.total_fen)
    _price(p, made)


def _price(p: Play, made: Bill) -> None:
    """Every bidder's own bill, as the file that its price envelope carries."""
    rates = selectors.rates(p.now, "230102")
    envelopes, sheets = p.store.setdefault("envelopes", {}), p.store.setdefault("sheets", {})
    for who, factor in zip(BIDDERS, FACTORS, strict=True):
        priced = demonstration.priced_bill(made, rates, bidder=who, factor=Decimal(factor))
        data = markup.write(priced)
        differences = checking.differences(made, priced, rates)
        p.expect(not differences, f"{who}'s bill departs: {differences[:3]}")
        envelopes[who] = {"price": {"bill.xml": data}}
        sheets[who] = {"price_fen": priced.total_fen, "bill_sha256": _digest(data)}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
