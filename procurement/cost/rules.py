"""The checks of one bill, C01, C02, C04-C09, C11-C14: pure, exact, vectorised.

A check yields a Refusal for each difference, with the item, the values and the place. Whether that
rejects a bid or is a warning is data: ``Rates.severities``. Comparisons of two bills: comparing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from kernel import money
from kernel.errors import Refusal, Refused
from kernel.identifiers import boq_code
from procurement.cost import frames as framing
from procurement.cost import price_rules
from procurement.cost.adjustments import percent_of
from procurement.cost.findings import (
    Check,
    Question,
    compact,
    each,
    named,
    percent,
    place_of,
    quantity,
    refusal,
    standard,
    yuan,
)
from procurement.cost.findings import at as place_in
from procurement.cost.frames import Frames
from procurement.cost.schemas import EDITIONS, FORMAT_VERSION
from procurement.cost.values import SCALE

_CODE = r"0[1-9](?:[0-9]{7}|B)(?!000)[0-9]{3}"


def format_is_known(asked: Question) -> Iterator[Refusal]:
    """C01: the version of the format is ours, the edition the one in force."""
    header, rates = asked.frames.bill.header, asked.rates
    if header.format_version != FORMAT_VERSION:
        facts: dict[str, Any] = {"version": header.format_version, "known": FORMAT_VERSION}
        yield refusal("format_unknown", rates, "C01", "bill.format_version", **facts)
    if header.edition != rates.current_edition:
        facts = {"edition": standard(header.edition), "current": standard(rates.current_edition)}
        yield refusal("edition_old", rates, "C01", "bill.edition", **facts)


def codes_are_sound(asked: Question) -> Iterator[Refusal]:
    """C02: twelve digits or a supplement code, each once in the whole bill."""
    items, article = asked.frames.items, asked.rates.articles["C02"]
    edition = EDITIONS[asked.frames.bill.header.edition]
    good = items["code"].str.fullmatch(_CODE).astype(bool)
    for row in each(items[~good]):
        try:
            boq_code.parse(row.code, edition)
        except Refused as refused:
            for reason in refused.refusals:
                yield Refusal(reason.code, reason.facts, article, place_of(row, "code"))
    counts = items.loc[good, "code"].value_counts()
    twice = counts[counts > 1].sort_index()
    units = items[items["code"].isin(twice.index)].groupby("code")["unit"].unique()
    for code, times in zip(map(str, twice.index), twice, strict=True):
        where = " / ".join(units[code])
        facts = {"item": code, "times": int(times), "units": where}
        yield refusal("code_twice", asked.rates, "C02", f"{units[code][0]}/{code}.code", **facts)


def amounts_are_products(asked: Question) -> Iterator[Refusal]:
    """C04: an amount is quantity times unit price, or rate times base, within the tolerance."""
    made = asked.frames
    for frame, name in ((made.items, "code"), (made.measures, "number")):
        yield from _products(asked, frame, name, ("quantity", "price_fen"), SCALE)
    for frame in (made.measures, made.others):
        yield from _products(asked, frame, "number", ("rate", "base_fen"), SCALE * 100)


def _products(
    asked: Question, frame: pd.DataFrame, name: str, factors: tuple[str, str], scale: int
) -> Iterator[Refusal]:
    count, price = factors
    stated = frame[frame[f"has_{count}"] & frame[f"has_{price}"] & frame["has_amount_fen"]]
    expected = framing.product_fen(stated[count], stated[price], scale)
    wrong = (stated["amount_fen"] - expected).abs() > asked.rates.tolerances_fen["C04"]
    for row, due in zip(each(stated[wrong]), expected[wrong], strict=True):
        facts = named(row, name) | {
            "quantity": quantity(getattr(row, count)) + ("%" if count == "rate" else ""),
            "price": yuan(getattr(row, price)),
            "amount": yuan(row.amount_fen),
            "expected": yuan(due),
        }
        yield refusal("amount_differs", asked.rates, "C04", place_in(row, name, "amount"), **facts)


def sums_add_up(asked: Question) -> Iterator[Refusal]:
    """C05: every stated sum is the sum of what stands below it, up to the bill's total."""
    made, tolerance = asked.frames, asked.rates.tolerances_fen["C05"]
    fees = made.units["fees_fen"]
    if made.bill.header.edition not in asked.rates.lists_fees:
        for row in each(made.units[made.units["has_fees_fen"] & (fees != 0)]):
            facts = {"unit": row.number, "stated": yuan(row.fees_fen)}
            yield refusal("fees_abolished", asked.rates, "C05", f"{row.number}.fees", **facts)
    for stated, present, computed, field in _sums(made):
        wrong = present & ((stated - computed).abs() > tolerance)
        for place, said, due in zip(
            stated.index[wrong], stated[wrong], computed[wrong], strict=True
        ):
            where = "/".join(place) if isinstance(place, tuple) else str(place)
            facts = {"place": where, "stated": yuan(said), "expected": yuan(due)}
            yield refusal(f"sum_differs.{field}", asked.rates, "C05", f"{where}.{field}", **facts)


