"""Reads of objections, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.regulation.due import latest_before
from kernel.workflow.holding import hold
from procurement.tendering import law_facts, needs
from procurement.tendering.models import Lot
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.objections.models import Objection
from procurement.tendering.objections.rules import ObjectionFacts
from procurement.tendering.objections.schemas import RaisePayload
from procurement.tendering.selectors import public_lot

_WITHDRAWALS = 2


@OBJECTION.facts
def facts(
    case: Objection, at: datetime, payload: Any = None, actor: Actor | None = None
) -> ObjectionFacts:
    """Everything that the guards of an objection look at, at a legal moment."""
    raising = payload if isinstance(payload, RaisePayload) else None
    lot = public_lot(raising.lot_number if raising else case.lot_number)
    stage = raising.stage if raising else case.stage
    rules = law_facts.of(at, lot.region if lot else case.region)
    return ObjectionFacts(
        at=at,
        stage=stage,
        stages=rules.codes["objection_stage"],
        articles=rules.articles,
        lot_state=str(lot.state) if lot else "",
        until=_until(lot, stage, at) if lot and raising else None,
        raiser_is_party=_is_party(lot, raising, actor),
        same_open=_same_open(lot, stage, actor) if lot and raising and actor else "",
        heard=_heard(lot, stage, actor) if lot and raising and actor else "",
        raiser_has_bid=needs.has_bid(lot.number, actor.uscc)
        if lot and raising and actor
        else False,
        foreign=_foreign(raising, actor),
    )


def _is_party(lot: Lot | None, raising: RaisePayload | None, actor: Actor | None) -> bool:
    if lot is None or raising is None or actor is None:
        return False
    return actor.uscc in (lot.owner_uscc, lot.agency_uscc)


def _until(lot: Lot, stage: str, at: datetime) -> datetime | None:
    """The first instant at which an objection of a stage is too late."""
    if stage == "documents" and lot.bid_deadline_at is not None:
        return latest_before(
            lot.bid_deadline_at,
            "tender.objection.raise",
            region=lot.region,
            subject={"documents": "tender"},
            moment=at,
            provisional=True,
        ).at
    if stage == "opening" and lot.opened_bids_at is not None:
        return clock.end_of(clock.legal_date(lot.opened_bids_at))
    return lot.publicity_ends_at if stage == "publicity" else None


def _same_open(lot: Lot, stage: str, actor: Actor) -> str:
    if connection.in_atomic_block:  # each makes the lot stand still: no two of one firm at once
        hold("procurement.objection", f"{lot.number}:{actor.uscc}")
    own = Objection.objects.filter(
        lot_id=lot.pk, stage=stage, raiser_uscc=actor.uscc, state__in=("raised", "overdue")
    ).first()
    return own.reference if own else ""


def _heard(lot: Lot, stage: str, actor: Actor) -> str:
    """The raiser's objection to the same documents, opening or candidates that is dealt with.

    What was taken back may be put better once; whoever takes back again and again only delays.
    """
    own = Objection.objects.filter(lot_id=lot.pk, stage=stage, raiser_uscc=actor.uscc)
    if (began := _began(lot, stage)) is not None:
        own = own.filter(raised_at__gte=began)
    answered = list(own.filter(state="answered")[:1])
    withdrawn = list(own.filter(state="withdrawn")[:_WITHDRAWALS])
    dealt_with = answered or withdrawn[_WITHDRAWALS - 1 :]
    return dealt_with[0].reference if dealt_with else ""


def _began(lot: Lot, stage: str) -> datetime | None:
    """When what is objected to came out: the newest documents, the opening, the candidates."""
    began: datetime | None = None
    if stage == "publicity":
        began = lot.publicised_at
    elif stage == "documents" and lot.clarifications:
        began = datetime.fromisoformat(lot.clarifications[-1]["at"])
    return began


def _foreign(raising: RaisePayload | None, actor: Actor | None) -> frozenset[str]:
    """Fields whose file the raiser did not upload."""
    if raising is None or actor is None:
        return frozenset()
    named = {name: getattr(raising, name) for name in ("file_sha256", "interest_sha256")}
    missing = scans.missing(actor.organisation_id, named.values())
    return frozenset(name for name, sha256 in named.items() if sha256 in missing)


def of_lot(lot_id: int) -> list[Objection]:
    """All objections to a lot, oldest first."""
    return list(Objection.objects.filter(lot_id=lot_id).order_by("pk"))
