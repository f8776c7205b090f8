"""The checks of one bill's prices, C07, C08, C12-C14: pure, exact, vectorised (see rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kernel.errors import Refusal
from procurement.cost.findings import (
    Question,
    each,
    named,
    place_of,
    refusal,
    yuan,
)
from procurement.cost.findings import at as place_in


def prices_are_positive(asked: Question) -> Iterator[Refusal]:
    """C07: every item has a unit price above zero and its amount; nothing has one below zero."""
    items = asked.frames.items
    for row in each(items[~items["has_price_fen"] | ~items["has_amount_fen"]]):
        yield refusal(
            "price_missing", asked.rates, "C07", place_of(row, "price"), **named(row, "code")
        )
    for row in each(items[items["has_price_fen"] & (items["price_fen"] <= 0)]):
        facts = named(row, "code") | {"price": yuan(row.price_fen)}
        yield refusal("price_not_positive", asked.rates, "C07", place_of(row, "price"), **facts)
    # A measure below zero would lower a price that nobody can see.
    for frame in (asked.frames.measures, asked.frames.others):
        for row in each(frame[frame["amount_fen"] < 0]):
            facts = named(row, "number") | {"amount": yuan(row.amount_fen)}
            place = place_in(row, "number", "amount")
            yield refusal("amount_negative", asked.rates, "C07", place, **facts)


def ceilings_are_kept(asked: Question) -> Iterator[Refusal]:
    """C08: the total, and each unit price where documents say so, is not above the ceiling's."""
    limit, total = asked.limit_fen, asked.frames.bill.total_fen
    if limit is not None and total is not None and total > limit:
        facts: dict[str, Any] = {"total": yuan(total), "ceiling": yuan(limit)}
        yield refusal("total_above_ceiling", asked.rates, "C08", "bill.total_fen", **facts)
    if asked.ceiling is None or not asked.unit_ceilings:
        return
    columns = ["unit", "code", "price_fen", "has_price_fen"]
    # A code twice in the ceiling would multiply the rows of a bid that has it often.
    limits = asked.ceiling.items[columns].drop_duplicates(["unit", "code"])
    both = asked.frames.items.merge(limits, on=["unit", "code"], suffixes=("", "_limit"))
    above = both["has_price_fen"] & both["has_price_fen_limit"]
    for row in each(both[above & (both["price_fen"] > both["price_fen_limit"])]):
        facts = named(row, "code") | {
            "price": yuan(row.price_fen), "ceiling": yuan(row.price_fen_limit)
        }  # fmt: skip
        yield refusal("price_above_ceiling", asked.rates, "C08", place_of(row, "price"), **facts)


def prices_are_the_sum_of_their_parts(asked: Question) -> Iterator[Refusal]:
    """C12: labour, material, machine, overhead, profit and risk make the unit price."""
    items = asked.frames.items
    given = items[items["has_parts"] & items["has_price_fen"]]
    wrong = (given["parts_fen"] - given["price_fen"]).abs() > asked.rates.tolerances_fen["C12"]
    for row in each(given[wrong]):
        facts = named(row, "code") | {
            "price": yuan(row.price_fen), "parts": yuan(row.parts_fen)
        }  # fmt: skip
        yield refusal("parts_differ", asked.rates, "C12", place_of(row, "price"), **facts)


def materials_have_one_price(asked: Question) -> Iterator[Refusal]:
    """C13: the same material has one price."""
    frame = asked.frames.materials[asked.frames.materials["has_price_fen"]]
    for key, prices in _several(frame, ["name", "spec", "measure_unit"]):
        facts = {"name": f"{key[0]} {key[1]}".strip(), "prices": prices}
        yield refusal("material_prices", asked.rates, "C13", "materials", **facts)


def items_have_one_price(asked: Question) -> Iterator[Refusal]:
    """C14: the same work (nine digits, name, features, unit) has one unit price."""
    items = asked.frames.items[asked.frames.items["has_price_fen"]]
    frame = items.assign(base=items["code"].str[:9])
    for key, prices in _several(frame, ["base", "name", "features", "measure_unit"]):
        facts = {"item": key[0], "name": key[1], "prices": prices}
        yield refusal("item_prices", asked.rates, "C14", f"{key[0]}.price", **facts)


def _several(frame: pd.DataFrame, keys: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Groups with more than one price, and the prices."""
    distinct = frame[[*keys, "price_fen"]].drop_duplicates()
    again = distinct[distinct.duplicated(keys, keep=False)]
    for key, group in again.groupby(keys, sort=True):
        yield tuple(str(part) for part in key), " / ".join(map(yuan, sorted(group["price_fen"])))
