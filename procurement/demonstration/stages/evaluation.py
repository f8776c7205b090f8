"""The evaluation of the play's lot: seven experts drawn, one steps back, the next is called."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.identifiers import uscc
from procurement.demonstration.play import Play
from procurement.evaluation import bank, inputs, selectors
from procurement.evaluation import session_rules as session
from procurement.evaluation.formulas import points
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import CommitteeSeat, Expert
from procurement.evaluation.rules import GONE

MACHINE = EVALUATION.code
EXPERTS = 22
COMMITTEE = 7
_SPECIALTIES = ("building", "cost", "management", "municipal")
# What each member finds of a bid's share of the full marks, in percent: near to one another.
_SHARES = (88, 85, 90, 86, 84, 89, 87)


def play(p: Play) -> None:
    """From the checked-in committee to the report in the owner's hands.

    Needs ``lot_number`` (its bids opened) and ``evaluation_id`` (:func:`before_the_opening`);
    leaves ``ranking`` (rows of the result, best first) and ``evaluation_report`` (its number).
    """
    p.begin("evaluation")
    pk = int(p.store["evaluation_id"])
    _check_in(p, pk)
    members = _members(p, pk)
    leader = members[0]
    p.act(MACHINE, pk, "elect_leader", leader, {"leader": _seat(p, pk, leader)})
    p.refused(
        MACHINE, pk, "start_preliminary", members[1],
        codes=["procurement.evaluation.not_the_leader"],
    )  # fmt: skip
    p.act(MACHINE, pk, "start_preliminary", leader)
    _vote(p, pk, members)
    p.settle()
    p.expect_state(MACHINE, pk, "clearing")
    _score(p, pk, members)
    p.settle()
    p.expect_state(MACHINE, pk, "priced")
    p.act(MACHINE, pk, "summarise", leader)
    (document,) = p.sign(MACHINE, pk, *members)
    p.expect_state(MACHINE, pk, "reported")
    p.act(MACHINE, pk, "hand_over", "agency1")
    _tell(p, pk)
    p.store["evaluation_report"] = document.number


def before_the_opening(p: Play) -> None:
    """The bank is filled, the committee formed and drawn, hours before the bids are opened.

    Needs ``lot_number``; leaves ``evaluation_id``. To be played within the hours before the
    opening in which the law of the day lets experts be drawn.
    """
    p.begin("expert draw")
    _fill_bank(p)
    number = str(p.store["lot_number"])
    wanted = {"lot_number": number, "experts": COMMITTEE}
    p.refused(
        MACHINE, None, "open", "agency1", wanted | {"experts": 4},
        codes=["procurement.evaluation.committee_even", "procurement.evaluation.committee_small"],
    )  # fmt: skip
    pk = p.open(MACHINE, "agency1", wanted)
    p.act(MACHINE, pk, "draw", "agency1", {"nonce": "松花江上一夜春风 2025"})
    p.store["evaluation_id"] = pk


def _fill_bank(p: Play) -> None:
    """Every expert applies, with specialties, a title and an employer that takes no part, and is
    admitted by two officers; once.
    """
    for serial in range(1, EXPERTS + 1):
        who = p.actors[f"expert{serial:02d}"]
        if Expert.objects.filter(person_id=who.person_id).exists():
            continue
        title = f"黑高职〔2016〕{serial:04d} 号"
        scan = scans.store(actor=who, content=b"%PDF-1.7 " + title.encode(), at=p.now)
        bank.register(
            actor=who,
            officer=p.actors["supervisor1"],
            second=p.actors["supervisor2"],
            key=f"play-expert-{serial:02d}-{who.person_id}",
            specialties=[_SPECIALTIES[serial % 4], _SPECIALTIES[(serial + 1) % 4]],
            region="230100",
            practised_on=date(2012, 7, 1),
            title_number=title,
            title_sha256=scan.sha256,
            record="全国建筑市场监管公共服务平台",
            employments=[(uscc.demonstration("230103", 700 + serial), date(2012, 7, 1), None)],
        )


def _members(p: Play, pk: int) -> list[str]:
    """Log-in names of the committee, by seat."""
    names = {actor.person_id: name for name, actor in p.actors.items() if actor.role == "expert"}
    seats = CommitteeSeat.objects.filter(evaluation_id=pk).exclude(status=GONE).order_by("number")
    return [names[seat.person_id] for seat in seats]


def _seat(p: Play, pk: int, who: str) -> int:
    actor: Actor = p.actors[who]
    return int(CommitteeSeat.objects.get(evaluation_id=pk, person_id=actor.person_id).number)


def _check_in(p: Play, pk: int) -> None:
    """One is kept away by a conflict of interest; the next of the draw is called."""
    last = _members(p, pk)[-1]
    p.refused(
        MACHINE, pk, "check_in", last, {"no_conflict": False},
        codes=["procurement.evaluation.conflict_undeclared"],
    )  # fmt: skip
    p.act(
        MACHINE, pk, "declare", last,
        {"cause": "kin", "statement": "与一家投标人的负责人为近亲属"},
    )  # fmt: skip
    for who in _members(p, pk):
        p.act(MACHINE, pk, "check_in", who, {"no_conflict": True})


def _vote(p: Play, pk: int, members: list[str]) -> None:
    """Bids above the ceiling are rejected, all others pass."""
    terms, opened = _lot(p)
    for who in members:
        for bid in opened.bids:
            high = bool(terms.ceiling_fen) and bid.price_fen > terms.ceiling_fen
            last: dict[str, Any] = {"stage": "response", "passed": not high}
            if high:
                last |= {"ground": "price", "evidence": "投标函报价高于最高投标限价"}
            steps = [{"stage": one, "passed": True} for one in ("form", "qualification")]
            p.act(MACHINE, pk, "vote", who, {"bid_id": bid.bid_id, "findings": [*steps, last]})


def _score(p: Play, pk: int, members: list[str]) -> None:
    terms, opened = _lot(p)
    left = session.valid(selectors.facts(p.case(MACHINE, pk), p.now))
    refused = False
    for place, who in enumerate(members):
        for serial, bid in enumerate(opened.bids):
            if bid.bid_id not in left:
                continue
            share = _SHARES[place] + (serial * 3) % 7
            marks = [
                {"criterion": one.code, "points": points(one.maximum * share // 100)}
                for one in terms.criteria
            ]
            if not refused:
                high = [{**marks[0], "points": points(terms.criteria[0].maximum + 1)}, *marks[1:]]
                p.refused(
                    MACHINE, pk, "score_detail", who, {"bid_id": bid.bid_id, "marks": high},
                    codes=["procurement.evaluation.points_high"],
                )  # fmt: skip
                refused = True
            p.act(MACHINE, pk, "score_detail", who, {"bid_id": bid.bid_id, "marks": marks})


def _lot(p: Play) -> tuple[inputs.LotTerms, inputs.Opened]:
    number = str(p.store["lot_number"])
    terms, opened = inputs.lot_terms(number), inputs.opened(number)
    p.expect(terms is not None and opened is not None, f"the bids of {number} are opened")
    assert terms is not None and opened is not None
    return terms, opened


def _tell(p: Play, pk: int) -> None:
    case = p.case(MACHINE, pk)
    found = selectors.result_of(case)
    p.expect(found is not None and found["ranking"], "there is a ranking")
    assert found is not None
    p.expect(selectors.redrawn(case), "the draw comes out again")
    p.note(
        "ranking", result=case.result_sha256, benchmark_fen=found["benchmark_fen"],
        totals=[points(row["total"]) for row in found["ranking"]],
    )  # fmt: skip
    p.store["ranking"] = found["ranking"]
