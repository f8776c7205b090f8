"""What the acts on a project bring along. Pure: no ORM, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from kernel.errors import Refused
from kernel.identifiers import project_code, uscc
from kernel.identifiers.text import normalise
from kernel.workflow import texts
from kernel.workflow.machines import Payload


def _written_day(value: object) -> object:
    """A day is written as one; a number is not taken for seconds since 1970."""
    if isinstance(value, str | date) or value is None:
        return value
    raise ValueError("not a date")


def _counted(value: object) -> object:
    """A number is written as one: no text, no yes or no. (JSON's 5.0 is the integer 5.)"""
    if isinstance(value, str | bool):
        raise ValueError("not a number")
    return value


Day = Annotated[date, BeforeValidator(_written_day, json_schema_input_type=date)]
_SOUND = re.compile(texts.PATTERN)
_FEN, _AREA = Field(ge=0, le=10**15), Field(ge=0, le=10**9)
Fen = Annotated[int, BeforeValidator(_counted, json_schema_input_type=Annotated[int, _FEN]), _FEN]
Area = Annotated[
    int, BeforeValidator(_counted, json_schema_input_type=Annotated[int, _AREA]), _AREA
]


def _text(longest: int) -> Any:
    # What no text may hold is refused where payloads are parsed; here it is only told.
    return Field(max_length=longest, json_schema_extra={"pattern": texts.PATTERN})


def long_text() -> Any:
    """A field for a text of several lines."""
    return _text(2000)


def _spelt(spell: Callable[[str], str]) -> AfterValidator:
    """The standard's own spelling; a text that has none stays, for submission to refuse.

    What no text may hold stays too: it is refused by name and never tidied away.
    """

    def spelt(text: str) -> str:
        if not _SOUND.fullmatch(text):
            return text
        try:
            return spell(text)
        except Refused:
            return text

    return AfterValidator(spelt)


_YEARS = Field(ge=0, le=200)
Years = Annotated[
    int, BeforeValidator(_counted, json_schema_input_type=Annotated[int, _YEARS]), _YEARS
]
Line = Annotated[str, _text(200)]
Code = Annotated[str, _text(40)]
ProjectCode = Annotated[Code, _spelt(lambda text: project_code.parse(text).code)]
Uscc = Annotated[str, _text(40), _spelt(lambda text: uscc.parse(text).code)]
Phone = Annotated[str, _text(20), _spelt(normalise)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class Funding(Payload):
    """One source of money. source: a code of the list ``funding_source``; amount in fen."""

    source: Code
    amount_fen: Fen


class Paper(Payload):
    """A paper of another authority. kind: a code of the list ``project_paper``.

    file_sha256: the uploaded scan's content hash, empty where none was uploaded.
    """

    kind: Code
    number: Line
    issued_on: Day
    issuer: Line = ""
    file_sha256: Sha256 = ""


class Party(Payload):
    """An organisation known to take part. role: a code of the list ``project_party``."""

    role: Code
    uscc: Uscc
    name: Line
    contact: Line = ""


class ProjectPayload(Payload):
    """The registration form. Everything may still be missing while the case is a draft.

    project_code: national code, GB/T 40058. region: GB/T 2260. Money in fen, area in m².
    """

    name: Line = ""
    project_code: ProjectCode = ""
    region: Annotated[str, _text(6)] = ""
    address: Line = ""
    project_class: Code = ""
    nature: Code = ""
    approval_kind: Code = ""
    total_investment_fen: Fen = 0
    floor_area_m2: Area = 0
    planned_start_on: Day | None = None
    planned_end_on: Day | None = None
    summary: Annotated[str, _text(2000)] = ""
    manager_name: Annotated[str, _text(80)] = ""
    manager_phone: Phone = ""
    funding: Annotated[tuple[Funding, ...], Field(max_length=10)] = ()
    papers: Annotated[tuple[Paper, ...], Field(max_length=30)] = ()
    parties: Annotated[tuple[Party, ...], Field(max_length=30)] = ()


class ReturnPayload(Payload):
    """Why a registration goes back: each point the owner has to mend."""

    reason: Annotated[str, _text(2000)] = ""


class ChangePartyPayload(Payload):
    """A change of the parties on record. role: of ``project_party``.

    left_uscc: who leaves, empty where somebody only joins; uscc, name: who comes, empty where
    somebody only leaves. document_number: of the contract or notice that shows it.
    """

    role: Code = ""
    left_uscc: Uscc = ""
    uscc: Uscc = ""
    name: Line = ""
    document_number: Line = ""
    reason: Annotated[str, _text(2000)] = ""


class RecordPartiesPayload(Payload):
    """Who a signed contract says takes part."""

    parties: Annotated[tuple[Party, ...], Field(max_length=10)] = ()


class TerminatePayload(Payload):
    """Why a project ends before its time."""

    reason: Annotated[str, _text(2000)] = ""
