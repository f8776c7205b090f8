"""A bill's one spelling, RFC 8785 JSON, and its SHA-256, which is the bill's identity. Pure.

Whatever file it came in, the same bill has the same identity; a changed comma in a feature has not.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from kernel.sealing import canonical
from procurement.cost import records
from procurement.cost.fields import BY_KIND, ROWS
from procurement.cost.records import Raw
from procurement.cost.schemas import Bill
from procurement.cost.values import plain

_TYPE = "zhuxin.bill"


def encode(bill: Bill) -> bytes:
    """Canonical UTF-8 JSON: records of each kind in the bill's order; what is empty is left out."""
    content: dict[str, Any] = {record.kind: [] for record in ROWS}
    for kind, fields in records.flatten(bill):
        stated = {key: _plain(value) for key, value in fields.items() if value not in (None, "")}
        if kind == "bill":
            content["bill"] = stated
        else:
            content[kind].append(stated)
    return canonical.encode({"type": _TYPE, **content})


def identity(content: bytes) -> str:
    """SHA-256 (hex) of canonical bytes."""
    return hashlib.sha256(content).hexdigest()


def sha256(bill: Bill) -> str:
    """The bill's identity."""
    return identity(encode(bill))


def decode(content: bytes) -> Bill:
    """The bill of its canonical bytes; raises Refused for every other spelling."""
    value = canonical.decode(content)
    rows = {record.kind: _raws(record.kind, value.get(record.kind, ())) for record in ROWS}
    return records.assemble(Raw("bill", _cells("bill", value["bill"])), rows)


def _raws(kind: str, rows: Any) -> list[Raw]:
    return [Raw(f"{kind}[{at}]", _cells(kind, row)) for at, row in enumerate(rows, start=1)]


def _cells(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    money = {field.key for field in BY_KIND[kind].fields if field.kind == "money"}
    return {key: Decimal(value).scaleb(-2) if key in money else value for key, value in row.items()}


def _plain(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value
