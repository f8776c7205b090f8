"""Reads of evaluations, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import Membership
from kernel.regulation import selectors as law
from kernel.regulation.citing import language
from kernel.sealing import canonical
from procurement.evaluation import asking, counting, draw, inputs, known_interests, rules
from procurement.evaluation import session_rules as session
from procurement.evaluation.experts.machine import ADMITTED
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import (
    CommitteeSeat,
    Evaluation,
    EvaluationResult,
    Expert,
    ExpertDraw,
)
from procurement.evaluation.numbers import numbers
from procurement.evaluation.rules import EvaluationFacts
from procurement.evaluation.schemas import CheckInPayload, ScorePayload, VotePayload
from procurement.evaluation.states import FORMING, PRICED, REPORTED, SUMMARY

# Who brings one of these says something of a bidder.
_JUDGING = (CheckInPayload, VotePayload, ScorePayload)


@EVALUATION.facts
def facts(
    case: Any, at: datetime, payload: Any = None, actor: Actor | None = None
) -> EvaluationFacts:
    """Everything that the guards of an evaluation look at, at a legal moment."""
    opening = case.pk is None
    number = getattr(payload, "lot_number", "") if opening else case.lot_number
    terms = inputs.lot_terms(number) if number else None
    region = terms.region if terms else case.region
    known = numbers(clock.legal_date(at).isoformat(), region, language())
    seats = () if opening else seats_of(case)
    wanted = payload if opening and payload is not None else case
    chosen = tuple(getattr(payload, "representatives", ())) if opening else ()
    found = EvaluationFacts(
        at=at,
        today=clock.legal_date(at),
        state=case.state if not opening else FORMING,
        numbers=known,
        terms=terms,
        opened=_opened(case, number) if terms is not None and terms.opened else None,
        others=_others(case, number),
        late_draw=case.late_draw_at is not None,
        experts=wanted.experts,
        representatives=len(chosen) if opening else case.representatives,
        strangers=_strangers(chosen, terms, clock.legal_date(at)),
        seats=seats,
        leader=case.leader,
        ends_at=case.ends_at,
        grounds=codes("bid_rejection", at),
        absences=codes("expert_absence", at),
        actor_person=actor.person_id if actor else 0,
        actor_uscc=actor.uscc if actor else "",
        supervises=actor is not None and actor.role == "tender_supervisor",
        result_sha256=case.result_sha256,
        counted_sha256=case.result_sha256,
        **({} if opening else _session(case)),
    )
    if opening:
        return found
    found = _drawn(case, _on_record(found, payload))
    if actor is not None and isinstance(payload, _JUDGING):
        years = known["draw.former_years"]
        found = _with(found, acts_for=known_interests.acts_for(actor.person_id, at, years))
    return _counted(case, found)


def _on_record(found: EvaluationFacts, payload: Any) -> EvaluationFacts:
    """What stands against the bid that is voted on."""
    bid = found.bid(payload.bid_id) if isinstance(payload, VotePayload) else None
    if bid is None or found.terms is None:
        return found
    return _with(found, faults=inputs.faults_of(found.terms, bid, found.at))


def _opened(case: Any, number: str) -> inputs.Opened | None:
    """The opened bids; where the opening drew no seed, that of the experts' draw orders ties."""
    found = inputs.opened(number)
    return replace(found, seed=found.seed or case.order_sha256) if found else None


def _others(case: Any, number: str) -> int:
    live = Evaluation.objects.filter(lot_number=number).exclude(state="failed")
    return live.exclude(pk=case.pk).count() if number else 0


def _strangers(
    chosen: Iterable[int], terms: inputs.LotTerms | None, today: date
) -> tuple[int, ...]:
    """Those of the chosen persons who do not sit on committees for this owner."""
    wanted = set(chosen)
    if not wanted or terms is None:
        return tuple(sorted(wanted))
    own = Membership.objects.filter(
        person_id__in=wanted,
        organisation__uscc=terms.owner_uscc,
        role="expert",
        valid_from__lte=today,
    ).exclude(valid_to__lt=today)
    return tuple(sorted(wanted - set(own.values_list("person_id", flat=True))))


def _session(case: Evaluation) -> dict[str, Any]:
    """Votes, scores and questions that count."""
    return {
        "votes": tuple(
            counting.Vote(
                row.seat.number,
                row.bid_id,
                tuple(one["ground"] for one in row.findings if not one["passed"]),
            )
            for row in case.votes.filter(void=False).select_related("seat")
        ),
        "scores": tuple(
            counting.Score(row.seat.number, row.bid_id, row.technical, row.commercial, row.reason)
            for row in case.scores.filter(void=False).select_related("seat")
        ),
        "asked": asking.asked_in(case),
    }


def _drawn(case: Evaluation, found: EvaluationFacts) -> EvaluationFacts:
    """How many may be drawn now, and how many the order still has."""
    row = drawing(case)
    if row is None or found.terms is None:
        return found
    if case.state == FORMING:
        pool = [draw.from_json(one) for one in row.pool]
        free = draw.draw(pool, filters(found), "")
        return _with(found, drawable=len(_still(free)))
    return _with(
        found,
        reserve=len(waiting(case, row)),
        told_at_draw=known_interests.at_draw(row, found.mine),
    )


