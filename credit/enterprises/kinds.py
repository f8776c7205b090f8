"""The shape of the rows that say what a qualification may build, as dated law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.regulation.schemas import Field, Schema, one_of, register_kind, text, whole

ANY = "any"
# What a tender may state of works, each in a whole number of its unit.
MEASURES = (
    "building_height_m", "structure_height_m", "area_m2", "span_m", "length_m", "price_fen",
)  # fmt: skip


def _key(row: Mapping[str, Any]) -> str:
    return f"{row.get('trade')}.{row.get('grade')}.{row.get('measure')}"


register_kind(
    "scopes",
    Schema(
        {
            # Codes of the lists of trades and grades, or ``any``.
            "trade": Field(text),
            "grade": Field(text),
            "measure": Field(one_of(*MEASURES, ANY)),
            # The greatest value that may be built, itself included; left out: no limit.
            "most": Field(whole, required=False),
        },
        key=_key,
    ),
)
