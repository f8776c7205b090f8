"""Reads of securities, and the one load of facts that their guards look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.regulation import selectors as law
from kernel.regulation.citing import cited, language
from procurement.projects import selectors as projects
from procurement.projects.machine import REGISTERED
from procurement.securities import needs
from procurement.securities.machine import SECURITY
from procurement.securities.models import Security
from procurement.securities.rules import LotTerms, SecurityFacts
from procurement.tendering import selectors as tendering


@dataclass(frozen=True)
class Held:
    """A security as other rooms look at it. Money in fen; valid_to: its last day.

    let_go: a bid that was taken back released it, and its guarantor has to return it.
    """

    pk: int
    kind: str
    number: str
    about: str
    guarantor_uscc: str
    principal_uscc: str
    beneficiary_uscc: str
    amount_fen: int
    valid_from: date
    valid_to: date
    returned_at: datetime | None
    let_go: bool = False


def in_force(kind: str, about: str, at: datetime, principal: str = "") -> tuple[Held, ...]:
    """Securities of a kind for a lot, contract or works that were in force at an instant.

    principal: only this organisation's. Whoever asks for bid securities before the opening does
    not tell anybody what it was answered.
    """
    day = clock.legal_date(at)
    found = _about(kind, about, principal).filter(
        issued_at__lte=at, valid_from__lte=day, lapses_at__gt=at
    )
    found = found.filter(
        Q(returned_at__isnull=True) | Q(returned_at__gt=at),
        Q(claimed_at__isnull=True) | Q(claimed_at__gt=at),
    )
    return tuple(map(_held, found))


def returned(kind: str, about: str, at: datetime, principal: str = "") -> tuple[Held, ...]:
    """Securities of a kind for a lot, contract or works that had been returned by an instant."""
    return tuple(map(_held, _about(kind, about, principal).filter(returned_at__lte=at)))


def standing(number: str, lot_number: str, at: datetime) -> str:
    """How a bid security stands that somebody names for a lot: empty where it is in order.

    ``unknown``: no guarantor issued this number by then; ``other_lot``: it secures another lot's
    bid; ``returned``: it had been given back.
    """
    same = Security.objects.filter(kind="bid", number=number, issued_at__lte=at)
    found = list(same.values_list("about", "returned_at"))
    if not found:
        return "unknown"
    here = [back for about, back in found if about == lot_number]
    if not here:
        return "other_lot"
    return "" if any(back is None or back > at for back in here) else "returned"


def _about(kind: str, about: str, principal: str) -> Any:
    found = Security.objects.filter(kind=kind, about=about).order_by("issued_at", "pk")
    return found.filter(principal_uscc=principal) if principal else found


def _held(case: Security) -> Held:
    return Held(
        case.pk,
        case.kind,
        case.number,
        case.about,
        case.guarantor_uscc,
        case.principal_uscc,
        case.beneficiary_uscc,
        case.amount_fen,
        case.valid_from,
        case.valid_to,
        case.returned_at,
        case.release_due_at is not None,
    )


@SECURITY.facts
def facts(
    case: Security, at: datetime, payload: Any = None, actor: Actor | None = None
) -> SecurityFacts:
    """Everything that the guards of a security look at, at a legal moment."""
    issuing: Any = payload if case.pk is None else None
    rules = _law(clock.legal_date(at).isoformat(), language())
    about = issuing.about if issuing else case.about
    kind = issuing.kind if issuing else case.kind
    return SecurityFacts(
        at=at,
        today=clock.legal_date(at),
        kind=kind,
        amount_fen=case.amount_fen or 0,
        valid_to=case.valid_to,
        articles=rules[0],
        kinds=rules[1],
        performance_percent=rules[2],
        taken=bool(issuing and actor) and _taken(issuing.number, actor),
        project_known=bool(issuing) and _registered(issuing.project_number),
        own_file=_own_file(issuing, actor),
        lot=_terms(about, at) if issuing and kind == "bid" else None,
        price_fen=needs.contract_price(about) if kind == "performance" else None,
        by_guarantor=actor is not None and actor.uscc == case.guarantor_uscc,
        released=bool(case.return_due_at or case.release_due_at) or _ended_unopened(case),
        withdrawn=case.release_due_at is not None,
    )


def _ended_unopened(case: Security) -> bool:
    lot = tendering.public_lot(case.about) if case.kind == "bid" else None
    return lot is not None and lot.state in ("failed", "retendered", "terminated")


def _taken(number: str, actor: Actor | None) -> bool:
    uscc = actor.uscc if actor else ""
    return Security.objects.filter(guarantor_uscc=uscc, number=number).exists()


def _registered(number: str) -> bool:
    project = projects.public_project(number)
    return project is not None and project.state == REGISTERED


def _own_file(issuing: Any, actor: Actor | None) -> bool:
    if not issuing or not issuing.file_sha256 or actor is None:
        return True
    return not scans.missing(actor.organisation_id, [issuing.file_sha256])


def _terms(number: str, at: datetime) -> LotTerms | None:
    lot = tendering.public_lot(number)
    if lot is None or lot.bid_deadline_at is None:
        return None
    return LotTerms(
        open=lot.state in ("published", "paused") and at < lot.bid_deadline_at,
        owner_uscc=lot.owner_uscc,
        project_number=lot.project_number,
        amount_fen=lot.security_fen,
        bid_deadline_on=clock.legal_date(lot.bid_deadline_at),
        validity_days=lot.bid_validity_days,
    )


@lru_cache(maxsize=64)
def _law(day: str, words: str) -> tuple[dict[str, str], frozenset[str], int]:
    at = clock.start_of(date.fromisoformat(day))
    rule_set = law.resolve("values.securities", at)
    articles = {
        key: cited(row, words) for row in rule_set.rows if (key := row.key.partition("cite.")[2])
    }
    kinds = frozenset(code for code, _label in law.options("security_kind", at))
    return articles, kinds, law.row("values.securities", "performance.percent", at)["value"]
