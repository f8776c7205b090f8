"""The rules of the enterprise archive: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers import safety_licence
from kernel.identifiers.guards import unsound, uscc_is_sound


@dataclass(frozen=True)
class LicenceFacts:
    """All that the guards of a licence look at.

    codes: list name -> codes valid today. taken: another live licence has this kind and number.
    articles: what each rule rests on.
    """

    today: date
    codes: Mapping[str, frozenset[str]]
    taken: bool
    articles: Mapping[str, str]


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


def codes_are_listed(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """Kind, proof and (of a qualification) trade and grade stand in the lists of today."""
    if payload is None:
        return
    wanted = [("kind", "licence_kind"), ("proof", "proof_level")]
    if payload.kind == "qualification":
        wanted += [("trade", "qualification_trade"), ("grade", "qualification_grade")]
    for name, listed in wanted:
        code = getattr(payload, name)
        if code not in facts.codes[listed]:
            yield Refusal(
                "credit.licence.code_unlisted",
                {"field": name, "code": code},
                facts.articles["archive"],
                name,
            )


def number_fits_kind(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A safety production licence has the form of its number."""
    if payload is not None and payload.kind == "safety":
        article = facts.articles["safety"]
        yield from unsound(safety_licence.parse, payload.number, article, "number")


def period_runs_forward(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A licence ends after it begins."""
    if payload is not None and payload.valid_to <= payload.valid_from:
        yield Refusal(
            "credit.licence.period_backward",
            {"from": payload.valid_from.isoformat(), "to": payload.valid_to.isoformat()},
            facts.articles["archive"],
            "valid_to",
        )


def person_is_named(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A personal certificate says whose it is."""
    if payload is not None and payload.kind == "person" and not payload.holder:
        yield Refusal("credit.licence.holder_missing", {}, facts.articles["archive"], "holder")


def licence_is_new(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """One licence of a number is in force at a time."""
    if payload is not None and facts.taken:
        yield Refusal(
            "credit.licence.taken",
            {"number": payload.number},
            facts.articles["archive"],
            "number",
        )


def reason_is_given(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever takes a licence away says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["archive"], "reason")


SOUND = (
    uscc_is_sound,
    codes_are_listed,
    number_fits_kind,
    period_runs_forward,
    person_is_named,
    licence_is_new,
)


@dataclass(frozen=True)
class Wanted:
    """What a tender asks of a bidder. ranks: grade -> rank, the best is 1; region-neutral."""

    trade: str
    grade: str
    ranks: Mapping[str, int]
    articles: Mapping[str, str]


def may_bid(
    held: Iterable[Held], wanted: Wanted, barred: Iterable[str], today: date
) -> Iterator[Refusal]:
    """Why an enterprise may not bid on a day: no qualification, no safety licence, barred.

    barred: document numbers of decisions that exclude it from bidding.
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
        best = min(
            (wanted.ranks[h.grade] for h in live if _qualifies(h, wanted)),
            default=None,
        )
        # A tender that names no grade asks for the trade alone.
        least = wanted.ranks.get(wanted.grade, max(wanted.ranks.values()))
        if best is None or best > least:
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
    for number in barred:
        yield Refusal(
            "credit.enterprise.barred", {"document": number}, wanted.articles["barred"], "bidder"
        )


def _qualifies(held: Held, wanted: Wanted) -> bool:
    return (
        held.kind == "qualification" and held.trade == wanted.trade and held.grade in wanted.ranks
    )
