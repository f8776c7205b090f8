"""What a bidder is told of the rejection of its own bid, once the result may be told."""

from __future__ import annotations

from kernel.web.words import cited
from procurement.bids import needs
from procurement.evaluation import inputs, selectors
from procurement.evaluation import session_rules as session
from procurement.evaluation.models import Evaluation
from procurement.evaluation.states import FAILED, HANDED, R51, REPORTED


@needs.rejection.answered_by
def rejection(number: str, bid_id: int) -> needs.Rejection | None:
    """Why the committee rejected a bid: from the publicity of the candidates on, or from the
    failure of the lot; None before, and where it did not.

    What members found is told without their seats, and only on grounds that a majority shares.
    """
    case = Evaluation.objects.filter(
        lot_number=number, state__in=(REPORTED, HANDED, FAILED)
    ).first()
    terms = inputs.lot_terms(number) if case is not None else None
    if case is None or terms is None or not (terms.publicised or case.state == FAILED):
        return None
    at = case.changed_at
    facts = selectors.facts(case, at)
    bid = facts.bid(bid_id)
    codes = session.rejected_for(facts, bid) if bid is not None else ()
    if bid is None or not codes:
        return None
    votes = case.votes.filter(bid_id=bid_id, void=False)
    found = {
        one["evidence"]
        for vote in votes
        for one in vote.findings
        if not one["passed"] and one["ground"] in codes
    }
    return needs.Rejection(
        grounds=tuple(selectors.label("bid_rejection", code, at) for code in codes),
        article=cited(R51),
        on_record=tuple(
            one.refusal for one in inputs.faults_of(terms, bid, at) if one.ground in codes
        ),
        findings=tuple(sorted(found - {""})),
    )
