"""What a member's session page and the public result page show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.errors import Refusal
from kernel.web import formats
from kernel.web.case_pages import act_url, case_url, chip
from kernel.web.refusals import in_words
from kernel.web.viewmodels import Link, RefusalView, StateChip
from kernel.web.words import listed
from kernel.workflow import judge
from procurement.bids import grades
from procurement.evaluation import counting, inputs, question_rules, rules, selectors, ties, waiting
from procurement.evaluation import session_rules as session
from procurement.evaluation.formulas import points
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import CommitteeSeat, Evaluation
from procurement.evaluation.states import CLARIFYING, CLEARING, DETAILED, PRELIMINARY, REVIEW

SCORING = (CLEARING, CLARIFYING, DETAILED)
_Graded = Mapping[str, grades.Grade]
# Done bid by bid on the session's own pages, not by a button of the whole case.
BY_BID = frozenset({"vote", "score_detail", "rescore"})


@dataclass(frozen=True)
class BidRow:
    """A bid as a member sees it: what they gave, what is left, what clearing pointed out, what
    stands on record against it, what of its qualification is theirs to judge. graded: its bidder's
    certificate of the deadline.
    """

    bid: inputs.OpenedBid
    url: str
    verb: str
    given: str
    pending: bool = False
    rejected: tuple[str, ...] = ()
    findings: tuple[RefusalView, ...] = ()
    on_record: tuple[RefusalView, ...] = ()
    left_to_judge: tuple[RefusalView, ...] = ()
    graded: grades.Grade | None = None


@dataclass(frozen=True)
class SessionPage:
    """The context variable ``page`` of ``session.html``."""

    pk: int
    title: str
    reference: str
    state: StateChip
    seat: int
    leads: bool
    todo: tuple[str, ...]
    acts: tuple[Link, ...]
    bids: tuple[BidRow, ...]
    members: tuple[str, ...]
    case_url: str
    grave: tuple[Link, ...] = ()
    ranking: tuple[dict[str, Any], ...] = ()
    ties: tuple[str, ...] = ()


def page(case: Evaluation, seat: CommitteeSeat, actor: Actor, now: datetime) -> SessionPage:
    """The session as one member sees it; others' votes and points are not on it."""
    facts = selectors.facts(case, now, actor=actor)
    inside = seat.status == rules.PRESENT
    found = selectors.result_of(case) if inside else None
    graded = _of_bidders(case, facts, actor) if inside else {}
    acts = list(_acts(case, actor, facts))
    return SessionPage(
        pk=case.pk,
        title=facts.terms.name if facts.terms else case.lot_number,
        reference=case.reference,
        state=chip(EVALUATION, case.state),
        seat=seat.number,
        leads=case.leader == seat.number,
        todo=tuple(_todo(case, seat, facts)),
        acts=tuple(link for link, grave in acts if not grave),
        grave=tuple(link for link, grave in acts if grave),
        bids=tuple(_bids(case, seat, facts, now, graded)) if inside else (),
        members=tuple(_members(case)) if inside else (),
        case_url=case_url(case),
        ranking=tuple(ranking(case, found, graded)) if found else (),
        ties=tuple(tied(case, found, case.region)) if found else (),
    )


def _todo(case: Evaluation, seat: CommitteeSeat, facts: rules.EvaluationFacts) -> Iterator[str]:
    """What is left for this member, in a sentence each."""
    if seat.status == rules.CALLED:
        yield _("开标后到场签到；有回避情形的，请声明回避。")
        if facts.bids:
            names = listed(bid.name for bid in facts.bids)
            yield _("投标人：%(names)s") % {"names": names}
        return
    bids = [bid.bid_id for bid in facts.bids if not bid.void]
    if case.state == PRELIMINARY:
        left = len(counting.missing(facts.votes, [seat.number], bids))
        if left:
            yield _("还有 %(left)d 份投标文件待表决。") % {"left": left}
        elif not waiting.only_failing_is_left(facts):
            yield _("您已表决完毕，请等待其他成员。")
        elif case.leader == seat.number:
            yield _("全体成员已表决完毕，没有有效投标。请否决全部投标。")
        else:
            yield _("全体成员已表决完毕，没有有效投标，由组长否决全部投标。")
        for bid in counting.undecided(facts.votes, bids, len(facts.members)):
            name = facts.bid(bid).name  # type: ignore[union-attr]
            yield _("多数成员否决“%(name)s”，但情形不一致，请讨论后重新表决。") % {"name": name}
    if case.state in SCORING:
        for asked in question_rules.waiting(facts):
            name = facts.bid(asked.bid_id).name  # type: ignore[union-attr]
            said = {"name": name, "until": formats.minute(asked.reply_by)}
            yield _("等待“%(name)s”答复澄清，至 %(until)s 止，此前不能打分。") % said
        left = len(counting.missing(facts.scores, [seat.number], session.valid(facts)))
        yield (
            _("还有 %(left)d 份投标文件待打分。") % {"left": left}
            if left
            else _("您已打分完毕，请等待其他成员。")
        )
        for bid in waiting.own_deviations(facts, seat.number):
            name = facts.bid(bid).name  # type: ignore[union-attr]
            yield _("您对“%(name)s”的打分与平均分相差较大，请改正或写明理由。") % {"name": name}


def _acts(
    case: Evaluation, actor: Actor, facts: rules.EvaluationFacts
) -> Iterator[tuple[Link, bool]]:
    """What the member can do, and whether it stands apart because it ends something for good.

    Rejecting all bids does not where it is the one thing left to do.
    """
    failing = waiting.only_failing_is_left(facts)
    for act in judge.what_next(EVALUATION, case, actor, facts.at):
        code = act.transition.code
        if act.allowed and code not in BY_BID:
            link = Link(str(act.transition.label), act_url(case, code))
            yield link, act.transition.grave and not (failing and code == "fail")


