"""Which rule put one of two bids of the same total before the other, in words and with its article.

The order itself is counted in ``counting``; here it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from kernel import clock
from kernel.regulation.citing import language
from procurement.evaluation.formulas import points
from procurement.evaluation.numbers import numbers

PRICE, TECHNICAL, LOT = "price", "technical", "lot"
_ROW = "report.tie"


@dataclass(frozen=True)
class Tie:
    """Two neighbours of a ranking with one total (hundredths); rule: what parted them."""

    rank: int
    next_rank: int
    total: int
    rule: str


def broken(ranking: Sequence[Mapping[str, Any]]) -> Iterator[Tie]:
    """The ties of a ranking, best first; of three bids with one total there are two."""
    for above, below in pairwise(ranking):
        if above["total"] == below["total"]:
            yield Tie(above["rank"], below["rank"], above["total"], _rule(above, below))


def _rule(above: Mapping[str, Any], below: Mapping[str, Any]) -> str:
    if above["price_fen"] != below["price_fen"]:
        return PRICE
    return TECHNICAL if above["technical_points"] != below["technical_points"] else LOT


def told(ranking: Sequence[Mapping[str, Any]], region: str, at: datetime) -> list[str]:
    """The same as sentences, and last the whole rule with what it rests on; empty without ties.

    region: of the lot; at: the moment of the result.
    """
    found = list(broken(ranking))
    if not found:
        return []
    article = numbers(clock.legal_date(at).isoformat(), region, language()).articles[_ROW]
    words = {
        PRICE: _("报价低者在前"),
        TECHNICAL: _("报价也相同，技术得分高者在前"),
        LOT: _("报价和技术得分都相同，按随机种子和统一社会信用代码算出的抽取号排序"),
    }
    said = _("第 %(rank)s 名和第 %(next)s 名总分同为 %(total)s 分：%(rule)s")
    return [
        *(
            said
            % {
                "rank": tie.rank,
                "next": tie.next_rank,
                "total": points(tie.total),
                "rule": words[tie.rule],
            }
            for tie in found
        ),
        _("排序规则：%(rule)s") % {"rule": article},
    ]
