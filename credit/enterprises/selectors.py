"""Reads of the archive: what an enterprise holds, whether it may bid, what it has built."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When

from credit import citing
from credit.conduct.barring import bans
from credit.enterprises import bidding
from credit.enterprises.bidding import Held, Wanted, may_bid
from credit.enterprises.machine import LICENCE, VALID
from credit.enterprises.models import (
    Achievement,
    ArchiveChange,
    Enterprise,
    Licence,
    MachineHeld,
    NationalRecord,
    WageMonth,
)
from credit.enterprises.rules import LicenceFacts, kept_in
from credit.enterprises.schemas import LicencePayload
from credit.enterprises.scopes import Limit, Limits
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import works_for
from kernel.documents import scans
from kernel.errors import Refusal
from kernel.queries import Prepared
from kernel.regulation import selectors as law
from kernel.workflow.relations import region_prefix

VALUES, SCOPES = "values.enterprise_archive", "scopes.qualification"
OFFICERS = "values.archive_officers"
CODE_LISTS = (
    "licence_kind", "proof_level", "qualification_trade", "qualification_grade",
    "person_certificate", "person_trade",
)  # fmt: skip


@LICENCE.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> LicenceFacts:
    """Everything that the guards of a licence look at."""
    taken = False
    known: Enterprise | None = None
    told: dict[str, Any] = {}
    if isinstance(payload, LicencePayload):
        known = enterprise(payload.uscc)
        told = _entering(payload, known, actor)
        taken = Licence.objects.filter(
            kind=payload.kind, number=payload.number, holder=payload.holder, state=VALID
        ).exists()
    return LicenceFacts(
        today=clock.legal_date(at),
        codes={
            name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS
        },
        taken=taken,
        proven=known is not None and bool(known.registry_sha256),
        known_as=known.name if known else "",
        articles=articles(clock.legal_date(at), citing.language()),
        interested=works_for(actor, case.uscc or getattr(payload, "uscc", ""), at),
        **told,
    )


def _entering(
    payload: LicencePayload, known: Enterprise | None, actor: Actor | None
) -> dict[str, Any]:
    """What is asked of whoever records: whose enterprise it is, and what bears the licence out."""
    own = actor.region if actor else ""
    place = (known.kept_in if known else "") or kept_in(payload.uscc, own)
    file = payload.file_sha256
    named = {
        "safety": {"facts__safety_licence": payload.number},
        "person": {"facts__certificate": payload.number, "facts__user_name": payload.holder},
    }.get(payload.kind)
    return {
        "elsewhere": "" if place.startswith(region_prefix(own)) else place,
        "brought": bool(file and actor and not scans.missing(actor.organisation_id, [file])),
        "registered": named is not None
        and NationalRecord.objects.filter(uscc=payload.uscc, **named).exists(),
    }


def articles(day: date, words: str) -> dict[str, str]:
    """What refusals of the archive rest on, in a language."""
    return citing.articles(VALUES, day, words) | citing.articles(OFFICERS, day, words)


def keepers(usccs: Collection[str], own: str) -> dict[str, str]:
    """Whose officers keep each enterprise; ``own`` where one of elsewhere is not in the archive."""
    rows = Enterprise.objects.filter(uscc__in=usccs).values_list("uscc", "kept_in")
    known = dict(rows)
    return {uscc: known.get(uscc) or kept_in(uscc, own) for uscc in usccs}


def known_keepers(usccs: Collection[str]) -> dict[str, str]:
    """Whose officers keep each enterprise; "" where one of another province is not in the archive.

    Of who is nowhere on record no place can be told, least of all the place of who asks.
    """
    return keepers(usccs, "")


def name_of(uscc: str) -> str:
    """What the archive calls an enterprise, "" where it does not know it."""
    return Enterprise.objects.filter(uscc=uscc).values_list("name", flat=True).first() or ""


def enterprise(uscc: str) -> Enterprise | None:
    """An enterprise of the archive by its code, or None."""
    return Enterprise.objects.filter(uscc=uscc).first()


@dataclass(frozen=True)
class Search:
    """What an enterprise is looked for by. text: part of name or code; region: six digits of the
    place where it is registered, with everything inside; trade and grade: of a qualification in
    force, of one certificate where both are asked.
    """

    text: str = ""
    region: str = ""
    trade: str = ""
    grade: str = ""


def register(asked: Search | None = None) -> QuerySet[Enterprise]:
    """Enterprises of the archive, all or those that are looked for; by code."""
    asked, found = asked or Search(), Enterprise.objects.all()
    if asked.text:
        found = found.filter(Q(name__contains=asked.text) | Q(uscc__startswith=asked.text.upper()))
    if asked.region:
        found = found.filter(region__startswith=region_prefix(asked.region))
    if asked.trade or asked.grade:
        holders = Licence.objects.filter(kind="qualification", state=VALID)
        if asked.trade:
            holders = holders.filter(trade=asked.trade)
        if asked.grade:
            holders = holders.filter(grade=asked.grade)
        found = found.filter(uscc__in=holders.values("uscc"))
    return found


def licences(uscc: str) -> QuerySet[Licence]:
    """Every licence that an enterprise ever held here, newest first."""
    found: QuerySet[Licence] = Licence.objects.filter(uscc=uscc)
    return found


@dataclass(frozen=True)
class WageTotals:
    """What an enterprise's payrolls of a month sum up to. Money in fen."""

    month: str
    workers: int
    total_fen: int
    paid_fen: int
    overdue: int


