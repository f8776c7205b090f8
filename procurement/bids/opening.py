"""The opening: what parties say, the draw, and when enough has been said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import NotFound
from kernel.events.procurement_bids import BidsListed, BidsOpened, OpeningMoved, StageOpened
from kernel.events.registry import DomainEvent
from kernel.evidence.services import NewEntry, Placed
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids import cures, moments, protests, receipts, results
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import fresh_id
from kernel.workflow.receipts import Receipt
from procurement.bids import acting, blame, brought, gathering, moment_notes, readings
from procurement.bids.gathering import listed_versions, policy_of
from procurement.bids.machines import CHECKED, DRAWN, LISTED, OPENING
from procurement.bids.models import (
    Opening,
    OpeningSession,
    OpeningStatement,
    PolicyVersion,
    ReplacedList,
)
from procurement.bids.schemas import DrawPayload

__all__ = ["act", "advance", "listed_versions", "of_lot", "policy_of", "state_of"]

Kind = OpeningStatement.Kind
RESULT = "procurement.opening.result"


def _say(
    case: Opening, doing: Doing, kind: str, text: str, p7s: str, subject: str = ""
) -> list[DomainEvent]:
    OpeningStatement.objects.create(
        opening=case, uscc=doing.actor.uscc, kind=kind, text=text, subject=subject,
        p7s=readings.unpacked(p7s), at=doing.at,
    )  # fmt: skip
    return [OpeningMoved(case.pk)]


@OPENING.effect("list")
def _listed(case: Opening, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    policy = PolicyVersion.objects.select_related("policy").get(
        policy_id=payload.policy_id,
        sha256=formats.read_list(payload.text.encode()).policy_sha256,
    ).policy  # fmt: skip
    case.pk = fresh_id()
    for name in (
        "lot_id", "lot_number", "project_number", "region", "owner_uscc", "agency_uscc", "title",
    ):  # fmt: skip
        setattr(case, name, getattr(policy, name))
    case.policy = policy
    if payload.before:
        case.before_id = payload.before
        case.draw_text = Opening.objects.values_list("draw_text", flat=True).get(pk=payload.before)
    _take_list(case, payload)
    # A later stage's bidders are some of those who were on the first list.
    return [] if payload.before else [BidsListed(case.pk)]


@OPENING.effect("correct")
def _correct(case: Opening, doing: Doing) -> list[DomainEvent]:
    """Nothing that was said of the wrong list counts of the right one, but the nonces."""
    old = case.list_sha256
    ReplacedList.objects.create(
        opening=case, text=case.list_text, p7s=case.list_p7s, sha256=old, at=doing.at
    )
    void = (Kind.SIGNATURE, Kind.MARKS, Kind.CURE, Kind.CURED, Kind.REHEARSAL)
    case.statements.filter(kind__in=(*void, Kind.MOMENT), of_list="").update(of_list=old)
    _destroy_session(case, doing)
    _take_list(case, doing.payload)
    return [OpeningMoved(case.pk), BidsListed(case.pk)]


def _take_list(case: Opening, payload: Any) -> None:
    listed = formats.read_list(payload.text.encode())
    case.session_id = payload.session
    case.stage, case.closed_at = listed.stage, listed.closed_at
    moment_notes.forget(case)
    case.list_text, case.list_p7s = payload.text, payload.p7s
    case.list_sha256 = listed.sha256


@OPENING.effect("countersign")
def _countersign(case: Opening, doing: Doing) -> list[DomainEvent]:
    moved = _say(case, doing, Kind.SIGNATURE, "", doing.payload.p7s)
    moment_notes.note(case, doing, moments.COUNTERSIGNED)
    return moved


@OPENING.effect("reveal")
def _reveal(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.NONCE, doing.payload.nonce, "")


@OPENING.effect("mark")
def _mark(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.MARKS, doing.payload.marks, doing.payload.p7s)


@OPENING.effect("release")
def _release(case: Opening, doing: Doing) -> list[DomainEvent]:
    moved = _say(case, doing, Kind.RELEASE, doing.payload.release, doing.payload.p7s)
    moment_notes.note(case, doing, moments.RELEASED)
    return moved


@OPENING.effect("draw")
def _draw(case: Opening, doing: Doing) -> list[DomainEvent]:
    case.draw_text = doing.payload.text
    if case.draw_text and case.before_id is None:
        moment_notes.note(case, doing, moments.DRAWN)
    return []


@OPENING.effect("check")
def _check_done(case: Opening, doing: Doing) -> list[DomainEvent]:
    moment_notes.note(case, doing, moments.MARKED)
    return []


@OPENING.effect("gather")
def _gather(case: Opening, _doing: Doing) -> list[DomainEvent]:
    return [OpeningMoved(case.pk)]


@OPENING.effect("rehearse")
def _rehearse(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.REHEARSAL, doing.payload.answer, doing.payload.p7s)


@OPENING.effect("cure")
def _cure(case: Opening, doing: Doing) -> list[DomainEvent]:
    cure = cures.read_cure(doing.payload.cure.encode())
    subject = f"{cure.manifest_sha256}:{cure.envelope}"
    return _say(case, doing, Kind.CURE, doing.payload.cure, doing.payload.p7s, subject)


@OPENING.effect("mark_cured")
def _mark_cured(case: Opening, doing: Doing) -> list[DomainEvent]:
    marks = cures.read_cured_marks(doing.payload.cured_marks.encode())
    subject = marks.marks[0].cure_sha256
    return _say(case, doing, Kind.CURED, doing.payload.cured_marks, doing.payload.p7s, subject)


@OPENING.effect("protest")
def _protest(case: Opening, doing: Doing) -> list[DomainEvent]:
    protest = protests.read_protest(doing.payload.protest.encode())
    subject = receipts.read_receipt(protest.receipt).manifest_sha256
    return _say(case, doing, Kind.PROTEST, doing.payload.protest, doing.payload.p7s, subject)


@OPENING.effect("conclude")
def _conclude(case: Opening, doing: Doing) -> list[DomainEvent]:
    """The result, and an entry of its own in the log that trustees' tools can be shown."""
    result = results.read_result(doing.payload.result.encode())
    case.result_text, case.result_p7s = doing.payload.result, doing.payload.p7s
    body = {
        "lot": case.lot_number,
        "stage": case.stage,
        "list_sha256": case.list_sha256,
        "result_sha256": result.sha256,
        "report_sha256": result.report_sha256,
    }

    def noted(placed: list[Placed]) -> None:
        Opening.objects.filter(pk=case.pk).update(result_index=placed[0].index)

    doing.log([NewEntry(RESULT, case.case_ref, doing.at, body)], noted)
    return [OpeningMoved(case.pk)]