def _sums(
    made: Frames,
) -> Iterator[tuple[pd.Series[Any], pd.Series[Any], pd.Series[Any], str]]:
    """(stated, whether stated, computed, field), each with the places as index."""
    sections = made.sections.set_index(["unit", "number"])
    units = made.units.set_index("number")
    singles = made.singles.set_index("number")
    below = made.items.groupby(["unit", "section"])["amount_fen"].sum()
    yield _against(sections, "total_fen", below, "total")
    for field, frame in (
        ("items", made.items),
        ("measures", made.measures),
        ("others", made.others),
    ):
        below = frame.groupby("unit")["amount_fen"].sum()
        yield _against(units, f"{field}_fen", below, field)
    parts = units["items_fen"] + units["measures_fen"] + units["others_fen"]
    yield _against(units, "total_fen", parts + units["fees_fen"] + units["vat_fen"], "total")
    yield _against(singles, "total_fen", made.units.groupby("single")["total_fen"].sum(), "total")
    bill = made.bill
    whole = pd.DataFrame(
        {"total_fen": [bill.total_fen or 0], "has_total_fen": [bill.total_fen is not None]},
        index=["bill"],
    )
    computed = pd.Series([int(made.singles["total_fen"].sum())], index=["bill"])
    yield _against(whole, "total_fen", computed, "total")


def _against(
    frame: pd.DataFrame, column: str, computed: pd.Series[Any], field: str
) -> tuple[pd.Series[Any], pd.Series[Any], pd.Series[Any], str]:
    due = computed.reindex(frame.index, fill_value=0)
    return frame[column], frame[f"has_{column}"], due, field


def total_is_told_thrice_alike(asked: Question) -> Iterator[Refusal]:
    """C06: the total in words, in digits and as the opening read it out are one."""
    bill, rates = asked.frames.bill, asked.rates
    if bill.total_fen is None:
        yield refusal("total_missing", rates, "C06", "bill.total_fen")
        return
    words = money.capitals(bill.total_fen)
    if compact(bill.total_words) not in (words, words.replace("元", "圆")):
        facts = {"words": bill.total_words, "digits": yuan(bill.total_fen), "expected": words}
        yield refusal("words_differ", rates, "C06", "bill.total_words", **facts)
    opening = asked.opening_total_fen
    if opening is not None and opening != bill.total_fen:
        facts = {"digits": yuan(bill.total_fen), "opening": yuan(opening)}
        yield refusal("opening_differs", rates, "C06", "bill.total_fen", **facts)


def safety_fee_is_as_prescribed(asked: Question) -> Iterator[Refusal]:
    """C09: each unit works has its safety fee: the prescribed rate of its items' sum."""
    made, rates = asked.frames, asked.rates
    safety = made.measures[made.measures["category"] == "safety"]
    base = made.items.groupby("unit")["amount_fen"].sum()
    for unit in each(made.units):
        rows = safety[safety["unit"] == unit.number]
        rate = rates.safety[unit.trade]
        if rows.empty:
            facts: dict[str, Any] = {"unit": unit.number, "rate": percent(rate)}
            yield refusal("safety_missing", rates, "C09", f"{unit.number}.measures", **facts)
            continue
        if any(rows["has_rate"] & (rows["rate"] != int(rate * SCALE))):
            stated = percent(Decimal(int(rows["rate"].iloc[0])) / SCALE)
            facts = {"unit": unit.number, "stated": stated, "rate": percent(rate)}
            yield refusal("safety_rate_differs", rates, "C09", f"{unit.number}.measures", **facts)
        due = percent_of(int(base.get(unit.number, 0)), rate)
        if abs(int(rows["amount_fen"].sum()) - due) > rates.tolerances_fen["C09"]:
            stated = yuan(rows["amount_fen"].sum())
            facts = {"unit": unit.number, "stated": stated, "expected": yuan(due)}
            yield refusal("safety_differs", rates, "C09", f"{unit.number}.measures", **facts)


def vat_is_right(asked: Question) -> Iterator[Refusal]:
    """C11: the rate of the bill's taxation, on the base of its edition, rounded to the fen."""
    made, rates = asked.frames, asked.rates
    bill = made.bill
    rate = rates.vat[bill.taxation]
    specialist = made.others[made.others["kind"] == "specialist"]
    left_out = specialist.groupby("unit")["amount_fen"].sum()
    excludes = bill.header.edition in rates.excludes_specialist
    for unit in each(made.units):
        place, name = f"{unit.number}.vat", {"unit": unit.number}
        if unit.vat_rate != int(rate * SCALE) or not unit.has_vat_rate:
            facts = name | {
                "stated": percent(Decimal(unit.vat_rate) / SCALE), "rate": percent(rate)
            }  # fmt: skip
            yield refusal("vat_rate_differs", rates, "C11", f"{place}_rate", **facts)
        base = unit.items_fen + unit.measures_fen + unit.others_fen + unit.fees_fen
        base -= int(left_out.get(unit.number, 0)) if excludes else 0
        if abs(unit.vat_base_fen - base) > rates.tolerances_fen["C11"]:
            facts = name | {"stated": yuan(unit.vat_base_fen), "expected": yuan(base)}
            yield refusal("vat_base_differs", rates, "C11", f"{place}_base", **facts)
        due = percent_of(unit.vat_base_fen, rate)
        if abs(unit.vat_fen - due) > rates.tolerances_fen["C11"]:
            facts = name | {"stated": yuan(unit.vat_fen), "expected": yuan(due)}
            yield refusal("vat_differs", rates, "C11", place, **facts)


OF_ONE: Mapping[str, Check] = {
    "C01": format_is_known,
    "C02": codes_are_sound,
    "C04": amounts_are_products,
    "C05": sums_add_up,
    "C06": total_is_told_thrice_alike,
    "C07": price_rules.prices_are_positive,
    "C08": price_rules.ceilings_are_kept,
    "C09": safety_fee_is_as_prescribed,
    "C11": vat_is_right,
    "C12": price_rules.prices_are_the_sum_of_their_parts,
    "C13": price_rules.materials_have_one_price,
    "C14": price_rules.items_have_one_price,
}
UNPRICED = ("C01", "C02")
"""What a tender's bill, which has no prices, is held against."""
