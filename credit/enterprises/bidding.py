"""Whether an enterprise may bid: pure functions over what it holds and what a tender asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from credit.enterprises.scopes import Judged, Limits, may_build
from kernel.errors import Refusal

# The one qualification of the reformed list that stands for every trade of general contracting.
COMPREHENSIVE = "comprehensive"


@dataclass(frozen=True)
class Held:
    """A licence that an enterprise holds, as far as bidding asks. ``valid_to``: last day."""

    kind: str
    trade: str
    grade: str
    number: str
    valid_from: date
    valid_to: date

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day, its first and last included."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True)
class Wanted:
    """What a tender asks of a bidder. ranks: grade -> rank, the best is 1; region-neutral.

    covered: trades that a comprehensive qualification stands for. works: what the tender states
    of the works (measure -> whole number of its unit); limits: what each grade may build.
    standards: grade -> the standard that it stands in, as cited.
    """

    trade: str
    grade: str
    ranks: Mapping[str, int]
    articles: Mapping[str, str]
    covered: frozenset[str] = frozenset()
    works: Mapping[str, int] = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)


def may_bid(
    held: Iterable[Held], wanted: Wanted, barred: Iterable[tuple[str, str]], today: date
) -> Iterator[Refusal]:
    """Why an enterprise may not bid on a day: no qualification, no safety licence, barred.

    barred: number and article of the decisions that exclude it from bidding.
    """
    live = [one for one in held if one.holds_on(today)]
    if wanted.trade and wanted.grade and wanted.grade not in wanted.ranks:
        yield Refusal(
            "credit.enterprise.grade_unknown",
            {"grade": wanted.grade},
            wanted.articles["qualification"],
            "grade",
        )
    elif wanted.trade:
        fitting = [h for h in live if _qualifies(h, wanted)]
        best = min((wanted.ranks[h.grade] for h in fitting), default=None)
        # A tender that names no grade asks for the trade alone.
        least = wanted.ranks.get(wanted.grade, max(wanted.ranks.values()))
        if best is not None and best <= least:
            yield from _beyond_scope(fitting, wanted)
        else:
            yield Refusal(
                "credit.enterprise.not_qualified",
                {"trade": wanted.trade, "grade": wanted.grade},
                wanted.articles["qualification"],
                "bidder",
            )
    if not any(one.kind == "safety" for one in live):
        lapsed = max((h.valid_to for h in held if h.kind == "safety"), default=None)
        yield Refusal(
            "credit.enterprise.safety_licence_missing",
            {"lapsed_on": lapsed.isoformat() if lapsed else ""},
            wanted.articles["safety"],
            "bidder",
        )
    for number, article in barred:
        because = article or wanted.articles["barred"]
        yield Refusal("credit.enterprise.barred", {"document": number}, because, "bidder")


def _qualifies(held: Held, wanted: Wanted) -> bool:
    if held.kind != "qualification" or held.grade not in wanted.ranks:
        return False
    return held.trade == wanted.trade or (
        held.trade == COMPREHENSIVE and wanted.trade in wanted.covered
    )


def _beyond_scope(fitting: Iterable[Held], wanted: Wanted) -> Iterator[Refusal]:
    """What the best of the fitting qualifications may not build; nothing where one may all."""
    best = _best(fitting, wanted)
    yield from best[1].refusals if best else ()


def _best(fitting: Iterable[Held], wanted: Wanted) -> tuple[Held, Judged] | None:
    """The qualification that builds most of it for sure: fewest refusals, then fewest unknown."""
    found = [(h, may_build(h.trade, h.grade, wanted.works, wanted.limits)) for h in fitting]
    return min(found, key=lambda one: (len(one[1].refusals), len(one[1].unknown)), default=None)


def left_to_judge(held: Iterable[Held], wanted: Wanted, today: date) -> Iterator[Refusal]:
    """What of the works no limit is held of, for the bidder's best fitting qualification.

    No reasons to refuse: each says in words that a person has to judge, and by which standard.
    """
    live = [one for one in held if one.holds_on(today)]
    best = _best([h for h in live if _qualifies(h, wanted)], wanted) if wanted.trade else None
    if best is None:
        return
    one, judged = best
    for measure in judged.unknown:
        yield Refusal(
            "credit.enterprise.scope_not_held",
            {"trade": one.trade, "grade": one.grade, "measure": measure,
             "value": wanted.works[measure]},
            wanted.standards.get(one.grade, ""),
            "bidder",
        )  # fmt: skip