@OPENING.effect("propose_stop")
def _propose_stop(case: Opening, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    return []


@OPENING.effect("stop")
def _stop(case: Opening, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    _destroy_session(case, doing)
    return [OpeningMoved(case.pk)]


@OPENING.effect("abandon")
@OPENING.effect("end_with_lot")
def _end(case: Opening, doing: Doing) -> list[DomainEvent]:
    _destroy_session(case, doing)
    return []


def _destroy_session(case: Opening, doing: Doing) -> None:
    """With the session's key all shares are lost that were released already."""
    OpeningSession.objects.filter(pk=case.session_id, destroyed_at=None).update(
        private=b"", destroyed_at=doing.at
    )


@OPENING.effect("open_stage")
def _open_stage(case: Opening, doing: Doing) -> list[DomainEvent]:
    _keep_record(case, doing)
    return [StageOpened(case.lot_id, case.lot_number, case.pk, case.stage, doing.payload.bid_ids)]


def _keep_record(case: Opening, doing: Doing) -> None:
    """The record; with it the session's key is gone, so that what was sealed to it stays sealed."""
    case.record_text, case.record_p7s = doing.payload.text, doing.payload.p7s
    case.unsealed_at = doing.at
    _destroy_session(case, doing)
    if entries := blame.entries(case, doing.payload.broken, doing.at):
        doing.log(entries, lambda _placed: None)


@OPENING.effect("open")
def _open(case: Opening, doing: Doing) -> list[DomainEvent]:
    _keep_record(case, doing)
    return [BidsOpened(case.lot_id, case.lot_number, case.pk, doing.payload.bid_ids)]


# Services -------------------------------------------------------------------------------------


def of_lot(number: str) -> Opening:
    """The opening of a lot, of its newest stage. Raises NotFound before the lot is closed."""
    found: Opening | None = (
        Opening.objects.filter(lot_number=number).order_by("-closed_at", "-pk").first()
    )
    if found is None:
        raise NotFound.because("procurement.opening.unknown", lot=number[:80])
    return found


def act(
    number: str, transition: str, *, actor: Actor, payload: Any, key: str, at: datetime
) -> Receipt:
    """Do a party's act on a lot's opening, and what follows by itself."""
    opening = of_lot(number)
    receipt = acting.now_acts(
        OPENING, opening.pk, transition, actor=actor, payload=payload, key=key, at=at
    )
    advance(opening.pk, at)
    return receipt


def advance(opening_pk: int, at: datetime) -> None:
    """Let an opening go on by itself as far as what was said reaches."""
    case = Opening.objects.get(pk=opening_pk)
    if case.state == LISTED:
        text = brought.drawn(case, policy_of(case))
        acting.follows(OPENING, case.pk, "draw", key=_once(case, "draw"), at=at,
                       payload=DrawPayload(text=text))  # fmt: skip
        case.refresh_from_db()
    if case.state == DRAWN:
        acting.follows(OPENING, case.pk, "check", key=_once(case, "check"), at=at)
        case.refresh_from_db()
    if case.state == CHECKED and gathering.is_enough(case, at):
        acting.follows(OPENING, case.pk, "gather", key="gather", at=at)


def _once(case: Opening, act: str) -> str:
    """A cause's name: an act is done once under each list."""
    return f"{act}:{case.list_sha256[:16]}" if case.replaced_lists.exists() else act


def state_of(opening_pk: int) -> str:
    """The state that an opening is in now."""
    return str(Opening.objects.values_list("state", flat=True).get(pk=opening_pk))
