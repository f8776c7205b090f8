"""Reads of lots for other rooms and pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kernel.workflow import reads
from procurement.tendering.models import Lot

# States in which a lot has not been announced, or was given up before it was.
UNPUBLISHED = ("draft", "approved")


@dataclass(frozen=True)
class LotView:
    """A lot as bids, evaluation and contracts look at it. Money in fen.

    parameters: marks by part, drawable factors (percent) and slopes, decimals as text. criteria:
    part (technical, commercial), name and points of what members score.
    """

    pk: int
    number: str
    state: str
    project_number: str
    region: str
    name: str
    kind: str
    method: str
    invited: tuple[str, ...]
    owner_uscc: str
    agency_uscc: str
    bid_deadline_at: datetime | None
    ceiling_price_fen: int
    bill_sha256: str
    evaluation_method: str
    parameters: dict[str, Any]
    criteria: tuple[dict[str, Any], ...]
    qualification_trade: str
    qualification_grade: str
    period_days: int
    quality: str
    security_fen: int
    bid_validity_days: int
    policy_sha256: str
    published_at: datetime | None


def lot(number: str) -> Lot | None:
    """A lot by its number, whatever its state, or None."""
    found: Lot | None = reads.case_by(Lot, "number", number)
    return found


def lot_names(numbers: Iterable[str]) -> dict[str, str]:
    """The names of lots by their numbers, whatever their state."""
    found = Lot.objects.order_by().filter(number__in=set(numbers))
    return dict(found.values_list("number", "name"))


def lot_facts(number: str) -> LotView | None:
    """What other rooms may rest on, of a lot as it is now; None where there is no such lot."""
    case = lot(number)
    if case is None:
        return None
    return LotView(
        pk=case.pk,
        number=case.number,
        state=str(case.state),
        project_number=case.project_number,
        region=case.region,
        name=case.name,
        kind=case.kind,
        method=case.method,
        invited=tuple(case.invited),
        owner_uscc=case.owner_uscc,
        agency_uscc=case.agency_uscc,
        bid_deadline_at=case.bid_deadline_at,
        ceiling_price_fen=case.ceiling_price_fen,
        bill_sha256=case.bill_sha256,
        evaluation_method=case.evaluation_method,
        parameters=case.evaluation_parameters,
        criteria=tuple(case.criteria),
        qualification_trade=case.qualification_trade,
        qualification_grade=case.qualification_grade,
        period_days=case.period_days,
        quality=case.quality,
        security_fen=case.security_fen,
        bid_validity_days=case.bid_validity_days,
        policy_sha256=case.policy_sha256,
        published_at=case.published_at,
    )


# What of a lot is public, and since when: by what the register and the search call it.
PUBLIC_SINCE = {
    "notice": "published_at",
    "publicity": "publicised_at",
    "result": "awarded_at",
}


def public_register(what: str = "notice") -> QuerySet[Lot]:
    """What everybody may see, newest first: lots whose notice, candidates or result are out."""
    since = PUBLIC_SINCE[what]
    found: QuerySet[Lot] = Lot.objects.filter(published_at__isnull=False)
    if what != "notice":
        found = found.filter(**{f"{since}__isnull": False})
    return found.order_by(f"-{since}", "-pk")


def public_lot(number: str) -> Lot | None:
    """A published lot by its number, or None."""
    return public_register().filter(number=number).first()


def options(uscc: str, *states: str) -> list[tuple[str, str]]:
    """Number and name of the lots of an owner or agency that stand in one of the states."""
    own = Lot.objects.filter(owner_uscc=uscc) | Lot.objects.filter(agency_uscc=uscc)
    rows = own.filter(state__in=states).order_by("-pk")[:200]
    return [(lot.number, f"{lot.number} {lot.name}") for lot in rows]