def machines(uscc: str) -> QuerySet[MachineHeld]:
    """Lifting machines that an enterprise owns or uses now."""
    return MachineHeld.objects.filter(Q(owner_uscc=uscc) | Q(user_uscc=uscc))


def wage_months(uscc: str, most: int = 12) -> list[WageTotals]:
    """The last months of an enterprise's payrolls, newest first."""
    paid = Case(When(state="paid", then=F("total_fen")), default=0)
    late = Case(When(was_overdue=True, then=1), default=0)
    rows = (
        WageMonth.objects.filter(uscc=uscc)
        .values("month")
        .annotate(people=Sum("workers"), due=Sum("total_fen"), paid=Sum(paid), late=Sum(late))
        .order_by("-month")[:most]
    )
    return [WageTotals(r["month"], r["people"], r["due"], r["paid"], r["late"]) for r in rows]


def changes(uscc: str) -> QuerySet[ArchiveChange]:
    """Every change of an enterprise's archive, newest first."""
    return ArchiveChange.objects.filter(uscc=uscc)


def achievements(uscc: str) -> QuerySet[Achievement]:
    """What it contracted and built here, newest first."""
    return Achievement.objects.filter(uscc=uscc, ended_at=None)


def refusals_to_bid(
    uscc: str, *, trade: str, grade: str, at: datetime, works: Mapping[str, int] | None = None
) -> list[Refusal]:
    """Why an enterprise may not bid for works of a trade and grade; empty where it may.

    trade: a code of ``qualification_trade``, empty where none is asked; grade: the least grade.
    works: what the tender states of their size (``scopes.MEASURES``), in whole m, m² and fen.
    Where the firm is registered is never asked.
    """
    day = clock.legal_date(at)
    held = [Held(*row) for row in _held.rows(uscc)]
    return list(may_bid(held, _wanted(trade, grade, day, works), bans(uscc, day), day))


def left_to_judge(
    uscc: str, *, trade: str, grade: str, at: datetime, works: Mapping[str, int] | None = None
) -> list[Refusal]:
    """What of works of a size no limit is held of, so that people must judge whether it may build.

    None of them refuses anything; asked as :func:`refusals_to_bid`. One query.
    """
    if not trade or not works:
        return []
    day = clock.legal_date(at)
    held = [Held(*row) for row in _held.rows(uscc)]
    return list(bidding.left_to_judge(held, _wanted(trade, grade, day, works), day))


def _wanted(trade: str, grade: str, day: date, works: Mapping[str, int] | None) -> Wanted:
    language = citing.language()
    return Wanted(
        trade,
        grade,
        _under("rank", day),
        citing.articles(VALUES, day, language),
        frozenset(_under("covered_by_comprehensive", day)),
        works or {},
        limits(day, language),
        _standards(day, language),
    )


def safety_licence(uscc: str, at: datetime) -> str:
    """Number of the safety production licence that an enterprise holds on a legal day, or ""."""
    day = clock.legal_date(at)
    held = [Held(*row) for row in _held.rows(uscc)]
    return next((h.number for h in held if h.kind == "safety" and h.holds_on(day)), "")


_held = Prepared(
    lambda slots: (
        Licence.objects.filter(uscc=slots.text(0))
        .exclude(state="revoked")
        .values_list("kind", "trade", "grade", "number", "valid_from", "valid_to")
    )
)


@lru_cache(maxsize=64)
def _under(name: str, day: date) -> dict[str, Any]:
    rows = law.resolve(VALUES, clock.start_of(day)).rows
    return {key: row["value"] for row in rows if (key := row.key.partition(f"{name}.")[2])}


@lru_cache(maxsize=64)
def limits(day: date, language: str) -> Limits:
    """What each trade and grade may build on a legal day, as far as law is held of it."""
    rows = law.resolve(SCOPES, clock.start_of(day)).rows
    return {
        (row["trade"], row["grade"], row["measure"]): Limit(
            row["most"], citing.cited(row, language)
        )
        for row in rows
    }


@lru_cache(maxsize=64)
def _standards(day: date, language: str) -> dict[str, str]:
    """The standard that each grade stands in, as cited."""
    rows = law.resolve("codes.qualification_grade", clock.start_of(day)).rows
    return {row.key: citing.cited(row, language) for row in rows}


def manager_certificate(uscc: str, holder: str, at: datetime) -> Licence | None:
    """The certificate of a person that an enterprise has on record as valid, or None."""
    found: Licence | None = Licence.objects.filter(
        uscc=uscc, kind="person", holder=holder, state=VALID, ends_at__gt=at
    ).first()
    return found


def resume_facts(uscc: str, at: datetime) -> dict[str, Any]:
    """What a tender résumé takes from the archive; see :func:`credit.enterprises.resume.facts`."""
    from credit.enterprises import resume  # it reads what stands above

    return resume.facts(uscc, at)
