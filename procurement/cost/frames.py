"""A bill as pandas frames: money in fen and quantities in ten-thousandths, whole numbers all. Pure.

Absent numbers are 0 beside a column ``has_…``: a float never stands in for a missing integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from procurement.cost import records
from procurement.cost.fields import PARTS, ROWS
from procurement.cost.schemas import Bill
from procurement.cost.values import SCALE

_NUMBERS = {"quantity": SCALE, "rate": SCALE, "vat_rate": SCALE}
_INT64 = 2**62


@dataclass(frozen=True)
class Frames:
    """One frame for each kind of record; columns as in ``fields``, numbers as said above.

    items: besides, ``parts_fen`` (sum of the composition) and ``has_parts``.
    """

    bill: Bill
    singles: pd.DataFrame
    units: pd.DataFrame
    sections: pd.DataFrame
    items: pd.DataFrame
    measures: pd.DataFrame
    others: pd.DataFrame
    materials: pd.DataFrame


def of(bill: Bill) -> Frames:
    """The frames of a bill."""
    rows: dict[str, list[dict[str, Any]]] = {record.kind: [] for record in ROWS}
    for kind, fields in records.flatten(bill):
        if kind != "bill":
            rows[kind].append(fields)
    made = {record.kind: _frame(record, rows[record.kind]) for record in ROWS}
    items = made["item"]
    items["parts_fen"] = sum(items[name] for name in PARTS)
    items["has_parts"] = items["has_labour_fen"]
    return Frames(bill, *(made[record.kind] for record in ROWS))


def _frame(record: Any, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for field in record.all_fields:
        values = [row[field.key] for row in rows]
        if field.kind in ("money", "quantity", "rate"):
            columns[field.key] = _whole(values, _NUMBERS.get(field.key, 1))
            columns[f"has_{field.key}"] = np.array([v is not None for v in values], dtype=bool)
        else:
            columns[field.key] = pd.Series(values, dtype=object)
    return pd.DataFrame(columns)


def _whole(values: Iterable[int | Decimal | None], scale: int) -> Any:
    return np.array([0 if v is None else int(v * scale) for v in values], dtype=np.int64)


def product_fen(
    quantity: pd.Series[Any], price_fen: pd.Series[Any], scale: int = SCALE
) -> pd.Series[Any]:
    """Quantity times price, rounded to the fen half away from zero, exactly.

    scale: how many of the quantity's parts are one: ten thousand, of a percentage a million.
    Where 64 bits could overflow, Python's own integers count.
    """
    largest = int(quantity.abs().max() if len(quantity) else 0) * int(
        price_fen.abs().max() if len(price_fen) else 0
    )
    if largest * 2 >= _INT64:
        quantity, price_fen = quantity.astype(object), price_fen.astype(object)
    product = quantity * price_fen
    rounded = (2 * abs(product) + scale) // (2 * scale)
    return rounded.where(product >= 0, -rounded)
