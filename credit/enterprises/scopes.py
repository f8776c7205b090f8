"""What a qualification may build: pure functions over limits that are dated law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kernel.errors import Refusal

ANY = "any"


@dataclass(frozen=True)
class Limit:
    """A row of law. most: greatest value, itself included; None: no limit. article: as cited."""

    most: int | None
    article: str


Limits = Mapping[tuple[str, str, str], Limit]
"""(trade, grade, measure) -> limit; ``any`` stands for every trade or every measure."""


@dataclass(frozen=True)
class Judged:
    """What the limits say of works.

    refusals: what the grade may not build. unknown: measures of which no limit is held; the
    certificate itself must be asked, and nothing is refused for them.
    """

    refusals: tuple[Refusal, ...] = ()
    unknown: tuple[str, ...] = ()


def limit_of(limits: Limits, trade: str, grade: str, measure: str) -> Limit | None:
    """The narrowest row that speaks of a measure, or None where none does."""
    for key in (
        (trade, grade, measure), (trade, grade, ANY), (ANY, grade, measure), (ANY, grade, ANY),
    ):  # fmt: skip
        if (found := limits.get(key)) is not None:
            return found
    return None


def may_build(trade: str, grade: str, works: Mapping[str, int], limits: Limits) -> Judged:
    """Whether a trade and grade may build works of which these measures are stated.

    works: measure -> whole number of its unit (m, m², fen). Refuses
    ``credit.enterprise.beyond_scope`` with measure, value, limit and the limit's article.
    """
    refusals, unknown = [], []
    for measure, value in sorted(works.items()):
        limit = limit_of(limits, trade, grade, measure)
        if limit is None:
            unknown.append(measure)
        elif limit.most is not None and value > limit.most:
            facts = {"trade": trade, "grade": grade, "measure": measure,
                     "value": value, "most": limit.most}  # fmt: skip
            refusals.append(
                Refusal("credit.enterprise.beyond_scope", facts, limit.article, "bidder")
            )
    return Judged(tuple(refusals), tuple(unknown))


def stated(trade: str, grade: str, limits: Limits) -> Iterator[tuple[str, Limit]]:
    """Every limit that the law as held states of a trade and grade, by measure."""
    for (of, at, measure), limit in limits.items():
        if of in (trade, ANY) and at == grade:
            yield measure, limit
