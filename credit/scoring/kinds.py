"""The shape of a scheme's rows: base, bounds, caps, bands and items, as dated law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from credit.scoring import neutral
from credit.scoring.formulas import FORMULAS
from kernel.regulation.schemas import Field, Schema, one_of, register_kind, text, words

DECAYS = ("step", "linear", "half_life")


def _integer(value: object) -> str:
    return "" if type(value) is int else "a whole number is needed"


# What no scheme goes beyond: whole numbers of columns stay exact, and nothing computes for hours.
_POINTS, _DAYS, _HALF_LIFE = 1_000_000, 7_320, 1_830  # hundredths of a point; days
_VALUE = 10_000_000
_SPANS: Mapping[str, Iterable[int]] = {
    "mean.months": (0, 1, 2, 3, 4, 6, 12),  # whole periods of a year
    "lag.days": range(367),
    "inertia.steps": range(21),
    "inertia.months": range(61),
}


def _beyond(row: Mapping[str, Any]) -> Iterable[str]:
    """What is larger than any scheme's text asks for."""
    if abs(row["points"]) > _POINTS:
        yield f"points lie within {_POINTS}"
    if row["days"] > _DAYS:
        yield f"days are {_DAYS} at most"
    if row["half_life_days"] > _HALF_LIFE:
        yield f"half_life_days are {_HALF_LIFE} at most"
    key, value = str(row.get("key", "")), row["value"]
    if value is None:
        return
    if key in _SPANS and value not in _SPANS[key]:
        yield f"{key} cannot be {value}"
    elif abs(value) > _VALUE:
        yield f"a value lies within {_VALUE}"
    elif key.startswith(("weight.", "section.")) and value < 0:
        yield f"{key} is not below nought"


def _agree(row: Mapping[str, Any]) -> Iterable[str]:
    said = [str(row.get("key", "")), row["category"], *dict(row.get("label") or {}).values()]
    if neutral.names_a_place(said):
        yield "a scheme does not read where a firm is registered"
    yield from _beyond(row)
    if row.get("name") and row.get("name") not in FORMULAS:
        yield f"no formula has the name {row['name']}"
    if str(row.get("key", "")).startswith("item."):
        if row["points"] == 0 or not row["category"] or row["days"] < 1 or row["label"] is None:
            yield "an item has points, a category, a term in days and words"
        if row["decay"] == "half_life" and row["half_life_days"] < 1:
            yield "half_life needs half_life_days"
        if row["stated"] == "yes" and row["decay"] == "half_life":
            yield "what a document states weighs whole or falls in a line"
        if (row["points"] < 0) != bool(row["severity"]):
            yield "bad conduct has a severity, good conduct has none"
    elif row["value"] is None and not row.get("name"):
        yield "a value or a name is needed"


register_kind(
    "schemes",
    Schema(
        {
            # Points in hundredths; good above nought, bad below.
            "points": Field(_integer, required=False, default=0),
            "category": Field(text, required=False, default=""),
            "decay": Field(one_of(*DECAYS), required=False, default="step"),
            "days": Field(_integer, required=False, default=0),
            "half_life_days": Field(_integer, required=False, default=0),
            "severity": Field(one_of("minor", "ordinary", "serious"), required=False, default=""),
            # A veto holds the score at or below ``veto.cap`` while it lasts.
            "veto": Field(one_of("yes", "no"), required=False, default="no"),
            # The deciding document states points and term; ``points`` says only which way they go.
            "stated": Field(one_of("yes", "no"), required=False, default="no"),
            "label": Field(words, required=False),
            "value": Field(_integer, required=False),
            # A formula by its name: a function of this room, never an expression.
            "name": Field(text, required=False, default=""),
        },
        agree=_agree,
    ),
)