def _counted(case: Evaluation, found: EvaluationFacts) -> EvaluationFacts:
    """Count a stored result again, so that nothing is signed that no longer comes out."""
    if case.state not in {PRICED, SUMMARY, REPORTED} or found.opened is None:
        return found
    return _with(found, counted_sha256=counting.sha256(recount(case, found)))


def _with(found: EvaluationFacts, **changes: Any) -> EvaluationFacts:
    return replace(found, **changes)


def recount(case: Evaluation, found: EvaluationFacts) -> dict[str, Any]:
    """The result as it comes out now; a benchmark that was confirmed stays (a review)."""
    # A benchmark that no report stated falls with the member whose votes it was counted by.
    first = case.results.exclude(void=True, reported=False).first()
    frozen = canonical.decode(first.result.encode())["benchmark"] if first else None
    return counting.result(session.inputs(found), frozen)


def seats_of(case: Evaluation) -> tuple[rules.Seat, ...]:
    """The committee as its guards see it."""
    rows = CommitteeSeat.objects.filter(evaluation_id=case.pk).select_related("expert")
    return tuple(
        rules.Seat(
            number=row.number,
            person_id=row.person_id,
            kind=row.kind,
            status=row.status,
            code=row.expert.code if row.expert else "",
            employments=known_interests.jobs(row.expert) if row.expert else (),
            short=row.asked_time_at is not None,
            opinion=row.opinion,
            signing=row.signing,
            called_at=row.called_at,
        )
        for row in rows
    )


def pool() -> list[draw.Candidate]:
    """All who may be drawn now: specialties, employers, committees served on."""
    served: dict[int, list[tuple[str, str]]] = {}
    sat = CommitteeSeat.objects.exclude(status=rules.GONE).exclude(expert=None)
    for expert_id, owner, at in sat.values_list("expert_id", "evaluation__owner_uscc", "called_at"):
        served.setdefault(expert_id, []).append((owner, clock.legal_date(at).isoformat()))
    return [
        draw.Candidate(
            code=row.code,
            specialties=tuple(row.specialties),
            region=row.region,
            valid_until=row.valid_until.isoformat() if row.valid_until else "",
            employments=known_interests.jobs(row),
            served=tuple(sorted(served.get(row.pk, ()))),
        )
        for row in Expert.objects.filter(state=ADMITTED)
    ]


def filters(found: EvaluationFacts) -> draw.Filters:
    """Whom the lot cannot have, by the numbers of the day."""
    terms, known = found.terms, found.numbers
    if terms is None:
        raise ValueError("the lot is not known")
    parties = {*terms.parties, terms.owner_uscc, terms.agency_uscc} - {""}
    return draw.Filters(
        day=found.today.isoformat(),
        specialties=tuple(sorted(terms.specialties)),
        region=known["draw.region"],
        parties=tuple(sorted(parties)),
        owner=terms.owner_uscc,
        former_years=known["draw.former_years"],
        cooling_days=known["draw.cooling_days"],
        load_cap=known["draw.load_cap"],
        load_days=known["draw.load_days"],
    )


def drawing(case: Evaluation) -> ExpertDraw | None:
    """The draw's own record, None before there is one."""
    return ExpertDraw.objects.filter(commitment=case.nonce_commitment or "-").first()


def waiting(case: Evaluation, row: ExpertDraw) -> list[str]:
    """Codes of the drawn who were not called yet and are still in the bank, in their order."""
    called = set(
        CommitteeSeat.objects.filter(evaluation_id=case.pk)
        .exclude(expert=None)
        .values_list("expert__code", flat=True)
    )
    still = _still(row.order)
    return [code for code in row.order if code not in called and code in still]


def _still(order: Iterable[str]) -> frozenset[str]:
    """Those who have not been suspended or removed since the pool was fixed."""
    found = Expert.objects.filter(code__in=list(order), state=ADMITTED)
    return frozenset(found.values_list("code", flat=True))


def redrawn(case: Evaluation) -> bool:
    """Whether the draw comes out again from what was kept, and is what was committed to."""
    row = drawing(case)
    if row is None or not row.order:
        return False
    people = [draw.from_json(one) for one in row.pool]
    found = draw.pool_sha256(people)
    seed = draw.seed_of(row.platform_nonce, row.owner_nonce, found)
    kept: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in row.filters.items()
    }
    whom = draw.Filters(**kept)
    order = list(draw.draw(people, whom, seed))
    return (
        draw.commitment(row.platform_nonce) == case.nonce_commitment
        and found == case.pool_sha256
        and order == row.order
        and order_sha256(seed, order) == case.order_sha256
    )


def order_sha256(seed: str, order: list[str]) -> str:
    """What the case publishes of the order; without the seed no name can be tried against it."""
    return canonical.digest([seed, order]).hex()


def latest(case: Evaluation) -> EvaluationResult | None:
    """The result that stands."""
    return case.results.filter(void=False).last()


def result_of(case: Evaluation) -> dict[str, Any] | None:
    """The result that stands as plain JSON (see ``counting.result``)."""
    row = latest(case)
    return canonical.decode(row.result.encode()) if row else None


def codes(name: str, at: datetime) -> frozenset[str]:
    """Codes of a list that are valid at a moment."""
    return frozenset(code for code, _label in law.options(name, at))


def label(name: str, code: str, at: datetime) -> str:
    """A code's label in the active language; the code itself where the list has none."""
    return dict(law.options(name, at, language())).get(code, code)
