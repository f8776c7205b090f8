"""Reads of the archive: what an enterprise holds, whether it may bid, what it has built."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from credit import citing
from credit.conduct.selectors import barring_documents
from credit.enterprises.machine import LICENCE, VALID
from credit.enterprises.models import Achievement, Enterprise, Licence
from credit.enterprises.rules import Held, LicenceFacts, Wanted, may_bid
from credit.enterprises.schemas import LicencePayload
from kernel import clock
from kernel.errors import Refusal
from kernel.queries import Prepared
from kernel.regulation import selectors as law

VALUES = "values.enterprise_archive"
CODE_LISTS = ("licence_kind", "proof_level", "qualification_trade", "qualification_grade")


@LICENCE.facts
def facts(case: Any, at: datetime, payload: Any) -> LicenceFacts:
    """Everything that the guards of a licence look at."""
    taken = False
    if isinstance(payload, LicencePayload):
        taken = Licence.objects.filter(
            kind=payload.kind, number=payload.number, holder=payload.holder, state=VALID
        ).exists()
    return LicenceFacts(
        today=clock.legal_date(at),
        codes={
            name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS
        },
        taken=taken,
        articles=citing.articles(VALUES, clock.legal_date(at), citing.language()),
    )


def enterprise(uscc: str) -> Enterprise | None:
    """An enterprise of the archive by its code, or None."""
    return Enterprise.objects.filter(uscc=uscc).first()


def register(text: str = "", trade: str = "") -> QuerySet[Enterprise]:
    """Enterprises by a part of their name or code, holding a trade; by code."""
    found = Enterprise.objects.all()
    if text:
        found = found.filter(Q(name__contains=text) | Q(uscc__startswith=text.upper()))
    if trade:
        holders = Licence.objects.filter(trade=trade, state=VALID)
        found = found.filter(uscc__in=holders.values("uscc"))
    return found


def licences(uscc: str) -> QuerySet[Licence]:
    """Every licence that an enterprise ever held here, newest first."""
    found: QuerySet[Licence] = Licence.objects.filter(uscc=uscc)
    return found


def achievements(uscc: str) -> QuerySet[Achievement]:
    """What it contracted and built here, newest first."""
    return Achievement.objects.filter(uscc=uscc)


def refusals_to_bid(uscc: str, *, trade: str, grade: str, at: datetime) -> list[Refusal]:
    """Why an enterprise may not bid for works of a trade and grade; empty where it may.

    trade: a code of ``qualification_trade``, empty where none is asked; grade: the least grade.
    Where the firm is registered is never asked.
    """
    day = clock.legal_date(at)
    held = [Held(*row) for row in _held.rows(uscc)]
    wanted = Wanted(trade, grade, _ranks(day), citing.articles(VALUES, day, citing.language()))
    return list(may_bid(held, wanted, barring_documents(uscc), day))


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
def _ranks(day: Any) -> dict[str, int]:
    rows = law.resolve(VALUES, clock.start_of(day)).rows
    return {key: row["value"] for row in rows if (key := row.key.partition("rank.")[2])}


def manager_certificate(uscc: str, holder: str, at: datetime) -> Licence | None:
    """The certificate of a person that an enterprise has on record as valid, or None."""
    found: Licence | None = Licence.objects.filter(
        uscc=uscc, kind="person", holder=holder, state=VALID, ends_at__gt=at
    ).first()
    return found
