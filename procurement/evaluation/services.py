"""Writes of evaluations: what each act changes besides the state. fire() calls these."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import Conflict
from kernel.events.procurement_evaluation import (
    EvaluationFailed,
    EvaluationHanded,
    EvaluationReported,
    EvaluationScored,
    EvaluationSummarised,
    EvaluationUndone,
    EvaluationVoted,
)
from kernel.events.registry import DomainEvent
from kernel.parties.models import Membership
from kernel.sealing import canonical
from kernel.workflow.firing import fire
from kernel.workflow.machines import Doing
from kernel.workflow.receipts import Receipt
from procurement.evaluation import counting, draw, formulas, rules, selectors
from procurement.evaluation import session_rules as session
from procurement.evaluation.inputs import TECHNICAL
from procurement.evaluation.machine import EVALUATION, PRELIMINARY, PRICED, SUMMARY
from procurement.evaluation.models import (
    BidScore,
    BidVote,
    BillFinding,
    CommitteeSeat,
    Evaluation,
    EvaluationResult,
    Expert,
    ExpertDraw,
    Question,
)

_TRIES = 8


def act_as_member(
    pk: int, transition: str, *, actor: Actor, payload: Mapping[str, Any], key: str
) -> Receipt:
    """A member's own act in a session where others act at the same time.

    What a member looks at (the opened bids, their own entries) no other member's act changes, so
    the case's present version is what they saw. Raises Refused with every reason.
    """
    for left in reversed(range(_TRIES)):
        version = Evaluation.objects.values_list("version", flat=True).get(pk=pk)
        try:
            return fire(
                EVALUATION.code,
                pk,
                transition,
                actor=actor,
                payload=payload,
                key=key,
                seen_version=version,
            )
        except Conflict as conflict:
            overtaken = {"workflow.act.stale", "workflow.act.lost_race"}
            if not left or not overtaken & {r.code for r in conflict.refusals}:
                raise
    raise AssertionError("unreachable")


# Forming


@EVALUATION.effect("open")
def _open(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    """Fix the pool and commit to the platform's nonce before anybody knows the other half."""
    terms, payload = doing.facts.terms, doing.payload
    case.lot_id, case.lot_number = terms.lot_id, terms.number
    case.project_number, case.region = terms.project_number, terms.region
    case.owner_uscc, case.agency_uscc = terms.owner_uscc, terms.agency_uscc
    case.experts, case.representatives = payload.experts, len(payload.representatives)
    case.hours = payload.hours
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


def _seat(case: Evaluation, number: int) -> CommitteeSeat:
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
    seat = _seat(case, doing.facts.mine.number)
    seat.status, seat.present_at = rules.PRESENT, doing.at
    seat.save(update_fields=["status", "present_at"])
    return []


