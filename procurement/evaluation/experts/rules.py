"""Guards of the bank of experts (Tendering Law, art. 37): pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers import regions, uscc
from kernel.identifiers.guards import unsound
from procurement.evaluation.experts.schemas import Employment, ExpertPayload
from procurement.evaluation.experts.two import Proposal
from procurement.evaluation.rules import Numbers

CODE = "procurement.expert."


@dataclass(frozen=True)
class ExpertFacts:
    """What the guards of an expert look at.

    asked: what was applied for, of the payload or of the case. others: files that the person has
    in the bank already. own_file: the applicant brought the certificate's file. mine: who acts is
    the expert. specialties, titles: codes of the lists. known: employments on record. state: of
    the case. proposed: by act, what one officer proposed and another has to decide. actor_person:
    key of who acts.
    """

    today: date
    numbers: Numbers
    asked: ExpertPayload
    others: int = 0
    own_file: bool = True
    mine: bool = False
    specialties: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    known: tuple[Employment, ...] = ()
    state: str = ""
    proposed: Mapping[str, Proposal] = field(default_factory=dict)
    actor_person: int = 0


def refuse(
    facts: ExpertFacts, what: str, key: str = "expert.file", field: str = "", **said: Any
) -> Refusal:
    """A refusal with the article that a key of the rule set rests on."""
    return Refusal(CODE + what, said, facts.numbers.articles[key], field)


def years_between(since: date, today: date) -> int:
    """Whole years that have passed; somebody who began on 29 February counts on 1 March."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def has_one_file(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """A person stands in the bank once, or the lot would favour who stands there twice."""
    if facts.others:
        yield refuse(facts, "known")


def is_specialised(facts: ExpertFacts, payload: Any) -> Iterator[Refusal]:
    """Experts are drawn by specialty: each has one of the list, or several."""
    given = getattr(payload, "specialties", facts.asked.specialties)
    if not given:
        yield refuse(facts, "unspecialised", "expert.specialty", "specialties")
    for code in sorted(set(given) - facts.specialties):
        yield refuse(facts, "specialty_unknown", "expert.specialty", "specialties", code=code)


def lives_somewhere(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """The draw asks where somebody works; so does which authority keeps their file."""
    yield from unsound(
        regions.parse, facts.asked.region, facts.numbers.articles["expert.file"], "region"
    )


def practised_long_enough(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """Eight years of work in the field."""
    since, least = facts.asked.practised_on, facts.numbers["expert.years"]
    years = years_between(since, facts.today) if since else 0
    if years < least:
        yield refuse(facts, "years_few", "expert.years", "practised_on", years=years, least=least)


def has_title(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """A senior title or an equal level, proven by a paper with its number and file."""
    if facts.asked.title not in facts.titles:
        yield refuse(facts, "title_missing", "expert.title", "title")
    if not facts.asked.title_number:
        yield refuse(facts, "title_unproven", "expert.title", "title_number")
    if not facts.asked.title_sha256 or not facts.own_file:
        yield refuse(facts, "title_unproven", "expert.title", "title_sha256")


def has_clean_record(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody who was punished for what they did in tendering or evaluation (order 12, art. 12)."""
    if facts.asked.punishments:
        yield refuse(facts, "punished", "expert.record", "punishments")


def works_somewhere(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """Employers are what conflicts of interest are found by: today's at least, each a true code."""
    article = facts.numbers.articles["committee.conflict"]
    if not any(one.until is None for one in facts.asked.employments):
        yield refuse(facts, "employer_missing", "committee.conflict", "employments")
    for place, one in enumerate(facts.asked.employments):
        field = f"employments.{place}"
        yield from unsound(uscc.parse, one.uscc, article, f"{field}.uscc")
        yield from _of_the_past(facts, one, field)


def employment_is_sound(facts: ExpertFacts, payload: Any) -> Iterator[Refusal]:
    """An employer is added or, once, left; nothing that was told is taken away."""
    if payload is None:
        return
    yield from unsound(
        uscc.parse, payload.uscc, facts.numbers.articles["committee.conflict"], "uscc"
    )
    yield from _of_the_past(facts, payload, "")
    same = [one for one in facts.known if (one.uscc, one.since) == (payload.uscc, payload.since)]
    if same and (same[0].until is not None or payload.until is None):
        yield refuse(facts, "employment_known", "committee.conflict", "since")


def _of_the_past(facts: ExpertFacts, one: Any, field: str) -> Iterator[Refusal]:
    prefix = f"{field}." if field else ""
    if one.since > facts.today or (one.until is not None and one.until > facts.today):
        yield refuse(facts, "employment_future", "committee.conflict", f"{prefix}since")
    if one.until is not None and one.until < one.since:
        yield refuse(facts, "employment_backwards", "committee.conflict", f"{prefix}until")


def is_another(facts: ExpertFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody decides on their own file."""
    if facts.mine:
        yield refuse(facts, "own_file")


def record_was_looked_up(facts: ExpertFacts, payload: Any) -> Iterator[Refusal]:
    """An officer says where the record of punishments was looked up; what stands there bars."""
    if payload is None:
        return
    if not payload.record:
        yield refuse(facts, "record_unchecked", "expert.record", "record")
    if payload.found:
        yield refuse(facts, "punished", "expert.record", "found")


def reason_is_given(facts: ExpertFacts, payload: Any) -> Iterator[Refusal]:
    """A reason stands in writing."""
    if payload is not None and not payload.reason:
        yield refuse(facts, "reason_missing", field="reason")


# What law asks of everybody in the bank, at every admission and renewal.
LAWFUL = (
    is_specialised, lives_somewhere, practised_long_enough, has_title, has_clean_record,
    works_somewhere,
)  # fmt: skip
