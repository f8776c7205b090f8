"""What a lot's documents tell of how bids are evaluated. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.tendering.facts import LotFacts
from procurement.tendering.rules.common import refusal


def evaluation_is_told(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Marks add up, the factors that may be drawn and the slopes are published before."""
    form, full = facts.form, facts.limits.points_total
    points = form.price_points + form.technical_points + form.commercial_points + form.credit_points
    if points != full:
        yield refusal(facts, "points_differ", "documents", "price_points", points=points, full=full)
    if facts.procedure and form.evaluation_method in facts.procedure.drawn:
        if not any(is_positive(item) for item in form.factors):
            yield refusal(facts, "factors_missing", "documents", "factors")
        for name in ("slope_above", "slope_below"):
            if not is_positive(getattr(form, name)):
                yield refusal(facts, "field_missing", "documents", name, field=name)


def criteria_add_up(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What members score is published item by item, and the items make up their part's marks."""
    form, parts = facts.form, facts.procedure.scored_parts if facts.procedure else ()
    for part in parts:
        full = getattr(form, f"{part}_points")
        points = sum(item.points for item in form.criteria if item.part == part)
        if points != full:
            yield refusal(
                facts, "criteria_differ", "documents", "criteria", part=part, points=points,
                full=full,
            )  # fmt: skip
    for index, item in enumerate(form.criteria):
        if facts.procedure and item.part not in parts:
            yield refusal(
                facts, "code_unlisted", "platform", f"criteria.{index}.part",
                list="criterion_part", code=item.part,
            )  # fmt: skip


def is_positive(text: str) -> bool:
    """Whether a written number is above nought."""
    return bool(text.strip("0."))


def awards_are_neutral(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Awards and works of one region or one trade give no points."""
    for index, award in enumerate(facts.form.scored_awards):
        if award.points and award.scope in ("region", "trade"):
            yield refusal(
                facts, "award_not_neutral", "awards", f"scored_awards.{index}.points",
                name=award.name, points=award.points,
            )  # fmt: skip
