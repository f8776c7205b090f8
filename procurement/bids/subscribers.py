"""What follows in this room: parties' acts carry policies and openings on; events close lots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.documents import services as documents
from kernel.events.procurement_bids import BidsListed, BidsOpened, OpeningMoved, PolicyMoved
from kernel.events.procurement_tendering import (
    LotAwarded,
    LotClosed,
    LotFailed,
    LotPublicised,
    LotTerminated,
)
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.due import DeadlineMissed
from kernel.workflow.following import follow
from procurement.bids import (
    acting,
    certifying,
    closing,
    correcting,
    decrypting,
    dossier_keep,
    ending,
    extending,
    lots,
    needs,
    opening,
    policies,
    policy_stamps,
    readings,
    staging,
)
from procurement.bids.bid_machine import BID, CANDIDATE, OPENED, RANKED, SCORED, VALID, WON
from procurement.bids.machines import CONCLUDED, OPENING, RELEASED, STOPPED
from procurement.bids.models import Bid, Opening
from procurement.bids.record import FORM


def move_policy(envelope: Envelope) -> None:
    """A party did its part: see whether the policy goes on."""
    event = envelope.event
    assert isinstance(event, PolicyMoved)
    policies.advance(event.policy_id, envelope.occurred_at)
    # At once: who is revoked between its signature and the token makes the policy worthless.
    policy_stamps.stamp_of(event.policy_id)


def move_opening(envelope: Envelope) -> None:
    """A trustee did its part: see whether the opening goes on; decrypt where it can."""
    event = envelope.event
    assert isinstance(event, OpeningMoved)
    case = Opening.objects.get(pk=event.opening_id)
    # Told late, it may find more done than it tells of.
    go_on(case, acting.not_before(OPENING, case.pk, envelope.occurred_at))


def go_on(case: Opening, at: datetime) -> None:
    """Whatever an opening's state causes by itself; may be called again."""
    if ending.is_over(case.lot_number):
        ending.end(case.lot_number, at)
        return
    correcting.correct(case.pk, at)
    opening.advance(case.pk, at)
    case.refresh_from_db()
    if case.state == RELEASED:
        decrypting.open_lot(case.pk, at)
    elif case.state == CONCLUDED:
        staging.go_on(case.pk, at)
    elif case.state == STOPPED:
        closing.return_unopened(case, at)
        closing.delete_dead(case.lot_number, all_of_it=True)


def move_late(envelope: Envelope) -> None:
    """The time to reveal, mark, cure or give a file is over: it goes on without the silent."""
    event = envelope.event
    assert isinstance(event, DeadlineMissed)
    if event.machine == OPENING.code:
        go_on(Opening.objects.get(pk=event.case_pk), envelope.occurred_at)


def print_record(envelope: Envelope) -> None:
    """Print and seal the opening record, of each stage its own; keep the revocation lists for the
    dossier.
    """
    event = envelope.event
    assert isinstance(event, BidsOpened)
    dossier_keep.keep_lists(event.lot_number)
    case = Opening.objects.get(pk=event.opening_id)
    document = documents.draft(
        form=FORM,
        case_machine=OPENING.code,
        case_pk=str(event.opening_id),
        number=case.reference,
        language="zh-hans",
        at=envelope.occurred_at,
    )
    documents.render(document.pk, at=envelope.occurred_at)


def close_lot(envelope: Envelope) -> None:
    """The deadline is over: finish what was in time, make the list, of no bids too."""
    event = envelope.event
    assert isinstance(event, LotClosed)
    lot, policy = lots.find(event.number), readings.in_force(event.number)
    if ending.is_over(event.number):
        return
    # One whose extension not everybody signed is never listed: it is ended, and put out anew.
    if lot is not None and policy is not None and not extending.is_unsigned(lot, policy):
        closing.close(event.number)
        if ending.is_over(event.number):  # meanwhile
            ending.end(event.number, envelope.occurred_at)


