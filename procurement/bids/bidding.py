"""What a bid's acts change: receipt, replacement, withdrawal, opening, judgement."""

from __future__ import annotations

import hashlib

from django.db import transaction

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotFound, Refusal, Refused
from kernel.events.procurement_bids import BidReceived, BidResubmitted, BidVoided, BidWithdrawn
from kernel.events.registry import DomainEvent
from kernel.events.supervision import CollusionConfirmed
from kernel.sealing import canonical
from kernel.workflow.machines import Doing
from kernel.workflow.models import RefusedAct
from kernel.workflow.numbers import fresh_id
from kernel.workflow.refused import log_refusal
from procurement.bids import (
    acting,
    bringing,
    checking,
    coming_and_going,
    covers,
    lots,
    readings,
    receipts,
    versions,
)
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid, BidVersion
from procurement.bids.rules.common import ARTICLE_WITHDRAW


@BID.effect("receive")
def _receive(case: Bid, doing: Doing) -> list[DomainEvent]:
    lot = doing.facts.lot
    assert lot is not None  # a guard saw to it
    case.pk = fresh_id()
    case.lot_number, case.lot_id = lot.number, lot.pk
    case.project_number, case.region = lot.project_number, lot.region
    case.owner_uscc, case.agency_uscc = lot.owner_uscc, lot.agency_uscc
    case.bidder_uscc = bringing.bidder_of(doing.payload.upload, doing.actor)
    case.bidder_name = bringing.name_of(case.bidder_uscc, doing.actor)
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


@BID.effect("await_decryption")
def _await(_case: Bid, doing: Doing) -> list[DomainEvent]:
    """Who counts entries of the log must not learn how many are on the list."""
    doing.log(covers.some(doing.at), lambda _placed: None)
    return []


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

    The same statement again gives the same receipt. Raises :class:`receipts.BidRefused` with every
    reason, logged and signed, also where there is no bid of that organisation, or it is not this
    actor's to take back; NotFound where there is no such lot.
    """
    bid = Bid.objects.filter(lot_number=lot_number, bidder_uscc=actor.uscc or "-").first()
    if bid is None:
        raise _nothing_to_withdraw(lot_number, actor, statement, payload_sha256(statement, p7s))
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
        if failed.status not in receipts.STATUSES:  # said to nobody in particular
            raise failed
        raise receipts.refusal_of_withdrawal(lot_number, bid.bidder_uscc, statement, failed, at)
    return receipts.of_withdrawal(version)


def payload_sha256(statement: str, p7s: str) -> str:
    """What a withdrawal brought along, as the log names it."""
    return canonical.digest({"statement": statement, "p7s": p7s}).hex()


def _nothing_to_withdraw(lot_number: str, actor: Actor, statement: str, payload: str) -> Refused:
    """The refusal of whoever has no bid for a lot: signed, where there is such a lot."""
    none = NotFound(Refusal("procurement.bid.unknown", {"lot": lot_number[:80]}, ARTICLE_WITHDRAW))
    if lots.find(lot_number) is None or not actor.uscc:
        return none
    at = clock.now()
    with transaction.atomic():
        entry = log_refusal(
            BID, None, "withdraw", actor=actor, payload_sha256=payload, refused=none, at=at
        )
        RefusedAct.objects.filter(pk=entry.pk).update(about=lot_number)
        none.attempt = entry.pk
        return receipts.refusal_of_withdrawal(lot_number, actor.uscc, statement, none, at)


def _withdrawn_before(bid: Bid, statement: str) -> BidVersion | None:
    return bid.versions.select_related("bid").filter(withdrawal=statement).exclude(
        withdrawal=""
    ).first()  # fmt: skip
