"""What the acts on an objection bring along. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Sha256
from procurement.tendering.schemas import Text


class RaisePayload(Payload):
    """An objection to a lot. stage: a code of ``objection_stage``.

    interest, interest_sha256: what the candidates are to somebody who did not bid, and its proof.
    """

    lot_number: Annotated[str, Field(max_length=24)]
    stage: Code
    text: Text = ""
    file_sha256: Sha256 = ""
    interest: Text = ""
    interest_sha256: Sha256 = ""


class AnswerPayload(Payload):
    """The answer. upheld: whether it leads to a change (a clarification, a new evaluation)."""

    text: Text = ""
    upheld: bool = False
