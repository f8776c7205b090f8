"""What the acts of a completion filing bring along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Line, Paper, Uscc, long_text

Papers = Annotated[tuple[Paper, ...], Field(max_length=30)]
Text = Annotated[str, long_text()]


class OpenPayload(Payload):
    """Which accepted works are to be filed."""

    works_id: int
    works_number: Code
    contract_number: Code
    project_number: Code
    name: Line
    region: Code
    owner_uscc: Uscc
    contractor_uscc: Uscc


class SubmitPayload(Payload):
    """The file. residential: homes need papers of their own; performance: of the contractor."""

    documents: Papers = ()
    residential: bool = False
    performance: Code = ""
    performance_reasons: Text = ""


class ReasonPayload(Payload):
    """Why."""

    reason: Text = ""
