"""What the acts on a relation bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from credit.enterprises.schemas import Code, Line, Sha256
from kernel.workflow.machines import Payload


class RelationPayload(Payload):
    """How two enterprises stand to each other, and what says so.

    kind: a code of ``relation_kind``. source: the register or paper that says it, with its number;
    file_sha256: its scan. since: first day; until: last day, where it is known. public: the
    register that says it is open to everybody, so that the enterprise's public page shows it.
    """

    uscc: Code
    other_uscc: Code
    kind: Code
    source: Line
    file_sha256: Sha256 = ""
    since: date
    until: date | None = None
    public: bool = False


class CorrectPayload(Payload):
    """What a relation should have said, the paper that says so, and why it is put right."""

    kind: Code
    since: date
    until: date | None = None
    public: bool = False
    source: Line
    file_sha256: Sha256 = ""
    reason: Annotated[str, Field(max_length=2000)] = ""


class TakeBackPayload(Payload):
    """That a relation never was, the paper that says so, and why it was recorded."""

    source: Line
    file_sha256: Sha256 = ""
    reason: Annotated[str, Field(max_length=2000)] = ""


class ReasonPayload(Payload):
    """Why a proposal is dropped."""

    reason: Annotated[str, Field(max_length=2000)] = ""


class EndPayload(Payload):
    """That a relation is over: its last day, and the paper that says so."""

    last_day: date
    source: Line
    file_sha256: Sha256 = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
