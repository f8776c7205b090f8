"""The rules of a lot from the committee's report to the archive: pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.tendering.facts import LotFacts
from procurement.tendering.rules.common import reason_is_given, refusal, told

# The cause of the list ``next_candidate_cause`` that an authority's decision is.
FOUND_VOID = "unlawful"


def report_is_there(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Candidates come from the committee's report and from nowhere else."""
    if facts.report is None:
        yield refusal(facts, "report_missing", "candidates")


def candidates_are_ranked(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """One to three candidates, ranked without gap."""
    if facts.report is None:
        return
    ranks, most = [c.rank for c in facts.report.candidates], facts.limits.candidates_most
    if not ranks:
        yield refusal(facts, "candidates_none", "candidates")
    if len(ranks) > most:
        yield refusal(facts, "candidates_many", "candidates", candidates=len(ranks), most=most)
    if ranks != list(range(1, len(ranks) + 1)):
        yield refusal(facts, "candidates_unranked", "candidates")


def no_candidate_is_void(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Whose bid an authority found void is made public to nobody as a candidate."""
    for name in facts.report.void if facts.report is not None else ():
        yield refusal(facts, "candidate_void", "candidates", name=name)


def publicity_is_in_time(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """It starts within three days of the report; later only with a reason that stays on record."""
    until = facts.publicity_until
    if payload is None or until is None or facts.at < until or payload.late_reason:
        return
    yield refusal(facts, "publicity_late", "publicity", "late_reason", until=told(until))


def objection_channel_is_named(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """The publicity says where an objection is to be raised."""
    if payload is not None and not payload.objection_channel:
        yield refusal(facts, "channel_missing", "publicity", "objection_channel")


def publicity_has_run(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """No award before the publicity has lasted as long as the law and the notice say."""
    ends, least = facts.publicity_ends_at, facts.publicity_earliest_end_at
    bound = max((x for x in (ends, least) if x is not None), default=None)
    if bound is None or facts.at < bound:
        yield refusal(facts, "publicity_running", "publicity", until=told(bound) if bound else "")


def publicity_is_signed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What was public before an award bore the signatures that the law asks of it."""
    if facts.unsigned_publicity:
        yield refusal(
            facts, "publicity_unsigned", "publicity_signed", number=facts.unsigned_publicity
        )


def candidate_is_left(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """The candidate at hand is one of those that were made public."""
    if not 1 <= facts.candidate_rank <= facts.candidates:
        yield refusal(facts, "candidate_missing", "winner")


def winner_may_be_awarded(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody wins who may not bid any more: a licence lost, a place on a list since the review."""
    yield from facts.winner_refusals


def candidates_were_objected_to(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """An owner sends candidates back once an objection to them is upheld; a supervisor decides on
    complaints.
    """
    if not (facts.objection_upheld or facts.by_authority):
        yield refusal(facts, "objection_not_upheld", "publicity")


def next_is_left(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """There is a candidate after the one that falls out; else the lot fails (``fail_award``)."""
    if facts.candidate_rank >= facts.candidates:
        yield refusal(facts, "candidates_exhausted", "winner")


def cause_is_lawful(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """The first candidate is passed over only in the cases that the law names."""
    if payload is None:
        return
    if facts.found_void is not None:
        # Whoever is void by a decision has not renounced, and is no case of force majeure.
        if payload.cause not in ("", FOUND_VOID):
            yield refusal(
                facts, "cause_found", "winner", "cause", number=facts.found_void.document_number
            )
    elif payload.cause not in facts.codes["next_candidate_cause"]:
        yield refusal(facts, "cause_unlisted", "winner", "cause", cause=payload.cause)


def cause_is_proven(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """A cause is not asserted: a file that a party of the tender uploaded proves it, or a decision
    of an authority that is there already.
    """
    if payload is None or facts.found_void is not None:
        return
    if not payload.file_sha256:
        yield refusal(facts, "cause_unproven", "winner", "file_sha256", cause=payload.cause)
    elif payload.file_sha256 in facts.missing_files:
        yield refusal(facts, "file_missing", "winner", "file_sha256", name=payload.file_sha256[:12])


def cause_has_its_reason(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Why the next follows stands on record; where a decision says it, nobody need say it again."""
    if facts.found_void is None:
        yield from reason_is_given(facts, payload)


def giving_up_has_its_reason(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Who does not take the next candidate, though there is one, says why; article 55 leaves the
    choice. Where none is left, a decision's own reason is enough.
    """
    if facts.candidate_rank < facts.candidates:
        yield from reason_is_given(facts, payload)
    else:
        yield from cause_has_its_reason(facts, payload)


def award_is_out(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract follows an award notice, whatever stopped the lot since."""
    if facts.state == "suspended" and facts.suspended_from != "awarded":
        yield refusal(facts, "not_awarded", "contract")


def award_is_unreported(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """The written report is handed in once."""
    if facts.award_reported:
        yield refusal(facts, "award_reported", "award_report")


def award_was_reported(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A lot is archived with its report to the supervisor in it."""
    if not facts.award_reported:
        yield refusal(facts, "award_unreported", "award_report")
