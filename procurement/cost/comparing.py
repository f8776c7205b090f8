"""A bidder's bill held against the tender's: C03 and C10. Pure, exact, vectorised.

An item is known by its unit works and its code. What the tender has and the bid has not, or the
other way round, is looked for once more by everything but the code, so that a changed code is told
as such.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Iterator
from typing import Any

import pandas as pd

from kernel.errors import Refusal
from procurement.cost.findings import Question, each, quantity, refusal, yuan
from procurement.cost.frames import Frames
from procurement.cost.rates import Rates

_KEY = ["unit", "code", "turn"]
_WITHOUT_CODE = ["unit", "name", "features", "measure_unit", "quantity"]
_TEXTS = ("name", "features", "measure_unit")


def items_are_the_tenders(asked: Question) -> Iterator[Refusal]:
    """C03: code, name, features, unit and quantity of every item are the tender's."""
    if asked.tender is None:
        return
    ours, theirs = asked.tender.bill.header.edition, asked.frames.bill.header.edition
    if ours != theirs:
        facts: dict[str, Any] = {"tender": ours, "bid": theirs}
        yield refusal("edition_differs", asked.rates, "C03", "bill.edition", **facts)
    both = _merged(_items(asked.tender), _items(asked.frames))
    yield from _absent(both, asked.rates)
    yield from _changed(both[both["side"] == "both"], asked.rates)


def _items(made: Frames) -> pd.DataFrame:
    """Items with a turn, so that a code that stands twice is compared in order."""
    items = made.items[["unit", "code", "name", "features", "measure_unit", "quantity"]]
    return items.assign(turn=items.groupby(["unit", "code"]).cumcount())


def _merged(tender: pd.DataFrame, bid: pd.DataFrame) -> pd.DataFrame:
    # Whole numbers must not become floats where a side is missing.
    return tender.astype(object).merge(
        bid.astype(object), on=_KEY, how="outer", suffixes=("", "_bid"), indicator="side"
    )


def _absent(both: pd.DataFrame, rates: Rates) -> Iterator[Refusal]:
    missing, added = both[both["side"] == "left_only"], both[both["side"] == "right_only"]
    others: dict[tuple[Any, ...], deque[str]] = {}
    for row in each(added):
        key = (row.unit, row.name_bid, row.features_bid, row.measure_unit_bid, row.quantity_bid)
        others.setdefault(key, deque()).append(row.code)
    renamed = set()
    for row in each(missing):
        facts = {"unit": row.unit, "item": row.code, "name": row.name}
        twins = others.get(tuple(getattr(row, name) for name in _WITHOUT_CODE))
        if twins:
            renamed.add((row.unit, twins[0]))
            facts["bid"] = twins.popleft()
            yield refusal("code_differs", rates, "C03", f"{row.unit}/{row.code}.code", **facts)
        else:
            yield refusal("item_missing", rates, "C03", f"{row.unit}/{row.code}", **facts)
    for row in each(added):
        if (row.unit, row.code) not in renamed:
            facts = {"unit": row.unit, "item": row.code, "name": row.name_bid}
            yield refusal("item_added", rates, "C03", f"{row.unit}/{row.code}", **facts)


def _changed(both: pd.DataFrame, rates: Rates) -> Iterator[Refusal]:
    for name in _TEXTS:
        suspects = both[both[name] != both[f"{name}_bid"]]
        for row in each(suspects):
            tender, bid = getattr(row, name), getattr(row, f"{name}_bid")
            if _folded(tender) != _folded(bid):
                yield _told(row, name, tender, bid, rates)
    for row in each(both[both["quantity"] != both["quantity_bid"]]):
        yield _told(row, "quantity", quantity(row.quantity), quantity(row.quantity_bid), rates)


def _told(row: Any, name: str, tender: str, bid: str, rates: Rates) -> Refusal:
    facts = {"unit": row.unit, "item": row.code, "name": row.name, "tender": tender, "bid": bid}
    return refusal(f"{name}_differs", rates, "C03", f"{row.unit}/{row.code}.{name}", **facts)


def _folded(text: str) -> str:
    """What the eye reads: full and half width are one, and so is a break of a line."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def fixed_prices_are_the_tenders(asked: Question) -> Iterator[Refusal]:
    """C10: provisional sums and the prices of provisional and owner-supplied materials stand."""
    if asked.tender is None:
        return
    kinds = ("provisional_sum", "specialist")
    yield from _fixed(
        asked,
        [made.others[made.others["kind"].isin(kinds)] for made in (asked.tender, asked.frames)],
        ["unit", "kind", "name"],
        "amount_fen",
    )
    kinds = ("provisional", "owner_supplied")
    yield from _fixed(
        asked,
        [
            made.materials[made.materials["kind"].isin(kinds)]
            for made in (asked.tender, asked.frames)
        ],
        ["kind", "name", "spec", "measure_unit"],
        "price_fen",
    )


def _fixed(
    asked: Question, sides: list[pd.DataFrame], key: list[str], column: str
) -> Iterator[Refusal]:
    tender, bid = (
        side.assign(turn=side.groupby(key).cumcount())[[*key, "turn", column]].astype(object)
        for side in sides
    )
    both = tender.merge(
        bid, on=[*key, "turn"], how="outer", suffixes=("", "_bid"), indicator="side"
    )
    place = "others" if column == "amount_fen" else "materials"
    for row in each(both[(both["side"] != "both") | (both[column] != both[f"{column}_bid"])]):
        facts = {
            "name": row.name,
            "tender": yuan(getattr(row, column)) if row.side != "right_only" else "–",
            "bid": yuan(getattr(row, f"{column}_bid")) if row.side != "left_only" else "–",
        }
        yield refusal("fixed_price_differs", asked.rates, "C10", f"{place}/{row.name}", **facts)
