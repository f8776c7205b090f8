"""A tender's bill as bidders price it: from the record, in both formats that are read back."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from kernel.errors import NotFound
from kernel.web.export import MEDIA_TYPE
from procurement.cost import markup, selectors, template
from procurement.cost.models import Bill as Row
from procurement.cost.schemas import Bill, Header, Material, Measure, Other, Section, UnitWorks

MEDIA = {"xlsx": MEDIA_TYPE, "xml": "application/xml"}
_WRITERS = {"xlsx": template.write, "xml": markup.write}
# What the tender fixes and no bidder prices (C10).
_FIXED_SUMS = ("provisional_sum", "specialist")
_FIXED_PRICES = ("provisional", "owner_supplied")


# A process keeps the last ones: a bill does not change, and before a deadline everybody asks.
@lru_cache(maxsize=8)
def file(sha256: str, form: str) -> bytes:
    """The unpriced bill of a stored tender bill's identity. form: a key of ``MEDIA``.

    Raises NotFound ``procurement.bill.unknown``.
    """
    if form not in MEDIA:
        raise NotFound.because("procurement.bill.unknown", sha256=sha256[:64])
    selectors.bill(sha256, Row.Kind.TENDER)
    return _WRITERS[form](unpriced(selectors.content(sha256)))


def unpriced(bill: Bill) -> Bill:
    """The bill without prices and sums, but for those that the tender fixes.

    Nor does it name the program and machine that made it: whoever prices it and hands it in would
    carry the same traces as every other bidder.
    """
    return replace(
        bill,
        header=Header(edition=bill.header.edition, format_version=bill.header.format_version),
        works=tuple(
            replace(single, total_fen=None, units=tuple(map(_unit, single.units)))
            for single in bill.works
        ),
        materials=tuple(map(_material, bill.materials)),
        total_fen=None,
        total_words="",
    )


def _unit(unit: UnitWorks) -> UnitWorks:
    return replace(
        unit,
        sections=tuple(map(_section, unit.sections)),
        measures=tuple(map(_measure, unit.measures)),
        others=tuple(map(_other, unit.others)),
        items_fen=None,
        measures_fen=None,
        others_fen=None,
        fees_fen=None,
        vat_base_fen=None,
        vat_fen=None,
        total_fen=None,
    )


def _section(section: Section) -> Section:
    items = (
        replace(item, price_fen=None, amount_fen=None, composition=None) for item in section.items
    )
    return replace(section, total_fen=None, items=tuple(items))


def _measure(measure: Measure) -> Measure:
    return replace(measure, price_fen=None, base_fen=None, amount_fen=None)


def _other(other: Other) -> Other:
    return other if other.kind in _FIXED_SUMS else replace(other, base_fen=None, amount_fen=None)


def _material(material: Material) -> Material:
    return material if material.kind in _FIXED_PRICES else replace(material, price_fen=None)
