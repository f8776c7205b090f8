"""A small whole bill, its priced variant, and short ways to spoil it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from kernel.clock import LEGAL_ZONE
from procurement.cost import checking, demonstration, selectors
from procurement.cost.rates import Rates
from procurement.cost.schemas import Bill, Item

AT = datetime(2026, 3, 1, 12, tzinfo=LEGAL_ZONE)


@cache
def rates() -> Rates:
    """What the rule sets say in March 2026."""
    return selectors.rates(AT, "230000")


@cache
def tender() -> Bill:
    """A tender's bill of sixty items."""
    return demonstration.tender_bill(seed=7, items=60)


@cache
def bid() -> Bill:
    """A bid's bill in which everything is right."""
    return demonstration.priced_bill(tender(), rates(), bidder="甲", factor=Decimal("0.94"))


@cache
def ceiling() -> Bill:
    """The ceiling to the tender's bill."""
    return demonstration.ceiling_bill(tender(), rates())


def first_item(bill: Bill) -> Item:
    """The item that ``with_item`` changes."""
    return bill.works[0].units[0].sections[0].items[0]


def with_unit(bill: Bill, **changes: Any) -> Bill:
    """The bill with its first unit works changed."""
    single = bill.works[0]
    unit = replace(single.units[0], **changes)
    single = replace(single, units=(unit, *single.units[1:]))
    return replace(bill, works=(single, *bill.works[1:]))


def with_items(bill: Bill, *items: Item) -> Bill:
    """The bill with the items of its first section replaced."""
    sections = bill.works[0].units[0].sections
    return with_unit(bill, sections=(replace(sections[0], items=items), *sections[1:]))


def with_item(bill: Bill, **changes: Any) -> Bill:
    """The bill with its first item changed, nothing else."""
    items = bill.works[0].units[0].sections[0].items
    return with_items(bill, replace(items[0], **changes), *items[1:])


def found(check: str, bill: Bill, **beside: Any) -> list[tuple[str, str]]:
    """(code without its package, field) of what one check finds."""
    outcome = checking.check(bill, only(check), **beside)
    return [(r.code.removeprefix("procurement.bill."), r.field) for r in outcome.errors]


def only(check: str) -> Rates:
    """Rates by which this check rejects and every other one warns."""
    plain = dict.fromkeys(rates().severities, "warning")
    return replace(rates(), severities={**plain, check: "error"})
