"""What the acts of forming a committee change: pool, draw, seats, leader. fire() calls these."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime

from kernel.events.procurement_evaluation import EvaluationUndone
from kernel.events.registry import DomainEvent
from kernel.parties.models import Membership
from kernel.workflow.machines import Doing
from procurement.evaluation import draw, rules, selectors
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import CommitteeSeat, Evaluation, Expert, ExpertDraw


@EVALUATION.effect("open")
def _open(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    """Fix the pool and commit to the platform's nonce before anybody knows the other half."""
    terms, payload = doing.facts.terms, doing.payload
    case.lot_id, case.lot_number = terms.lot_id, terms.number
    case.project_number, case.region = terms.project_number, terms.region
    case.owner_uscc, case.agency_uscc = terms.owner_uscc, terms.agency_uscc
    case.hours = payload.hours
    # Until the supervising authority decides: what it is asked for.
    case.late_draw_reason = payload.late_reason.strip()
    case.experts, case.representatives = payload.experts, len(payload.representatives)
    nonce, pool = secrets.token_hex(32), selectors.pool()
    case.nonce_commitment = draw.commitment(nonce)
    case.pool_sha256 = draw.pool_sha256(pool)
    ExpertDraw.objects.create(
        commitment=case.nonce_commitment,
        platform_nonce=nonce,
        pool=[draw.to_json(one) for one in pool],
        representatives=list(payload.representatives),
    )
    return []


@EVALUATION.effect("draw")
def _draw(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    """Draw the order, call the first ones; names go into the seats and nowhere else."""
    row = selectors.drawing(case)
    assert row is not None
    whom = selectors.filters(doing.facts)
    seed = draw.seed_of(row.platform_nonce, doing.payload.nonce, case.pool_sha256)
    order = list(draw.draw([draw.from_json(one) for one in row.pool], whom, seed))
    case.order_sha256 = selectors.order_sha256(seed, order)
    row.owner_nonce, row.order = doing.payload.nonce, order
    row.filters = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(whom).items()}
    row.save(update_fields=["owner_nonce", "order", "filters"])
    owner = doing.facts.terms.owner_uscc
    for number, person in enumerate(row.representatives, start=1):
        sits = Membership.objects.get(person_id=person, organisation__uscc=owner, role="expert")
        CommitteeSeat.objects.create(
            evaluation=case,
            number=number,
            person_id=person,
            organisation_id=sits.organisation_id,
            kind=rules.REPRESENTATIVE,
            called_at=doing.at,
        )
    for _expert in range(case.experts):
        _call_next(case, row, doing.at)
    return []


@EVALUATION.effect("allow_late_draw")
def _allow_late_draw(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    """The decision stands on the case, for everybody who reads it."""
    case.late_draw_at = doing.at
    case.late_draw_document = doing.payload.document.strip()
    case.late_draw_reason = doing.payload.reason.strip()
    return []


def _call_next(case: Evaluation, row: ExpertDraw, at: datetime) -> None:
    """Give the next seat to the next of the order."""
    expert = Expert.objects.get(code=selectors.waiting(case, row)[0])
    CommitteeSeat.objects.create(
        evaluation=case,
        number=CommitteeSeat.objects.filter(evaluation_id=case.pk).count() + 1,
        person_id=expert.person_id,
        organisation_id=expert.organisation_id,
        expert=expert,
        called_at=at,
    )


def seat_of(case: Evaluation, number: int) -> CommitteeSeat:
    """A committee's seat of this number."""
    return CommitteeSeat.objects.get(evaluation_id=case.pk, number=number)


def _leave(case: Evaluation, seat: CommitteeSeat, cause: str, at: datetime) -> None:
    """A seat is given up; what its member found counts no more, and the next one is called."""
    seat.status, seat.gone_cause, seat.gone_at = rules.GONE, cause, at
    seat.save(update_fields=["status", "gone_cause", "gone_at"])
    case.votes.filter(seat=seat).update(void=True)
    case.scores.filter(seat=seat).update(void=True)
    if case.leader == seat.number:
        case.leader = 0
    # Who comes anew has the whole time: it runs again from the next preliminary review.
    case.ends_at = None
    case.seats.update(asked_time_at=None)
    row = selectors.drawing(case)
    assert row is not None
    _call_next(case, row, at)


@EVALUATION.effect("check_in")
def _check_in(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    seat = seat_of(case, doing.facts.mine.number)
    seat.status, seat.present_at = rules.PRESENT, doing.at
    seat.save(update_fields=["status", "present_at"])
    return []


@EVALUATION.effect("declare")
def _declare(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _leave(case, seat_of(case, doing.facts.mine.number), doing.payload.cause, doing.at)
    return []


@EVALUATION.effect("step_back")
def _step_back(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    return _without(case, doing.facts.mine.number, doing)


@EVALUATION.effect("replace_member")
def _replace(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    return _without(case, doing.payload.seat, doing)


def _without(case: Evaluation, number: int, doing: Doing) -> list[DomainEvent]:
    _leave(case, seat_of(case, number), doing.payload.cause, doing.at)
    if not case.result_sha256:
        return []
    # What was counted rests on conclusions that are void; so does what anybody wrote about it.
    case.results.update(void=True)
    case.result_sha256 = ""
    case.seats.update(opinion="", signing="")
    return [EvaluationUndone(case.pk, case.lot_number)]


@EVALUATION.effect("elect_leader")
def _elect(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.leader = doing.payload.leader
    return []
