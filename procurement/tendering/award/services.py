"""Writes of lots from the committee's report to the archive."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.events.procurement_tendering import (
    AwardRefused,
    LotAwarded,
    LotAwardReported,
    LotContracted,
    LotFailed,
    LotPublicised,
)
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due, earliest_allowed
from kernel.search import services as search
from kernel.workflow.machines import Doing
from procurement.tendering.award.rules import FOUND_VOID
from procurement.tendering.findable import PUBLICITY, RESULT
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.services import names

# The causes of the list ``next_candidate_cause`` that lie with the winner (实施条例第七十四条).
_OWN_WILL = ("renounced", "no_security")


@LOT.effect("receive_report")
def _receive_report(case: Lot, doing: Doing) -> list[DomainEvent]:
    """The time for publicity runs from the report."""
    case.evaluation_id = doing.payload.evaluation_id
    case.reported_at = doing.payload.reported_at
    start = due(
        doing.payload.reported_at, "tender.publicity.start", region=case.region, provisional=True
    )
    case.publicity_start_due_at = start.at
    return []


@LOT.effect("publicise")
def _publicise(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Make the report's candidates public, for as long as the notice said and the law has it."""
    report = doing.facts.report
    case.evaluation_id, case.reported_at = report.evaluation_id, report.reported_at
    case.candidates = [asdict(candidate) for candidate in report.candidates]
    case.losers = [list(loser) for loser in report.losers]
    case.candidate_rank = 1
    case.publicity_serial += 1
    case.objection_channel = doing.payload.objection_channel
    case.late_reason = doing.payload.late_reason
    case.publicised_at = doing.at
    case.publicity_start_due_at = None
    case.publicity_ends_at = _publicity_end(case, doing.at)
    return [
        LotPublicised(
            **names(case),
            evaluation_id=case.evaluation_id,
            bid_ids=tuple(candidate.bid_id for candidate in report.candidates),
            publicity_ends_at=case.publicity_ends_at,
            serial=case.publicity_serial,
        )
    ]


def _publicity_end(case: Lot, at: datetime) -> datetime:
    announced = clock.end_of(clock.legal_date(at) + timedelta(days=case.publicity_days))
    least = earliest_allowed(at, "tender.publicity.length", region=case.region, provisional=True)
    return max(announced, least.at)


@LOT.effect("pause_publicity")
def _pause_publicity(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.paused_at = doing.at
    return []


@LOT.effect("resume_publicity")
@LOT.effect("lift_publicity")
def _resume_publicity(case: Lot, doing: Doing) -> list[DomainEvent]:
    """The days that were left when it was paused or stopped still run, whole."""
    if case.publicity_ends_at is not None and case.paused_at is not None:
        ends = case.publicity_ends_at + (doing.at - case.paused_at)
        case.publicity_ends_at = clock.end_of(clock.legal_date(ends - timedelta(microseconds=1)))
    case.paused_at, case.suspended_from = None, ""
    return []


@LOT.effect("reevaluate")
def _reevaluate(case: Lot, _doing: Doing) -> list[DomainEvent]:
    """The committee looks again; what was public of its first report stays in the record."""
    search.remove(PUBLICITY, case.number)
    case.paused_at = case.publicised_at = case.publicity_ends_at = None
    # The first report is one no more: candidates are made public from the next.
    case.publicity_start_due_at = case.reported_at = None
    case.candidate_rank = 0
    return []


@LOT.effect("next_candidate")
def _next_candidate(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Note who fell out, why and by which file; the next one's turn comes."""
    told = _fall_out(case, doing)
    case.candidate_rank += 1
    return told


@LOT.effect("fail_award")
def _fail_award(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Nobody is awarded: the lot is put out again, and all bids have lost.

    Bidders came, and some bids were good: it is not counted among the failures that open the way
    to another method.
    """
    told = _fall_out(case, doing)
    case.failed_reason = str(case.passed_over[-1]["reason"])
    return [*told, LotFailed(**names(case), failures=case.failures)]


def _fall_out(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Note of the candidate at hand why it cannot win, and take an award back."""
    told = _refused(case, doing)
    passed = {
        "rank": case.candidate_rank,
        "uscc": current_candidate(case)["uscc"],
        "cause": doing.payload.cause,
        "reason": doing.payload.reason,
        "file_sha256": doing.payload.file_sha256,
        "at": doing.at.isoformat(),
    } | _found(doing)
    case.passed_over = [*case.passed_over, passed]
    search.remove(RESULT, case.number)
    case.winner_uscc, case.award_price_fen = "", 0
    case.awarded_at = case.report_due_at = None
    return told


def _found(doing: Doing) -> dict[str, Any]:
    """What an authority decided stands in the place of what anybody asserts."""
    decision = doing.facts.found_void
    if decision is None:
        return {}
    return {
        "cause": FOUND_VOID,
        "reason": doing.payload.reason or decision.reason,
        "file_sha256": decision.file_sha256,
        "document_number": decision.document_number,
    }


def _refused(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Only who had the award notice refuses an award; before it nobody has won."""
    if not case.winner_uscc or doing.payload.cause not in _OWN_WILL:
        return []
    winner = current_candidate(case)
    return [
        AwardRefused(
            **names(case),
            winner_uscc=winner["uscc"],
            winner_name=winner["name"],
            cause=doing.payload.cause,
            document_number=f"{case.number}-FQ{len(case.passed_over) + 1:02d}",
            file_sha256=doing.payload.file_sha256,
            refused_on=clock.legal_date(doing.at),
        )
    ]


@LOT.effect("issue_award_notice")
def _issue_award_notice(case: Lot, doing: Doing) -> list[DomainEvent]:
    """The candidate at hand wins; the written report is due from now."""
    winner = current_candidate(case)
    case.winner_uscc, case.award_price_fen = winner["uscc"], winner["price_fen"]
    case.awarded_at = doing.at
    report = due(doing.at, "tender.award.report", region=case.region, provisional=True)
    case.report_due_at = report.at
    return [
        LotAwarded(
            **names(case),
            evaluation_id=case.evaluation_id,
            bid_id=winner["bid_id"],
            winner_uscc=winner["uscc"],
            winner_name=winner["name"],
            price_fen=winner["price_fen"],
        )
    ]


def current_candidate(case: Lot) -> dict[str, Any]:
    """The candidate whose turn it is."""
    found: dict[str, Any] = case.candidates[case.candidate_rank - 1]
    return found


@LOT.effect("report_award")
def _report_award(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.award_reported_at = doing.at
    case.report_due_at = None
    return [LotAwardReported(**names(case))]


@LOT.effect("contract")
def _contract(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.contract_number = doing.payload.contract_number
    case.suspended_from, case.paused_at = "", None
    return [
        LotContracted(
            **names(case), contract_number=case.contract_number, winner_uscc=case.winner_uscc
        )
    ]
