"""A bid that is refused: logged, signed and kept in one transaction, its file forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from kernel.sealing import canonical
from kernel.workflow.attempts import STALE
from kernel.workflow.models import RefusedAct
from kernel.workflow.refused import log_refusal
from procurement.bids import receipts, schemas, vault
from procurement.bids.bid_machine import ANNULLED, BID, WITHDRAWN
from procurement.bids.models import Bid, BidVersion, PendingUpload, ResumableUpload

Keep = Callable[[receipts.BidRefused], object]
_Status = PendingUpload.Status


class Present(NamedTuple):
    """A bid as it is now: enough to act on it."""

    pk: int
    state: str
    version: int


def payload_of(row: PendingUpload) -> dict[str, str]:
    """What the act that receives a checked upload brings along."""
    return {
        "upload": row.id.hex,
        "lot_number": row.lot_number,
        "manifest_sha256": row.found["manifest_sha256"],
    }


def act_of(bid: Bid | Present | None) -> str:
    """The act by which a version comes: the first one, a later one, one after its end."""
    if bid is None:
        return "receive"
    return "resubmit" if bid.state in (WITHDRAWN, ANNULLED) else "replace"


def refuse(
    row: PendingUpload,
    actor: Actor,
    refused: Refused,
    at: datetime,
    *,
    logged: bool = False,
    keep: Keep | None = None,
) -> receipts.BidRefused:
    """Log a refusal, if that was not done, sign it, and forget the file.

    keep: writes it down as well; what it raises undoes all of it. Entry, signature and what keeps
    them are one transaction, though a signature is made under the log's lock so: whoever dies in
    between has refused nothing, and refuses it once when it is back.
    """
    bid = Bid.objects.filter(lot_number=row.lot_number, bidder_uscc=row.bidder_uscc).first()
    with transaction.atomic():
        _hold(row.pk)
        if logged:
            entry = RefusedAct.objects.filter(pk=refused.attempt).first()
        else:
            entry = log_refusal(
                BID, bid.pk if bid else None, act_of(bid),
                actor=actor, payload_sha256=row.file_sha256, refused=refused, at=at,
            )  # fmt: skip
        if entry and entry.case_pk is None:
            RefusedAct.objects.filter(pk=entry.pk).update(about=row.lot_number)
        signed = receipts.refusal(row, refused, entry.log_index if entry else None, at)
        if keep is not None:
            keep(signed)
        mine = _note(row, _Status.VOID)
    if mine:
        vault.delete(row.id.hex)
    return signed


def _hold(pk: UUID) -> None:
    # Before the log's lock and in this order, as everybody takes them.
    for model in (PendingUpload, ResumableUpload):
        list(model.objects.select_for_update().filter(pk=pk).values("pk"))


def refused_before(row: PendingUpload, actor: Actor, keep: Keep | None) -> Refused | None:
    """The refusal by which a server's act ended that died before it was signed, signed now."""
    act = schemas.UploadPayload.model_validate(payload_of(row))
    digest = canonical.digest(act.model_dump(mode="json")).hex()
    tried = RefusedAct.objects.filter(machine=BID.code, payload_sha256=digest)
    for entry in tried.order_by("-pk"):
        reasons = [Refusal(**reason) for reason in entry.refusals]
        if reasons and reasons[0].code != STALE:
            refused = Refused(reasons)
            refused.attempt = entry.pk
            assert row.last_byte_at is not None
            return refuse(row, actor, refused, row.last_byte_at, logged=True, keep=keep)
    return None


def drop(row: PendingUpload, status: str) -> None:
    """Forget the file of an upload that is done with, unless it has become a version."""
    if _note(row, status):
        vault.delete(row.id.hex)


def _note(row: PendingUpload, status: str) -> bool:
    # Whoever settles what somebody else has just received must not take that one's file away.
    mine = {"bid__lot_number": row.lot_number, "bid__bidder_uscc": row.bidder_uscc}
    if BidVersion.objects.filter(**mine, vault=row.id.hex).exists():
        return False
    PendingUpload.objects.filter(pk=row.pk).update(status=status)
    return True
