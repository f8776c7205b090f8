"""What the acts that count and conclude change: results, report, end. fire() calls these."""

from __future__ import annotations

from kernel.events.procurement_evaluation import (
    EvaluationFailed,
    EvaluationHanded,
    EvaluationReported,
    EvaluationSummarised,
)
from kernel.events.registry import DomainEvent
from kernel.sealing import canonical
from kernel.workflow.machines import Doing
from procurement.evaluation import counting, selectors
from procurement.evaluation import session_rules as session
from procurement.evaluation.committee import seat_of
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation, EvaluationResult
from procurement.evaluation.states import PRICED, SUMMARY


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
    seat = seat_of(case, doing.facts.mine.number)
    seat.opinion = doing.payload.opinion
    seat.save(update_fields=["opinion"])
    return _redraft(case)


@EVALUATION.effect("note_refusal")
def _note_refusal(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    seat = seat_of(case, doing.payload.seat)
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
