"""What the refusals of sealed bids rest on: our own rules of opening, and one article of law."""

from __future__ import annotations

from dataclasses import replace

from kernel.errors import Refused

POLICY = "平台开标规则：开启方案"
FILE = "平台开标规则：投标文件格式"
CLOSING = "平台开标规则：截标名单"
# Order 20 of 2013, remembered: not complete at the deadline counts as withdrawn, later is refused.
DEADLINE = "电子招标投标办法 第27条"


def resting(refused: Refused, article: str) -> Refused:
    """The same refusal; reasons that name nothing that they rest on rest on this article."""
    return Refused(
        reason if reason.article else replace(reason, article=article)
        for reason in refused.refusals
    )
