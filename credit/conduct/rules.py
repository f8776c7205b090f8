"""The rules of conduct records: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kernel import clock
from kernel.errors import Refusal


@dataclass(frozen=True)
class RecordFacts:
    """All that the guards of a record look at.

    items: code -> severity class of the scheme in force. duplicate: another record that is not
    revoked has this enterprise, item and document. person: who acts; verified_by: who verified.
    proposed: the act that an officer proposed and nobody confirmed yet, or ""; proposed_by: who.
    repair_from: the first instant at which repair may be asked for, None where never;
    repair_barred_by: the article that bars it. bad: items that take points. severity: the record's
    class; terms: classes (``good`` among them) for which the law of the day has a term of showing.
    term_over: the term, as the record says, has passed by now. accepted_by: who
    accepted the objection. objection_until, review_until: until when each may be raised, None
    where it is not known yet. objected, reviewed, extended, decided: it happened once. upper: an
    authority stands above the one that decided. suspended: the document that suspends the use.
    by_document: items whose weight the document states. heard_until: until when the enterprise is
    heard on the listing, None before its notice is signed. above: who acts is an authority above
    the one that decided the objection. place_unknown: an officer names a place that is none.
    brought: who acts uploaded the commitment or the document.
    interested: an officer who works for the enterprise, too.
    exit_from: the first instant at which it may be asked that the list be left early, None where
    never; exit_article: what that rests on. exit_asked: it was asked and nobody decided yet.
    removal_document: that by which a removal is proposed, or "". new_cause: a record of the
    enterprise that would have it listed anew, by its number. kept_back: it weighs and is not shown.
    known_name: the archive's for the code that is entered, "" where it is not there.
    """

    today: date
    now: datetime
    items: Mapping[str, str]
    item: str
    document_number: str
    fact: str
    duplicate: bool
    person: int
    verified_by: int
    repair_from: datetime | None
    articles: Mapping[str, str]
    proposed: str = ""
    proposed_by: int = 0
    bad: frozenset[str] = frozenset()
    severity: str = ""
    terms: frozenset[str] = frozenset()
    term_over: bool = False
    repair_barred_by: str = ""
    accepted_by: int = 0
    objection_until: datetime | None = None
    review_until: datetime | None = None
    objected: bool = False
    decided: bool = False
    reviewed: bool = False
    extended: bool = False
    upper: bool = False
    suspended: str = ""
    heard_until: datetime | None = None
    listing_answered: bool = False
    stated: bool = False
    by_document: frozenset[str] = frozenset()
    above: bool = False
    place_unknown: bool = False
    brought: bool = False
    interested: bool = False
    exit_from: datetime | None = None
    exit_article: str = ""
    exit_asked: bool = False
    removal_document: str = ""
    new_cause: str = ""
    kept_back: bool = False
    known_name: str = ""


def refusal(facts: RecordFacts, what: str, cite: str, field: str, **more: Any) -> Refusal:
    """A refusal of a record by its short name. cite: which article; more: the facts it tells."""
    return Refusal(f"credit.conduct_record.{what}", more, facts.articles[cite], field)


def item_is_in_the_scheme(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """The item stands in the scheme of the day, with its class and term."""
    if payload is not None and payload.item not in facts.items:
        yield refusal(facts, "item_unknown", "record", "item", item=payload.item)


def weight_is_stated(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Points and term stand in the document where the scheme says so, and nowhere else."""
    if payload is None or payload.item not in facts.items:
        return
    given = (payload.stated_points, payload.stated_days)
    if payload.item in facts.by_document and not all(given):
        yield refusal(facts, "weight_missing", "record", "stated_points", item=payload.item)
    elif payload.item not in facts.by_document and any(given):
        yield refusal(facts, "weight_given", "record", "stated_points", item=payload.item)


def class_of(facts: RecordFacts, item: str, stated: str) -> str:
    """The class of a fact: as its document states it, else the item's; empty for good conduct."""
    return stated or facts.items.get(item, "")


