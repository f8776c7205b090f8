"""What the acts of a drawing review bring along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Line, Paper, Uscc, long_text

Papers = Annotated[tuple[Paper, ...], Field(max_length=30)]


class FilePayload(Payload):
    """What an owner hands in. scale: a code of ``drawing_scale``; reviewer: the centre asked."""

    project_number: Code = ""
    name: Line = ""
    scale: Code = ""
    reviewer_uscc: Uscc = ""
    survey_uscc: Uscc = ""
    design_uscc: Uscc = ""
    documents: Papers = ()


class RefilePayload(Payload):
    """The drawings once more, after opinions; by whom, where others survey or design by now.

    survey_uscc, design_uscc: "" leaves who was filed. The reviewer stays: it knows what it
    returned, and why.
    """

    documents: Papers = ()
    survey_uscc: Uscc = ""
    design_uscc: Uscc = ""


class PassPayload(Payload):
    """What the reviewer finds when the drawings pass."""

    conclusion: Annotated[str, long_text()] = ""


class OpinionsPayload(Payload):
    """Why drawings go back: one opinion a line."""

    opinions: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
