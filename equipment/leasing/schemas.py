"""What the acts on a hire bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Code = Annotated[str, Field(max_length=60)]
Reason = Annotated[str, Field(max_length=2000)]


class RequestPayload(Payload):
    """Which machine for which site, from when until when."""

    machine_number: Code
    site_number: Code
    from_on: date
    to_on: date
    note: Reason = ""


class AgreePayload(Payload):
    """The lessor's word: the contract's number and who is responsible for safety."""

    contract_number: Annotated[str, Field(max_length=200)]
    safety_terms: Reason = ""


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""