@EVALUATION.effect("declare")
def _declare(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _leave(case, _seat(case, doing.facts.mine.number), doing.payload.cause, doing.at)
    return []


@EVALUATION.effect("replace_member")
def _replace(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _leave(case, _seat(case, doing.payload.seat), doing.payload.cause, doing.at)
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


# The session


@EVALUATION.effect("start_preliminary")
def _start(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.ends_at = doing.at + timedelta(hours=case.hours) if case.hours else None
    return []


@EVALUATION.effect("ask_time")
def _ask_time(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    seat = _seat(case, doing.facts.mine.number)
    seat.asked_time_at = doing.at
    seat.save(update_fields=["asked_time_at"])
    return []


@EVALUATION.effect("extend_time")
def _extend(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.ends_at = doing.payload.until
    case.seats.update(asked_time_at=None)
    return []


@EVALUATION.effect("vote")
def _vote(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    BidVote.objects.update_or_create(
        seat=_seat(case, doing.facts.mine.number),
        bid_id=payload.bid_id,
        defaults={
            "evaluation": case,
            "findings": [finding.model_dump(mode="json") for finding in payload.findings],
            "at": doing.at,
            "void": False,
        },
    )
    now = selectors.facts(case, doing.at)
    done = not list(session.votes_are_in(now, None)) and bool(session.valid(now))
    if case.state != PRELIMINARY or not done:
        return []
    return [EvaluationVoted(case.pk, case.lot_number)]


@EVALUATION.effect("clear")
def _clear(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.findings.all().delete()
    BillFinding.objects.bulk_create(
        BillFinding(
            evaluation=case,
            bid_id=found.bid_id,
            finding=found.model_dump(mode="json", exclude={"bid_id"}),
        )
        for found in doing.payload.findings
    )
    return []


@EVALUATION.effect("clarify")
def _clarify(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    Question.objects.create(
        evaluation=case,
        bid_id=payload.bid_id,
        uscc=doing.facts.bid(payload.bid_id).uscc,
        question=payload.question,
        asked_at=doing.at,
        reply_by=payload.reply_by,
    )
    return []


@EVALUATION.effect("reply")
def _reply(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    Question.objects.filter(evaluation_id=case.pk, pk=doing.payload.clarification).update(
        answer=doing.payload.answer, answered_at=doing.at
    )
    return []


@EVALUATION.effect("score_detail")
def _score(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _give(case, doing)
    now = selectors.facts(case, doing.at)
    waiting = (*session.scores_are_in(now, None), *session.deviations_are_explained(now, None))
    return [] if waiting else [EvaluationScored(case.pk, case.lot_number)]


@EVALUATION.effect("rescore")
def _rescore(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _give(case, doing)
    return []


def _give(case: Evaluation, doing: Doing) -> None:
    kinds = {one.code: one.kind for one in doing.facts.terms.criteria}
    marks = {m.criterion: formulas.parse_points(m.points) for m in doing.payload.marks}
    technical = sum(given for code, given in marks.items() if kinds[code] == TECHNICAL)
    BidScore.objects.update_or_create(
        seat=_seat(case, doing.facts.mine.number),
        bid_id=doing.payload.bid_id,
        defaults={
            "evaluation": case,
            "marks": marks,
            "technical": technical,
            "commercial": sum(marks.values()) - technical,
            "reason": doing.payload.deviation_reason,
            "at": doing.at,
            "void": False,
        },
    )


@EVALUATION.effect("score_price")
def _score_price(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _count(case, doing)
    return []


def _count(case: Evaluation, doing: Doing) -> None:
    """Count, and keep the bytes of what was counted and of what came out."""
    plain = counting.normal(session.inputs(doing.facts))
    found = selectors.recount(case, doing.facts)
    case.result_sha256 = counting.sha256(found)
    EvaluationResult.objects.create(
        evaluation=case,
        at=doing.at,
        inputs=canonical.encode(plain).decode(),
        result=canonical.encode(found).decode(),
        sha256=case.result_sha256,
    )


@EVALUATION.effect("recount")
def _recount(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    """Count without the bid that was found void; a report that waits is printed anew."""
    _count(case, doing)
    if case.state != SUMMARY:
        return []
    case.seats.update(opinion="", signing="")
    return _redraft(case)


# The report


@EVALUATION.effect("summarise")
def _summarise(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    if case.state != PRICED:
        _count(case, doing)
        case.seats.update(opinion="", signing="")
    return _redraft(case)


def _redraft(case: Evaluation) -> list[DomainEvent]:
    case.report_issue += 1
    return [EvaluationSummarised(case.pk, case.lot_number, case.report_issue)]


@EVALUATION.effect("dissent")
def _dissent(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    seat = _seat(case, doing.facts.mine.number)
    seat.opinion = doing.payload.opinion
    seat.save(update_fields=["opinion"])
    return _redraft(case)


@EVALUATION.effect("note_refusal")
def _note_refusal(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    seat = _seat(case, doing.payload.seat)
    seat.signing = "refused"
    seat.save(update_fields=["signing"])
    return _redraft(case)


@EVALUATION.effect("report")
def _report(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    found = selectors.result_of(case)
    assert found is not None
    case.results.filter(void=False).update(reported=True)
    names = (
        "rank", "bid_id", "uscc", "price_fen", "price_points", "technical_points",
        "commercial_points", "credit_points", "total",
    )  # fmt: skip
    ranking = tuple({name: row[name] for name in names} for row in found["ranking"])
    return [
        EvaluationReported(
            evaluation_id=case.pk,
            lot_id=case.lot_id,
            lot_number=case.lot_number,
            ranking=ranking,
            rejected=tuple(found["rejected"]),
            candidates=tuple(row["bid_id"] for row in ranking[: doing.facts.terms.candidates]),
            result_sha256=case.result_sha256,
        )
    ]


@EVALUATION.effect("hand_over")
def _hand_over(case: Evaluation, _doing: Doing) -> list[DomainEvent]:
    return [EvaluationHanded(case.pk, case.lot_id, case.lot_number)]


@EVALUATION.effect("fail")
def _fail(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    rejected = tuple(
        {
            "bid_id": bid.bid_id,
            "uscc": bid.uscc,
            "codes": list(session.rejected_for(doing.facts, bid)),
        }
        for bid in doing.facts.bids
    )
    return [EvaluationFailed(case.pk, case.lot_id, case.lot_number, rejected)]
