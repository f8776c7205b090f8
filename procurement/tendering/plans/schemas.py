"""What the acts on a tender plan bring along. Pure. Money in fen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Fen, Line, Uscc


class PlannedLot(Payload):
    """A lot that is intended. kind: a code of ``tender_kind``; month: YYYY-MM of its notice."""

    name: Line
    kind: Code
    estimate_fen: Fen = 0
    month: Annotated[str, Field(max_length=7)] = ""


class PlanPayload(Payload):
    """A plan of the lots of a project. Everything may still be missing while it is a draft."""

    project_number: Annotated[str, Field(max_length=20)] = ""
    agency_uscc: Uscc = ""
    lots: Annotated[tuple[PlannedLot, ...], Field(max_length=30)] = ()
