"""What a bid's acts look at and change: receipt, replacement, withdrawal, opening, judgement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import NotFound, Refusal, Refused
from kernel.events.procurement_bids import BidReceived, BidResubmitted, BidVoided, BidWithdrawn
from kernel.events.registry import DomainEvent
from kernel.events.supervision import CollusionConfirmed
from kernel.queries import Prepared
from kernel.sealing.bids import receipts as formats
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import fresh_id
from kernel.workflow.relations import region_prefix
from procurement.bids import (
    acting,
    checking,
    coming_and_going,
    lots,
    needs,
    readings,
    receipts,
    versions,
)
from procurement.bids.bid_machine import BID, PART_OPENED
from procurement.bids.machines import OPENED, STAGE_OPENED
from procurement.bids.models import Bid, BidVersion, Opening
from procurement.bids.relations import SEALED
from procurement.bids.rules.bids import BidFacts
from procurement.bids.rules.common import ARTICLE_WITHDRAW


@BID.unseals
def known_attempts(actor: Actor) -> Q:
    """Refused first bids for lots within an overseer's region whose bids are open.

    Not those of whose bid is nobody's to see even then: of who withdrew, for one.
    """
    region = region_prefix(actor.region)
    opened = Opening.objects.filter(state=OPENED, region__startswith=region).order_by()
    sealed = Bid.objects.filter(
        lot_number=OuterRef("about"), bidder_uscc=OuterRef("organisation__uscc"), state__in=SEALED
    )
    return Q(about__in=opened.values("lot_number")) & ~Q(Exists(sealed))


@BID.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> BidFacts:
    """Everything that the guards of a bid look at."""
    number = case.lot_number or getattr(payload, "lot_number", "")
    if hasattr(payload, "ground"):
        by = actor.organisation_id if actor else 0
        return BidFacts(
            missing_files=scans.missing(by, (payload.file_sha256,)),
            stage_under_way=case.state == PART_OPENED and _is_judged(number),
        )
    if not hasattr(payload, "upload") and not hasattr(payload, "statement"):
        return BidFacts()  # what the platform does itself looks at nothing here
    lot = lots.find(number)
    uscc = actor.uscc if actor else ""
    stand = _stand(number, uscc)
    found: dict[str, Any] = {
        "lot_found": lot is not None,
        "lot_state": lot.state if lot else "",
        "deadline": lot.bid_deadline_at if lot else None,
        "at": at,
        "listed": stand.listed,
    }
    if hasattr(payload, "statement"):
        faults = readings.faults(lambda: _check_statement(case, payload, at))
        return BidFacts(**found, faults=faults)
    upload = checking.found_of(payload.upload, payload.manifest_sha256, number, uscc)
    return BidFacts(
        **found,
        lot=lot,
        upload=upload,
        newest_policy=bool(stand.policy) and upload.get("policy_sha256") == stand.policy,
        faults=tuple(_succession(stand, upload)) if upload else (),
        invited=lot is None or lot.invited is None or uscc in lot.invited,
        barred=needs.barred(uscc, lot, at) if lot else (),
    )


def _is_judged(number: str) -> bool:
    """Whether the stage that a bid was last opened in has its result, which may let it pass.

    Where it is decided, under that opening's lock, so that no result is given meanwhile that does
    not know of it; a page only looks.
    """
    rows = Opening.objects.filter(lot_number=number).order_by("-closed_at", "-pk")
    if connection.in_atomic_block:
        rows = rows.select_for_update()
    newest = rows.first()
    return newest is None or newest.state != STAGE_OPENED


class _Stand(NamedTuple):
    """How things stand for a bidder of a lot. policy: hash of the one in force, "" without one.

    last, replaced: number and hash of its last receipted version; None and "" where there is none.
    """

    policy: str
    listed: bool
    last: int | None
    replaced: str | None


def _stand(number: str, uscc: str) -> _Stand:
    rows = _standing.rows(number, uscc)
    if rows:
        return _Stand(*rows[0])
    return _Stand("", Opening.objects.filter(lot_number=number).exists(), None, "")


# One statement, which sees one moment.
_standing = Prepared(
    lambda slots: (
        readings.in_force_of(slots.text(0))
        .annotate(
            listed=Case(
                When(listing_at__isnull=False, then=Value(True)),  # it is being made
                default=Exists(Opening.objects.filter(lot_number=slots.text(0))),
            ),
            last=Subquery(_last(slots.text(0), slots.text(1)).values("number")[:1]),
            replaced=Subquery(_last(slots.text(0), slots.text(1)).values("manifest_sha256")[:1]),
        )
        .values_list("sha256", "listed", "last", "replaced")[:1]
    )
)


def _last(number: str, uscc: str) -> QuerySet[BidVersion]:
    found = BidVersion.objects.filter(bid__lot_number=number, bid__bidder_uscc=uscc)
    return found.order_by("-number")


def _succession(stand: _Stand, upload: dict[str, Any]) -> Iterator[Refusal]:
    """A version follows the bidder's last receipted one, also after a withdrawal.

    Asked by lot and bidder and not by the case: of two first bids at once, one is not the first.
    """
    wanted, replaces = (stand.last or 0) + 1, stand.replaced or ""
    if upload["version"] != wanted or upload["replaces"] != replaces:
        told = {"version": upload["version"], "wanted": wanted, "replaces": replaces or "-"}
        yield Refusal("sealing.manifest.version", told, ARTICLE_WITHDRAW)


def _check_statement(case: Any, payload: Any, at: datetime) -> None:
    said = formats.read_withdrawal(payload.statement.encode())
    readings.verify(payload.p7s, payload.statement, case.bidder_uscc, at)
    named = (said.lot, said.bidder, said.manifest_sha256)
    if named != (case.lot_number, case.bidder_uscc, case.manifest_sha256):
        raise Refused.because(
            "procurement.bid.statement_other",
            found=said.manifest_sha256,
            wanted=case.manifest_sha256,
        )


@BID.effect("receive")
def _receive(case: Bid, doing: Doing) -> list[DomainEvent]:
    lot = doing.facts.lot
    assert lot is not None  # a guard saw to it
    case.pk = fresh_id()
    case.lot_number, case.lot_id = lot.number, lot.pk
    case.project_number, case.region = lot.project_number, lot.region
    case.owner_uscc, case.agency_uscc = lot.owner_uscc, lot.agency_uscc
    case.bidder_uscc, case.bidder_name = doing.actor.uscc, doing.actor.organisation_name
    return _take(case, doing)


@BID.effect("replace")
def _replace(case: Bid, doing: Doing) -> list[DomainEvent]:
    return _take(case, doing)


@BID.effect("resubmit")
def _resubmit(case: Bid, doing: Doing) -> list[DomainEvent]:
    return [*_take(case, doing), BidResubmitted(case.pk, case.lot_id)]


def _take(case: Bid, doing: Doing) -> list[DomainEvent]:
    upload = doing.facts.upload
    case.bid_version = upload["version"]
    case.manifest_sha256 = upload["manifest_sha256"]
    case.policy_sha256 = upload["policy_sha256"]
    case.certificate_serial = upload["certificate_serial"]
    case.received_at = doing.at
    versions.add(case, checking.row_of(doing.payload.upload), doing)
    return [BidReceived(case.pk, case.lot_id)]


@BID.effect("withdraw")
def _withdraw(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.versions.filter(number=case.bid_version).update(
        withdrawal=doing.payload.statement,
        withdrawal_p7s=readings.unpacked(doing.payload.p7s),
        withdrawn_at=doing.at,
    )
    return [BidWithdrawn(case.pk, case.lot_id)]


@BID.effect("relist")
def _relist(case: Bid, doing: Doing) -> list[DomainEvent]:
    """The bid is the version that its bidder's receipt names, whatever the first list named."""
    version = case.versions.get(number=doing.payload.number)
    case.bid_version, case.received_at = version.number, version.received_at
    case.manifest_sha256, case.policy_sha256 = version.manifest_sha256, version.policy_sha256
    case.certificate_serial = version.certificate_serial
    return []