def end_with_lot(envelope: Envelope) -> None:
    """The owner has ended the tender: nothing of it is opened any more."""
    event = envelope.event
    assert isinstance(event, LotTerminated)
    ending.end(event.number, envelope.occurred_at)


def certify_bidders(envelope: Envelope) -> None:
    """There is a closing list: everybody's credit on it is certified, as known at the deadline."""
    event = envelope.event
    assert isinstance(event, BidsListed)
    certifying.certify(event.opening_id)


def begin_evaluation(envelope: Envelope) -> None:
    """The bids are open: the lot goes over to its committee."""
    event = envelope.event
    assert isinstance(event, BidsOpened)
    follow(
        lots.TENDER, event.lot_id, "start_evaluation",
        key=f"event:{envelope.id}", at=envelope.occurred_at,
    )  # fmt: skip


def nominate(envelope: Envelope) -> None:
    """Candidates are public, and with them how every bid was judged.

    Not with the signature of the report: each bidder reads the state of its own bid, and nobody
    who takes part tells it how it stands before everybody is told (Tendering Law, art. 44).
    """
    event = envelope.event
    assert isinstance(event, LotPublicised)
    if (report := needs.judged(event.evaluation_id)) is not None:
        for pk, score, rank in report.ranked:
            _follow(pk, "validate", envelope)
            _follow(pk, "score", envelope, {"score": score})
            _follow(pk, "rank", envelope, {"rank": rank})
        for pk, reason in report.rejected:
            _follow(pk, "reject", envelope, {"reason": reason})
    for pk in event.bid_ids:
        _follow(pk, "nominate", envelope)


def decide(envelope: Envelope) -> None:
    """The award notice is out: one wins, the others lose."""
    event = envelope.event
    assert isinstance(event, LotAwarded)
    _follow(event.bid_id, "win", envelope)
    _lose(event.number, envelope, but=event.bid_id)


def lose_all(envelope: Envelope) -> None:
    """The lot failed after its opening: nobody wins."""
    event = envelope.event
    assert isinstance(event, LotFailed)
    _lose(event.number, envelope, but=0)


# A candidate who was passed over has won no more.
_JUDGED = (OPENED, VALID, SCORED, RANKED, CANDIDATE, WON)


def _lose(number: str, envelope: Envelope, *, but: int) -> None:
    rows = Bid.objects.filter(lot_number=number, state__in=_JUDGED).exclude(pk=but)
    for pk in rows.values_list("pk", flat=True):
        _follow(pk, "lose", envelope)


def _follow(pk: int, act: str, envelope: Envelope, payload: Any = None) -> None:
    if Bid.objects.filter(pk=pk).exists():
        key, at = f"event:{envelope.id}", envelope.occurred_at
        follow(BID.code, pk, act, key=key, at=at, payload=payload)


@subscribe(LotClosed, "procurement.bids.closing", prepare=close_lot)
def lot_is_closed(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(BidsListed, "procurement.bids.credit", prepare=certify_bidders)
def bidders_are_certified(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the certificates stand."""


@subscribe(BidsOpened, "procurement.bids.evaluation", prepare=begin_evaluation)
def evaluation_begins(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the act that followed wrote it."""


@subscribe(LotPublicised, "procurement.bids.candidates", prepare=nominate)
def candidates_are_public(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(LotAwarded, "procurement.bids.award", prepare=decide)
def bids_are_decided(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(LotFailed, "procurement.bids.failure", prepare=lose_all)
def bids_have_lost(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(LotTerminated, "procurement.bids.termination", prepare=end_with_lot)
def opening_has_ended(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(PolicyMoved, "procurement.bids.policy", prepare=move_policy)
def policy_has_moved(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(OpeningMoved, "procurement.bids.opening", prepare=move_opening)
def opening_has_moved(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(DeadlineMissed, "procurement.bids.late", prepare=move_late)
def opening_is_late(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the acts that followed wrote it."""


@subscribe(BidsOpened, "procurement.bids.record", prepare=print_record)
def record_is_printed(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
