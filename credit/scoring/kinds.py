"""The shape of a scheme's rows: base, bounds, caps, bands and items, as dated law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from credit.scoring import neutral, rules
from credit.scoring.formulas import FORMULAS
from kernel.regulation.rows import Fault
from kernel.regulation.schemas import Field, Schema, one_of, register_kind, text, words

DECAYS = ("step", "linear", "half_life")
SEVERITIES = ("minor", "ordinary", "serious")


def _integer(value: object) -> str:
    return "" if type(value) is int else Fault("a whole number is needed", "whole")


FIELDS = {
    # Points in hundredths; good above nought, bad below.
    "points": Field(_integer, required=False, default=0),
    "category": Field(text, required=False, default=""),
    "decay": Field(one_of(*DECAYS), required=False, default="step"),
    "days": Field(_integer, required=False, default=0),
    "half_life_days": Field(_integer, required=False, default=0),
    "severity": Field(one_of(*SEVERITIES), required=False, default=""),
    # A veto holds the score at or below ``veto.cap`` while it lasts.
    "veto": Field(one_of("yes", "no"), required=False, default="no"),
    # The deciding document states points and term; ``points`` says only which way they go.
    "stated": Field(one_of("yes", "no"), required=False, default="no"),
    "label": Field(words, required=False),
    "value": Field(_integer, required=False),
    # A formula by its name: a function of this room, never an expression.
    "name": Field(text, required=False, default=""),
}
OF_ITEMS = tuple(name for name in FIELDS if name not in ("value", "name"))

# What no scheme goes beyond: whole numbers of columns stay exact, and nothing computes for hours.
_POINTS, _DAYS, _HALF_LIFE = 1_000_000, 7_320, 1_830  # hundredths of a point; days
_VALUE = 10_000_000
_PERIODS = (0, 1, 2, 3, 4, 6, 12)  # months: whole periods of a year
_MOST = {"lag.days": 366, "inertia.steps": 20, "inertia.months": 60}
# What the formulas read, and nothing else: a mistyped key would else be a limit that holds nobody.
_READ = frozenset(
    {
        "base", "bound.lower", "bound.upper", "veto.cap", "mean.months", "formula", "section.start",
        "section.floor", "weight.bidding", "weight.performance", *_MOST,
    }
)  # fmt: skip
# Facts because of which a scheme gives no score while they stand; a row has words and an article.
_UNSCORED = {f"unscored.{rules.LISTED}"}
_READ_UNDER = ("cap.", "floor.", "band.", "item.")


def _range(key: str, value: int, least: int, most: int) -> Iterable[Fault]:
    if not least <= value <= most:
        told = f"{key} lies within {least} and {most}"
        yield Fault(told, "beyond", key=key, least=least, most=most)


def _unread(key: str, why: str) -> Fault:
    return Fault(f"{key} is not read: {why}", "unread", key=key)


def _agree(row: Mapping[str, Any]) -> Iterable[str]:
    key = str(row.get("key", ""))
    said = {"key": [key], "category": [row["category"]], "label": (row.get("label") or {}).values()}
    for name, texts in said.items():
        if neutral.names_a_place(texts):
            told = "a scheme does not read where a firm is registered"
            yield Fault(told, "place", key=name)
    # A scheme is one for everybody: no row of it is somebody's, or one place's.
    yield from (_unread(each, "a scheme holds for all") for each in ("region", "subject")
                if row.get(each))  # fmt: skip
    if key in _UNSCORED:
        yield from _unread_of(row, "value", "name", *(n for n in OF_ITEMS if n != "label"))
        if not row["label"]:
            yield Fault("this row has a label", "missing", key="label")
    elif not (key in _READ or (key.startswith(_READ_UNDER) and key.partition(".")[2])):
        yield Fault(f"no formula reads {key}", "unread_row", key="key")
    elif key.startswith("item."):
        yield from _item(row)
    else:
        yield from _value(key, row)


def _unread_of(row: Mapping[str, Any], *names: str) -> Iterable[Fault]:
    for name in names:
        if row[name] != FIELDS[name].default:
            yield _unread(name, "this is no item")


def _item(row: Mapping[str, Any]) -> Iterable[str]:
    yield from (_unread(each, "this is an item") for each in ("value", "name")
                if row.get(each) not in (None, ""))  # fmt: skip
    if row["points"] == 0:
        yield Fault("an item has points", "no_points", key="points")
    yield from _range("points", row["points"], -_POINTS, _POINTS)
    yield from _range("days", row["days"], 1, _DAYS)
    for each in ("category", "label"):
        if not row[each]:
            yield Fault(f"an item has a {each}", "missing", key=each)
    yield from _decay(row)
    if row["points"] < 0 and not row["severity"]:
        yield Fault("bad conduct has a severity", "severity_needed", key="severity")
    if row["points"] > 0 and row["severity"]:
        yield Fault("good conduct has no severity", "severity_of_good", key="severity")
    if row["points"] > 0 and row["veto"] == "yes":
        yield Fault("good conduct vetoes nothing", "veto_of_good", key="veto")


def _decay(row: Mapping[str, Any]) -> Iterable[Fault]:
    half = row["half_life_days"]
    if row["decay"] != "half_life":
        if half:
            told = "half_life_days without decay by half-life"
            yield Fault(told, "half_life_unused", key="half_life_days")
        return
    if not half:
        yield Fault("half_life needs half_life_days", "half_life_needed", key="half_life_days")
    else:
        yield from _range("half_life_days", half, 1, _HALF_LIFE)
    if row["stated"] == "yes":
        told = "what a document states weighs whole or falls in a line"
        yield Fault(told, "stated_half_life", key="decay")


def _value(key: str, row: Mapping[str, Any]) -> Iterable[str]:
    yield from _unread_of(row, *OF_ITEMS)
    value, name = row["value"], row["name"]
    if key == "formula":
        if value is not None:
            yield _unread("value", "a formula has a name")
        if not name:
            yield Fault("a formula has a name", "missing", key="name")
        elif name not in FORMULAS:
            yield Fault(f"no formula has the name {name}", "no_formula", key="name", name=name)
        return
    if name:
        yield _unread("name", "only the row formula has one")
    if value is None:
        yield Fault("a value is needed", "missing", key="value")
    elif key == "mean.months" and value not in _PERIODS:
        yield Fault(f"{key} cannot be {value}", "one_of", key="value", allowed=_PERIODS)
    else:
        least = 0 if key in _MOST or key.startswith(("weight.", "section.")) else -_VALUE
        yield from _range("value", value, least, _MOST.get(key, _VALUE))


register_kind("schemes", Schema(FIELDS, agree=_agree))
