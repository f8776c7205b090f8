"""What the guards of policies, bids and openings share. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal

ARTICLE_ORDER20 = "《电子招标投标办法》（国家发展改革委令第20号）"
ARTICLE_RECEIPT = "《电子招标投标办法》第27条"
ARTICLE_WITHDRAW = "《招标投标法》第29条"
ARTICLE_LATE = "《招标投标法》第28条、《招标投标法实施条例》第36条"
ARTICLE_OPENING = "《招标投标法》第34条、第36条"
ARTICLE_FEW = "《招标投标法实施条例》第44条"
ARTICLE_ENDED = "《招标投标法实施条例》第31条"
ARTICLE_VOID = "《招标投标法》第53条、第54条"
ARTICLE_PLATFORM = "平台开标规则"
# What a lot is in once its deadline for bids is over.
CLOSING = "closing"
# In what its bids are listed and opened, and what it is in once its owner has ended it.
OPENABLE = frozenset({CLOSING, "opening"})
TERMINATED = "terminated"


def brought_is_sound(facts: Any, _payload: Any) -> Iterator[Refusal]:
    """Form, signature and content of what the act brings along hold."""
    yield from facts.faults


def reason_is_given(_facts: Any, payload: Any) -> Iterator[Refusal]:
    """An act that ends something says why."""
    if payload is not None and not payload.reason.strip():
        yield Refusal("workflow.reason.missing", {}, ARTICLE_PLATFORM, "reason")
