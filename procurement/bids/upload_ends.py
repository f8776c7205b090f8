"""How an upload ends: received with its receipt, refused, given up. Who asks again is told."""

from __future__ import annotations

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from procurement.bids import bringing, receipts, receiving, refusing
from procurement.bids.models import BidVersion, PendingUpload, ResumableUpload
from procurement.bids.rules import common

_Status = ResumableUpload.Status
_Pending = PendingUpload.Status


class Gone(Refused):
    """It was given up, or ended without being finished; its file is deleted."""

    status = 410


def refuse_ended(row: ResumableUpload) -> None:
    """Raise what ended an upload, unless it was received or waits for its check.

    BidRefused where it was refused or became void; Gone for what ended before that was signed.
    """
    if row.status not in (_Status.REFUSED, _Status.VOID):
        return
    kind = Gone if row.status == _Status.VOID else Refused
    reasons = kind([Refusal(**reason) for reason in row.reasons])
    if not row.refusal:
        raise reasons
    raise receipts.BidRefused(reasons, row.refusal, bytes(row.refusal_p7s))


def finish(row: ResumableUpload, actor: Actor, *, again: bool = False) -> ResumableUpload:
    """Receive an upload that is whole, if nobody did; raises BidRefused where it is refused.

    again: somebody may have begun to and died.
    """
    if row.status != _Status.WHOLE:
        return row
    pending = PendingUpload.objects.get(pk=row.pk)

    def keep(refused: receipts.BidRefused) -> None:
        keep_refusal(row, refused, _Status.WHOLE)

    try:
        if pending.status == _Pending.SETTLED:
            version = BidVersion.objects.select_related("bid").get(vault=row.id.hex)
        else:
            version, _new = receiving.settle(pending, actor, keep=keep, again=again)
        receipts.of(version)
    except (FileNotFoundError, BidVersion.DoesNotExist):
        # Somebody else was faster, and has said what came of it.
        row.refresh_from_db()
        if row.status == _Status.WHOLE:
            lost = Refused(Refusal("procurement.upload.lost", {}, common.ARTICLE_PLATFORM))
            end(row, pending, actor, lost)
            row.refresh_from_db()
        refuse_ended(row)
        return row
    _keep(row, _Status.WHOLE, status=_Status.RECEIVED, version=version)
    return row


class _Otherwise(Exception):  # noqa: N818  (no fault: somebody else was faster)
    """It ended otherwise meanwhile."""


def end(row: ResumableUpload, came: PendingUpload, actor: Actor, reasons: Refused) -> bool:
    """Make an upload void that nobody receives: logged, signed, its file deleted.

    All of it or nothing. came: what is known of its bytes. False where it ended otherwise while
    this was under way.
    """

    def keep(told: receipts.BidRefused) -> None:
        void = {
            "status": _Status.VOID, "reasons": _plain(reasons.refusals), "holder": "",
            "refusal": told.text, "refusal_p7s": told.p7s,
        }  # fmt: skip
        mine = ResumableUpload.objects.filter(pk=row.pk, status=row.status, refusal="")
        if not mine.update(**void):
            raise _Otherwise

    try:
        refusing.refuse(came, actor, reasons, clock.now(), keep=keep)
    except _Otherwise:
        return False
    return True


def resume(pending: PendingUpload) -> BidVersion | None:
    """Finish what a server left behind that died after the last byte; None where it is refused."""
    row = ResumableUpload.objects.filter(pk=pending.pk).first()
    if row is None:
        return receiving.resume(pending)
    try:
        return finish(row, bringing.full_actor(pending), again=True).version
    except Refused:
        return None


def keep_refusal(row: ResumableUpload, refused: receipts.BidRefused, before: str) -> None:
    """Note by what an upload was refused, unless it is no longer in the status ``before``."""
    _keep(
        row, before, status=_Status.REFUSED, reasons=_plain(refused.refusals),
        refusal=refused.text, refusal_p7s=refused.p7s,
    )  # fmt: skip


def pending_of(row: ResumableUpload, actor: Actor) -> PendingUpload:
    """The mark of an upload in parts for which a closing waits, or that a refusal is made of."""
    return PendingUpload(
        id=row.pk, lot_number=row.lot_number, bidder_uscc=row.bidder_uscc,
        person_id=actor.person_id, organisation_id=actor.organisation_id, role=actor.role,
        started_at=clock.now(), started_really_at=clock.technical_now(),
    )  # fmt: skip


def _keep(row: ResumableUpload, before: str, **changes: object) -> None:
    ResumableUpload.objects.filter(pk=row.pk, status=before).update(**changes)
    row.refresh_from_db()


def _plain(refusals: object) -> list[dict[str, object]]:
    return [
        {"code": r.code, "facts": dict(r.facts), "article": r.article, "field": r.field}
        for r in refusals  # type: ignore[attr-defined]
    ]
