"""Reads of conduct records, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from credit import citing
from credit.conduct import leaving
from credit.conduct.machine import (
    BEFORE_NOTICE,
    CAPTURED,
    EXPIRED,
    RECORD,
    REVOKED,
    is_upper,
)
from credit.conduct.models import ConductRecord
from credit.conduct.rules import RecordFacts
from credit.conduct.schemas import AmendPayload, CapturePayload
from credit.enterprises import selectors as archive
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import works_for
from kernel.documents import scans
from kernel.errors import Refused
from kernel.identifiers import regions
from kernel.identifiers.text import document_key
from kernel.regulation import selectors as law
from kernel.regulation.due import due
from kernel.workflow.relations import region_prefix

VALUES, GROUNDS = "values.conduct", "values.conduct_grounds"


CLASSES = ("minor", "ordinary", "serious", "good")
PROVINCE_DIGITS = 2


@RECORD.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> RecordFacts:
    """Everything that the guards of a record look at."""
    day = clock.legal_date(at)
    capture = payload if isinstance(payload, CapturePayload) else None
    items = scoring.scheme(at).items
    left = leaving.left_from(case, at)
    return RecordFacts(
        today=day,
        now=at,
        items={code: item.severity for code, item in items.items()},
        item=case.item,
        document_number=case.document_number,
        fact=case.fact,
        duplicate=_duplicate(case, payload),
        person=actor.person_id if actor else 0,
        verified_by=case.verified_by,
        proposed=case.proposed,
        proposed_by=case.proposed_by,
        repair_from=repair_from(case, at),
        repair_barred_by=case.repair_barred_by,
        articles=articles(day, citing.language()),
        bad=frozenset(code for code, item in items.items() if item.points < 0),
        by_document=frozenset(code for code, item in items.items() if item.stated),
        severity=case.severity,
        terms=_terms(day),
        term_over=_term_over(case, at),
        accepted_by=case.accepted_by,
        objection_until=objection_until(case),
        review_until=review_until(case),
        objected=bool(case.objection),
        decided=case.objection_decided_at is not None,
        reviewed=bool(case.review_reason),
        extended=bool(case.extension_reason),
        upper=len(region_prefix(case.decided_region)) > PROVINCE_DIGITS,
        suspended=case.suspended_by,
        heard_until=case.hearing_ends_at,
        stated=bool(case.statement),
        listing_answered=bool(case.listing_statement),
        above=actor is not None and is_upper(case, actor),
        place_unknown=_place_unknown(capture, actor),
        brought=_brought(payload, actor),
        interested=works_for(actor, case.uscc or getattr(payload, "uscc", ""), at),
        exit_from=left.at if left else None,
        exit_article=left.article if left else "",
        exit_asked=case.exit_due_at is not None,
        removal_document=case.proposal_document if case.proposed == "remove" else "",
        kept_back=case.kept_back,
        new_cause=leaving.new_cause(case),
        known_name=archive.name_of(capture.uscc) if capture else "",
    )


def _place_unknown(capture: CapturePayload | None, actor: Actor | None) -> bool:
    """Of what an officer enters only: what happened here has the place of its project."""
    if capture is None or actor is None or actor.is_platform:
        return False
    try:
        regions.region(capture.region)
    except Refused:
        return True
    return False


def _brought(payload: Any, actor: Actor | None) -> bool:
    file = getattr(payload, "commitment_sha256", "") or getattr(payload, "document_sha256", "")
    return bool(file and actor and not scans.missing(actor.organisation_id, [file]))


@lru_cache(maxsize=64)
def _terms(day: date) -> frozenset[str]:
    """The classes for which the law of a day has a term of showing."""
    return frozenset(name for name in CLASSES if _has_term(name, clock.start_of(day)))


def _term_key(severity: str) -> str:
    return "conduct.show_good" if severity == "good" else "conduct.show_longest"


def _has_term(severity: str, at: datetime) -> bool:
    try:
        law.find_period(_term_key(severity), at, subject={"class": severity})
    except Refused:
        return False
    return True


def term_ends_at(
    severity: str, starts_on: date, penalty_until: date | None, at: datetime
) -> datetime:
    """Until when what is published at an instant is shown: by class, and as long as a penalty.

    The term counts from the day of the deciding document. Refuses as ``due`` does.
    """
    end = due(
        clock.start_of(starts_on),
        _term_key(severity or "good"),
        subject={"class": severity or "good"},
        moment=at,
        provisional=True,
    ).at
    return end if penalty_until is None else max(end, clock.end_of(penalty_until))


def after_a_list(at: datetime) -> datetime:
    """Until when a record that leaves a list is shown as a bad one, at least.

    By the law of that day; where it says nothing, until the day ends, or its own term does later.
    """
    try:
        return due(at, "conduct.show_after_list", provisional=True).at
    except Refused:
        return clock.end_of(clock.legal_date(at))


def _term_over(case: Any, at: datetime) -> bool:
    """Whether nothing is left to show, by the end of the notice where one would come first."""
    if case.occurred_on is None:
        return False
    if case.state in BEFORE_NOTICE:
        at = due(at, "conduct.prior_notice", provisional=True).at
    severity, starts_on, until = case.severity, case.term_starts_on, case.penalty_until
    today = clock.legal_date(at)
    if starts_on > today or (severity or "good") not in _terms(today):
        return False  # another rule says so
    return term_ends_at(severity, starts_on, until, at) <= at


def objection_until(case: Any) -> datetime | None:
    """Until when an objection may be raised; None before publication."""
    return _until(case.published_at, "conduct.objection.raise")


def review_until(case: Any) -> datetime | None:
    """Until when the upper authority may be asked; None before a decision."""
    return _until(case.objection_decided_at, "conduct.review.ask")


def _until(start: datetime | None, period: str) -> datetime | None:
    return None if start is None else due(start, period, provisional=True).at


def articles(day: date, words: str) -> dict[str, str]:
    """What refusals and captured records rest on, in a language."""
    return citing.articles(VALUES, day, words) | citing.articles(GROUNDS, day, words)


def _duplicate(case: Any, payload: Any) -> bool:
    """Whether this fact, or what it is to be amended to, stands in another record already."""
    if isinstance(payload, CapturePayload):
        return is_recorded(payload.uscc, payload.item, payload.document_number, but=case.pk)
    item = payload.item if isinstance(payload, AmendPayload) else case.item
    return is_recorded(case.uscc, item, case.document_number, but=case.pk)


def is_recorded(uscc: str, item: str, number: str, *, but: int | None = None) -> bool:
    """Whether a fact has a record that is not revoked, other than the one ``but``.

    The same document is the same however its number is written. What was merely stored weighs
    nothing, and stands in nobody's way who brings the document with its right date.
    """
    return recorded(uscc, item, number, but=but) is not None


def recorded(uscc: str, item: str, number: str, *, but: int | None = None) -> ConductRecord | None:
    """That record, None where there is none."""
    if not number:
        return None
    others = ConductRecord.objects.filter(uscc=uscc, item=item).exclude(state=REVOKED)
    others = others.exclude(state=EXPIRED, published_at=None).exclude(pk=but)
    key = document_key(number)
    return next((row for row in others if document_key(row.document_number) == key), None)


def repair_from(case: Any, at: datetime) -> datetime | None:
    """By the law of the day on which repair is asked for, and never while the penalty runs."""
    if not case.severity or case.published_at is None:
        return None
    minor = case.severity == "minor"
    try:
        found = due(
            clock.start_of(case.term_starts_on),
            "conduct.repair.minor" if minor else "conduct.repair.earliest",
            subject={"class": case.severity},
            moment=at,
            provisional=True,
        ).at
    except Refused:
        return None  # the law of that day knows no repair of this class
    return found if case.penalty_until is None else max(found, clock.end_of(case.penalty_until))


def captured(uscc: str, item: str) -> QuerySet[ConductRecord]:
    """Records of an item that wait for two officers, oldest first."""
    found: QuerySet[ConductRecord] = ConductRecord.objects.filter(
        uscc=uscc, item=item, state=CAPTURED
    )
    return found.order_by("pk")