def _of_bidders(case: Evaluation, facts: rules.EvaluationFacts, actor: Actor) -> _Graded:
    return grades.at_opening(case.lot_number, [bid.uscc for bid in facts.bids], actor)


def _bids(
    case: Evaluation,
    seat: CommitteeSeat,
    facts: rules.EvaluationFacts,
    now: datetime,
    graded: _Graded,
) -> Iterator[BidRow]:
    voted = {vote.bid_id for vote in facts.votes if vote.seat == seat.number}
    asking = case.state in SCORING and bool(question_rules.waiting(facts))  # scoring waits, too
    scored = {one.bid_id: one.total for one in facts.scores if one.seat == seat.number}
    told = case.state in (*SCORING, REVIEW) or bool(case.result_sha256)
    notes: dict[int, list[Refusal]] = {}
    for row in case.findings.all():
        notes.setdefault(row.bid_id, []).append(Refusal(**row.finding))
    for bid in facts.bids:
        # How the others vote is told when all have voted, and not before.
        codes = session.rejected_for(facts, bid) if told or bid.void else ()
        given = _("已表决") if bid.bid_id in voted else ""
        if bid.bid_id in scored:
            given = _("已打 %(points)s 分") % {"points": points(scored[bid.bid_id])}
        url, verb = "", ""
        if case.state == PRELIMINARY and not bid.void:
            verb = _("改正表决") if bid.bid_id in voted else _("表决")
        elif case.state in (*SCORING, REVIEW) and not codes and not asking:
            verb = _("改正打分") if bid.bid_id in scored else _("打分")
        if verb:
            url = reverse("procurement:evaluation-bid", args=[case.pk, bid.bid_id])
        yield BidRow(
            bid=bid,
            url=url,
            verb=verb,
            given=given,
            pending=bool(verb)
            and bid.bid_id not in (voted if case.state == PRELIMINARY else scored),
            rejected=tuple(selectors.label("bid_rejection", code, now) for code in codes),
            findings=in_words(notes.get(bid.bid_id, ())) if told else (),
            on_record=on_record(case, facts.terms, bid, now),
            left_to_judge=left_to_judge(case, facts.terms, bid, now),
            graded=graded.get(bid.uscc),
        )


def on_record(
    case: Evaluation, terms: inputs.LotTerms | None, bid: inputs.OpenedBid, now: datetime
) -> tuple[RefusalView, ...]:
    """What no member can vote away, while members vote."""
    if case.state not in (PRELIMINARY, REVIEW) or terms is None:
        return ()
    return in_words(tuple(one.refusal for one in inputs.faults_of(terms, bid, now)))


def left_to_judge(
    case: Evaluation, terms: inputs.LotTerms | None, bid: inputs.OpenedBid, now: datetime
) -> tuple[RefusalView, ...]:
    """What members judge of the qualification because no limit is held of it, while they vote."""
    if case.state not in (PRELIMINARY, REVIEW) or terms is None:
        return ()
    return in_words(inputs.left_to_judge(terms, bid, now))


def _members(case: Evaluation) -> Iterator[str]:
    for row in case.seats.filter(status=rules.PRESENT).select_related("person"):
        leads = _("（组长）") if row.number == case.leader else ""
        yield f"{row.number} {row.person.name}{leads}"


def graded(case: Evaluation, found: dict[str, Any], actor: Actor | None) -> _Graded:
    """The certificates of the deadline of everybody that a result ranks, by credit code."""
    return grades.at_opening(case.lot_number, [row["uscc"] for row in found["ranking"]], actor)


def tied(case: Evaluation, found: dict[str, Any], region: str) -> list[str]:
    """Which rule broke each tie of the result, as the law was when it was counted."""
    row = selectors.latest(case)
    return ties.told(found["ranking"], region, row.at) if row else []


def ranking(case: Evaluation, found: dict[str, Any], graded: _Graded) -> list[dict[str, Any]]:
    """The rows of a result with names, points in words, and the bidders' certificates."""
    names = _names(case)
    shown = ("price_points", "technical_points", "commercial_points", "credit_points", "total")
    return [
        row
        | {name: points(row[name]) for name in shown}
        | {"name": names.get(row["bid_id"], row["uscc"]), "graded": graded.get(row["uscc"])}
        for row in found["ranking"]
    ]


def rejected(case: Evaluation, found: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """The rejected bids of a result with their grounds in words."""
    names = _names(case)
    return [
        {
            "name": names.get(row["bid_id"], row["uscc"]),
            "grounds": [selectors.label("bid_rejection", code, at) for code in row["codes"]],
        }
        for row in found["rejected"]
    ]


def all_rejected(case: Evaluation) -> list[dict[str, Any]]:
    """All bids of a session that rejected all of them, with the grounds that a majority shared.

    A bid without one was valid: with so few of them there was no competition.
    """
    at = case.changed_at
    facts = selectors.facts(case, at)
    return [
        {
            "name": bid.name,
            "grounds": [
                selectors.label("bid_rejection", code, at)
                for code in session.rejected_for(facts, bid)
            ],
        }
        for bid in facts.bids
    ]


def _names(case: Evaluation) -> dict[int, str]:
    found = inputs.opened(case.lot_number)
    return {bid.bid_id: bid.name for bid in (found.bids if found else ())}