@BID.effect("decrypt")
def _decrypt(case: Bid, doing: Doing) -> list[DomainEvent]:
    said = doing.payload
    for name in (
        "bidder_name", "price_fen", "period_days", "quality", "project_manager", "bid_security",
        "bill_sha256",
    ):  # fmt: skip
        setattr(case, name, getattr(said, name))
    case.credit = said.credit.model_dump() if said.credit else {}
    case.unsealed_at = doing.at
    return []


@BID.effect("fail_decryption")
def _fail(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.failure = doing.payload.code
    return []


@BID.effect("lose_file")
def _lose_file(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.failure = doing.payload.code
    return []


@BID.effect("drop")
def _drop(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    return []


@BID.effect("reject")
def _reject(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    return []


@BID.effect("void")
def _void(case: Bid, doing: Doing) -> list[DomainEvent]:
    """The authority's decision ends the bid; that of collusion goes on the bidder's record."""
    decision = doing.payload
    case.reason = decision.reason
    case.decision = {
        **decision.model_dump(mode="json", include={"ground", "document_number", "file_sha256"}),
        "by": doing.actor.organisation_name,
        "on": clock.legal_date(doing.at).isoformat(),
    }
    told = BidVoided(case.pk, case.lot_id, case.lot_number)
    if decision.ground != "collusion":
        return [told]
    lot = lots.find(case.lot_number)
    return [
        told,
        CollusionConfirmed(
            lot_number=case.lot_number,
            project_number=lot.project_number if lot else "",
            uscc=case.bidder_uscc,
            name=case.bidder_name,
            document_number=decision.document_number,
            document_sha256=decision.file_sha256,
            decided_by=doing.actor.organisation_name,
            decided_on=clock.legal_date(doing.at),
        ),
    ]


@BID.effect("score")
def _score(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.score = doing.payload.score
    return []


@BID.effect("rank")
def _rank(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.rank = doing.payload.rank
    return []


def withdraw(
    lot_number: str, *, actor: Actor, statement: str, p7s: str, key: str
) -> tuple[str, bytes]:
    """Take a bid back by its bidder's signed statement; the platform's signed receipt of that.

    The same statement again gives the same receipt. Raises NotFound where the bidder has none.
    """
    bid = Bid.objects.filter(lot_number=lot_number, bidder_uscc=actor.uscc or "-").first()
    if bid is None:
        raise NotFound.because("procurement.bid.unknown", lot=lot_number[:80])
    digest = hashlib.sha256(statement.encode()).hexdigest()
    if (before := _withdrawn_before(bid, statement)) is not None:
        return receipts.of_withdrawal(before)
    payload = {"statement": statement, "p7s": p7s}
    failed: Refused | None = None
    with transaction.atomic():
        coming_and_going.hold(lot_number)
        at = clock.now()  # under the lot's lock: in time now is on no closing list later
        try:
            acting.now_acts(
                BID, bid.pk, "withdraw", actor=actor, payload=payload, key=key or digest, at=at
            )
        except Refused as refused:
            failed = refused
        else:
            version = bid.versions.order_by("-number").select_related("bid").first()
            assert version is not None
            receipts.log_withdrawal(version)
    if failed is not None:
        raise failed
    return receipts.of_withdrawal(version)


def _withdrawn_before(bid: Bid, statement: str) -> BidVersion | None:
    return bid.versions.select_related("bid").filter(withdrawal=statement).exclude(
        withdrawal=""
    ).first()  # fmt: skip
