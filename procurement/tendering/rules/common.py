"""What the rules of a lot share: refusals with their article, instants, reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from kernel.web import formats
from procurement.tendering.facts import LotFacts

CODE = "procurement.tender."


def refusal(facts: LotFacts, what: str, cite: str, where: str = "", **told: Any) -> Refusal:
    """A refusal of this machine, with the article that a rule of the day rests on."""
    return Refusal(CODE + what, told, facts.articles[cite], where)


def told(instant: datetime) -> str:
    """An instant as refusals tell it: legal day and time."""
    return formats.minute(instant)


def reason_is_given(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever stops, resumes or ends a lot says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")
