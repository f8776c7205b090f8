"""How an upload ends: received with its receipt, refused, given up. Who asks again is told."""

from __future__ import annotations

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from procurement.bids import receipts, receiving
from procurement.bids.models import BidVersion, PendingUpload, ResumableUpload
from procurement.bids.rules import common

_Status = ResumableUpload.Status
_Pending = PendingUpload.Status


class Gone(Refused):
    """It was given up, or ended without being finished; its file is deleted."""

    status = 410


def refuse_ended(row: ResumableUpload) -> None:
    """Raise what ended an upload, unless it was received or waits for its check.

    BidRefused where it was refused, also at the closing; Gone where its bidder ended it.
    """
    if row.status not in (_Status.REFUSED, _Status.VOID):
        return
    kind = Gone if row.status == _Status.VOID else Refused
    reasons = kind([Refusal(**reason) for reason in row.reasons])
    if not row.refusal:  # given up, or left to lie
        raise reasons
    raise receipts.BidRefused(reasons, row.refusal, bytes(row.refusal_p7s))


def finish(row: ResumableUpload, actor: Actor) -> ResumableUpload:
    """Receive an upload that is whole, if nobody did; raises BidRefused where it is refused."""
    if row.status != _Status.WHOLE:
        return row
    pending = PendingUpload.objects.get(pk=row.pk)
    try:
        if pending.status == _Pending.SETTLED:
            version = BidVersion.objects.select_related("bid").get(vault=row.id.hex)
        else:
            version, _new = receiving.settle(pending, actor)
        receipts.of(version)
    except receipts.BidRefused as refused:
        keep_refusal(row, refused, _Status.WHOLE)
        raise
    except (FileNotFoundError, BidVersion.DoesNotExist):
        # Somebody else was faster, and has said what came of it.
        row.refresh_from_db()
        if row.status == _Status.WHOLE:
            lost = Refusal("procurement.upload.lost", {}, common.ARTICLE_PLATFORM)
            _keep(row, _Status.WHOLE, status=_Status.VOID, reasons=_plain([lost]))
        refuse_ended(row)
        return row
    _keep(row, _Status.WHOLE, status=_Status.RECEIVED, version=version)
    return row


def resume(pending: PendingUpload) -> BidVersion | None:
    """Finish what a server left behind that died after the last byte; None where it is refused."""
    row = ResumableUpload.objects.filter(pk=pending.pk).first()
    if row is None:
        return receiving.resume(pending)
    try:
        return finish(row, receiving.full_actor(pending)).version
    except Refused:
        return None


def keep_refusal(row: ResumableUpload, refused: receipts.BidRefused, before: str) -> None:
    """Note by what an upload was refused, unless it is no longer in the status ``before``."""
    _keep(
        row, before, status=_Status.REFUSED, reasons=_plain(refused.refusals),
        refusal=refused.text, refusal_p7s=refused.p7s,
    )  # fmt: skip


def keep_void(row: ResumableUpload, refused: receipts.BidRefused) -> None:
    """Keep the signed words of why an upload became void, with what already says so."""
    ResumableUpload.objects.filter(pk=row.pk, status=_Status.VOID, refusal="").update(
        refusal=refused.text, refusal_p7s=refused.p7s
    )


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
