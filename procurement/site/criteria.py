"""The criteria that give a hazard its grade: dated rows of law of their own shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.regulation import schemas
from kernel.regulation import selectors as law
from kernel.regulation.rows import Row
from procurement.projects import citing

CODE = "criteria.hazard"
SCHEMA = schemas.Schema(
    {
        "label": schemas.Field(schemas.words),
        "grade": schemas.Field(schemas.one_of("general", "major")),
    }
)
schemas.register_kind("criteria", SCHEMA)


def criterion(key: str, at: datetime, region: str = "") -> Row | None:
    """The row of a criterion at a legal moment, or None where there is none."""
    try:
        return law.row(CODE, key, at, region)
    except Refused:
        return None


def options(_case: Any, _actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """(key, label) of every criterion in force, major ones first as in the file."""
    rows = law.resolve(CODE, at).rows
    return [(row.key, row["label"][citing.language()]) for row in rows]


def label(key: str, at: datetime) -> str:
    """A criterion's words; the key itself where the day has none."""
    row = criterion(key, at)
    return str(row["label"][citing.language()]) if row else key