def class_is_known(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Bad conduct has a class, good conduct none, and the law of the day a term for either."""
    if payload is not None and payload.item in facts.items:
        stated = payload.severity
        yield from _class_faults(facts, payload.item in facts.bad, stated, payload.item)


def _class_faults(facts: RecordFacts, bad: bool, stated: str, item: str) -> Iterator[Refusal]:
    found = class_of(facts, item, stated)
    if bad and not found:
        yield refusal(facts, "class_missing", "record", "severity", item=item)
    elif not bad and stated:
        yield refusal(facts, "class_of_good", "record", "severity", item=item)
    elif (found or "good") not in facts.terms:
        yield refusal(facts, "term_missing", "repair", "severity", severity=found or "good")


def is_complete(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing is published without its document, its class and a term that still runs."""
    if not facts.document_number:
        yield refusal(facts, "document_missing", "record", "")
    if facts.item in facts.items:
        yield from _class_faults(facts, facts.item in facts.bad, facts.severity, facts.item)
    yield from term_still_runs(facts, None)


def term_still_runs(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What may be shown no longer is not published, and not used."""
    if facts.term_over:
        yield refusal(facts, "term_over", "repair", "decided_on")


def term_is_over(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What may still be shown is published, not put by."""
    if not facts.term_over:
        yield refusal(facts, "term_runs", "repair", "")


def is_kept_back(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What is shown already is not shown again."""
    if not facts.kept_back:
        yield refusal(facts, "shown_already", "repair", "")


def is_bad(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody is listed for good conduct."""
    if facts.item not in facts.bad:
        yield refusal(facts, "not_listable", "record", "")


def statement_is_made(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """A statement says something."""
    if payload is not None and not payload.statement:
        yield refusal(facts, "statement_missing", "appeal", "statement")


def statement_is_the_first(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What was answered is not asked again; an objection comes after publication."""
    if facts.stated:
        yield refusal(facts, "stated_already", "appeal", "")


def listing_was_not_answered(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """The enterprise has its say once."""
    if facts.listing_answered:
        yield refusal(facts, "listing_answered", "appeal", "")


def was_heard(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody is listed before the days of its notice are over, whatever it has said by then."""
    if facts.heard_until is None:
        yield refusal(facts, "not_heard", "appeal", "")
    elif facts.now < facts.heard_until:
        last = clock.legal_date(facts.heard_until - timedelta(microseconds=1))
        yield refusal(facts, "hearing_runs", "appeal", "", until=last.isoformat())


def objection_is_the_first(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """An objection is raised once; then the upper authority is asked."""
    if facts.objected:
        yield refusal(facts, "objected_already", "appeal", "")


def objection_is_in_time(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """An objection comes within its days from publication."""
    yield from _in_time(facts, "objection_late", facts.objection_until)


def review_is_in_time(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Review is asked for within its days from the decision."""
    yield from _in_time(facts, "review_late", facts.review_until)


def _in_time(facts: RecordFacts, what: str, until: datetime | None) -> Iterator[Refusal]:
    if until is not None and facts.now >= until:
        last = clock.legal_date(until - timedelta(microseconds=1))
        yield refusal(facts, what, "appeal", "", until=last.isoformat())


def extended_once(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """The time to decide is made longer once."""
    if facts.extended:
        yield refusal(facts, "extended_already", "appeal", "")


def objection_was_decided(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """The upper authority is asked after the first decision."""
    if not facts.decided:
        yield refusal(facts, "not_decided", "appeal", "")


def review_is_the_first(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """The upper authority reviews once."""
    if facts.reviewed:
        yield refusal(facts, "reviewed_already", "appeal", "")


def there_is_an_upper_authority(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Above the province nobody decides here: what remains is the court."""
    if facts.decided and not facts.upper:
        yield refusal(facts, "no_upper_authority", "appeal", "")


def decision_is_named(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """An act that rests on a decision or a court order names it."""
    if payload is not None and not payload.document_number:
        yield refusal(facts, "decision_missing", "appeal", "document_number")


def is_not_suspended(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What is suspended is not suspended again."""
    if facts.suspended:
        yield refusal(facts, "suspended_already", "appeal", "", number=facts.suspended)


def is_suspended(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what is suspended is taken into use again."""
    if not facts.suspended:
        yield refusal(facts, "not_suspended", "appeal", "")


def change_did_happen(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """A change of a penalty is noted after it happened."""
    if payload is not None and payload.changed_on > facts.today:
        yield refusal(
            facts, "dated_ahead", "penalty", "changed_on", on=payload.changed_on.isoformat()
        )


def is_no_duplicate(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """The same fact twice is one fact."""
    if facts.duplicate:
        number = getattr(payload, "document_number", facts.document_number)
        yield refusal(facts, "duplicate", "record", "document_number", number=number)


def reason_is_given(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Who changes or doubts a record says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["record"], "reason")
