"""What the acts on an expert bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Day, Line, Sha256, Uscc, long_text

Words = Annotated[str, long_text()]


class Employment(Payload):
    """Where an expert works or worked. until: last day, None while it lasts."""

    uscc: Uscc
    since: Day
    until: Day | None = None


class ExpertPayload(Payload):
    """An application to the bank, by the expert.

    specialties: codes of ``expert_specialty``. practised_on: since when they work in the field.
    title: a code of ``expert_title``; title_number, title_sha256: of the certificate, or of what
    proves the equal level. punishments: what stands in their record, empty where nothing does.
    region: where they live and work (GB/T 2260).
    """

    specialties: Annotated[tuple[Code, ...], Field(max_length=9)] = ()
    region: Annotated[str, Field(max_length=6)] = ""
    practised_on: Day | None = None
    title: Code = ""
    title_number: Line = ""
    title_sha256: Sha256 = ""
    punishments: Words = ""
    employments: Annotated[tuple[Employment, ...], Field(max_length=20)] = ()


class AdmitPayload(Payload):
    """What an officer held the application against. record: where the record of punishments was
    looked up; found: what stands there, empty where nothing does."""

    record: Line
    found: Words = ""


class SpecialtiesPayload(Payload):
    """What an expert is an expert in from now on, and what shows it."""

    specialties: Annotated[tuple[Code, ...], Field(max_length=9)]
    reason: Words


class BecausePayload(Payload):
    """Why, and by which document. document_number: empty where there is none."""

    reason: Words
    document_number: Line = ""


class ProposePayload(Payload):
    """What one officer proposes and another decides. act: the act's code. specialties: of a change
    of specialties, those that it leads to; else empty."""

    act: Code
    specialties: Annotated[tuple[Code, ...], Field(max_length=9)] = ()
    reason: Words
