"""The whole play: one project from registration to completion filing, and a second one begun.

Stages are played in the order in which the law has them; each stands in its own file. What a
stage found, the next ones read from ``Play.store``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from credit.scoring import selectors as scoring
from kernel import clock
from kernel.workflow import order
from kernel.workflow.project_cases import project_columns
from procurement.demonstration.play import Play
from procurement.demonstration.stages import (
    bids,
    bills,
    closing,
    contracts,
    credit,
    drawings,
    envelopes,
    equipment,
    evaluation,
    filing,
    hazards,
    labour,
    registration,
    tendering,
    witnessing,
    works,
)
from procurement.projects.models import Project

LOT, SECURITY = "procurement.tender", "procurement.security"
# Experts are drawn within the dated window before the opening.
DRAW_HOURS = 20
# Who seals lot 1 at the page, where this machine has a Chromium.
AT_BROWSER = "bidder4"
# What the first project left, which the second one has of its own while it is played.
_FIRST = ("project", "project_number", "lot", "lot_number", "bill_sha256", "ceiling_fen")
# What a guarantor writes into the number of a guarantee.
FIRST, SECOND = "松江示范住宅小区一期工程", "道里区第九示范中学新建工程"
"""The play's own projects, each called as no other."""
_KINDS = {"performance": "履约", "payment": "支付", "wage": "工资"}


def play(p: Play) -> None:
    """Everything. Raises Unexpected where law or script did not hold."""
    for part in PARTS:
        part(p)


def begin(p: Play) -> None:
    """Archive and yard are filled; a project is registered, its drawings reviewed."""
    credit.archive(p)
    equipment.yard(p)
    registration.play(p, name=FIRST, project_code="2508-230102-04-01-800001")
    bills.play(p)
    drawings.play(p)


def tender(p: Play) -> None:
    """Two lots: one bid for by five and opened, the other by two, which is too few."""
    witnessing.enter(p)
    tendering.prepare(p)
    one, two = p.store["lot_number"], p.store["lot2_number"]
    bids.policy(p, one)
    bids.policy(p, two)
    tendering.publish(p)
    p.store["bid_securities"] |= tendering.issue_securities(p, p.store["lot"], "bidder5")
    _until_draw(p, p.store["lot"])
    evaluation.before_the_opening(p)
    bids.submit(p, one, at_browser=AT_BROWSER)
    p.expect_state(LOT, p.store["lot"], "opening")
    bids.open_lot(p, one)
    p.head()
    witnessing.look(p)
    evaluation.play(p)
    bills.bid_for(p, "lot2")
    bids.submit(p, two, bids.BIDDERS[:2])
    p.expect_state(LOT, p.store["lot2"], "failed")


def award(p: Play) -> None:
    """Publicity, award notice, report, contract signed by both, bid securities returned."""
    tendering.publicise(p)
    tendering.award(p)
    tendering.report(p)
    p.store["winner"] = _clerk(p, p.store["winner_uscc"])
    p.store["security"] = _security(p)
    p.days(7)
    contracts.sign(p)
    tendering.return_securities(p)
    tendering.archive(p)


def build(p: Play) -> None:
    """Wage account and bond, permit, crane, crew, measurements, hazards and what they weigh."""
    p.store["site_number"] = works_number(p)
    labour.account(p)
    p.store["security"]("wage", p.store["contract_number"], _contract(p).price_fen // 100)
    works.play(p)
    equipment.hire(p)
    labour.play(p)
    contracts.measure(p)
    hazards.play(p)
    winner = p.store["winner_uscc"]
    p.store["score_before"] = _score(p, winner)
    credit.confirm(p, winner, "hazard_general", "hazard_major")
    p.store["score_after_hazard"] = _score(p, winner)
    p.expect(
        p.store["score_after_hazard"] < p.store["score_before"],
        "confirmed hazards did not lower the score",
    )


def again(p: Play) -> None:
    """Lot 2 is tendered again; its opening reads the score that the hazard moved."""
    tendering.retender(p)
    number, lot = p.store["lot3_number"], p.store["lot3"]
    bids.policy(p, number)
    p.act(LOT, lot, "publish", "agency1")
    p.sign(LOT, lot, "owner1")
    others = [who for who in bids.BIDDERS if who != p.store["winner"]]
    bidders = (p.store["winner"], *others[:3])
    tendering.issue_securities(p, lot, *bidders)
    bids.submit(p, number, bidders)
    bids.open_lot(p, number)
    certified = {row.bidder_uscc: int(row.credit["value"]) for row in p.store["opened_bids"]}
    p.expect(
        certified[p.store["winner_uscc"]] == p.store["score_after_hazard"],
        f"the opening read {certified}, not the score that the hazard moved",
    )
    p.note("certificates", values=certified)


def complete(p: Play) -> None:
    """Crane and crew leave; acceptance, filing, settlement, archive; the project is closed."""
    equipment.leave(p)
    labour.leave(p)
    filing.play(p)
    labour.close_account(p)
    contracts.settle(p)
    closing.play(p)
    winner = p.store["winner_uscc"]
    before = _score(p, winner)
    credit.confirm(p, winner, "performance_excellent")
    p.store["score_after_completion"] = _score(p, winner)
    p.expect(
        p.store["score_after_completion"] > before,
        "an excellent performance did not raise the score",
    )
    ordered(p, p.store["project_number"])


def second(p: Play) -> None:
    """A second project is open for bids; a bidder is told the score that the first one earned."""
    first = dict(p.store)
    p.store["begun"] = len(p.steps)
    shift = timedelta(days=400)
    registration.play(
        p, 1, "second", name=SECOND,
        project_code=f"{p.today:%y%m}-230102-04-01-900001",
        planned_start_on=p.today + timedelta(days=120), planned_end_on=p.today + shift * 2,
    )  # fmt: skip
    for name in ("project", "project_number"):
        p.store[name] = p.store[name.replace("project", "second")]
    bills.alone(p, 3, SECOND)
    drawings.play(p)
    tendering.prepare(p, ("lot",))
    bids.policy(p, p.store["lot_number"])
    p.begin("second lot published")
    p.act(LOT, p.store["lot"], "publish", "agency1")
    p.sign(LOT, p.store["lot"], "owner1")
    p.store["open_lot"], p.store["open_lot_number"] = p.store["lot"], p.store["lot_number"]
    p.expect_state(LOT, p.store["open_lot"], "published")
    for who in bids.BIDDERS:  # whoever takes over has a bid to begin with
        envelopes.lay(bids.desk(p, who), p.store["lot_number"], "bid")
    told = credit.shown(p, first["winner"])
    p.expect(
        any(one["item"] == "performance_excellent" for one in told["contributions"]),
        "a bidder of the second project is not told what the first one earned",
    )
    p.expect(
        told["score_millionths"] == scoring.score(first["winner_uscc"], p.today, p.now).millionths,
        "a bidder is told another score than bids are read with",
    )
    names = [project.name for project in Project.objects.all()]
    p.expect(len(names) == len(set(names)), "two projects share a name")
    ordered(p, p.store["project_number"])
    p.store["second_number"] = p.store["project_number"]
    p.store |= {name: first[name] for name in _FIRST}


PARTS = (begin, tender, award, build, again, complete, second)


def ordered(p: Play, project_number: str) -> None:
    """Every act of a project stands where the law wants it."""
    found = order.violations(project_number, clock.now())
    told = [f"{v.act.name} {v.reason} (must follow {v.must_follow})" for v in found]
    p.expect(not found, f"{len(found)} precedences do not hold: {told[:10]}")
    log = order.log_of(project_number)
    held = {act.name.rpartition(".")[0] for act in log}
    p.expect(not (left := played(p) - held), f"no act of {sorted(left)} was held to the order")
    p.note("precedences", project=project_number, acts=len(log), machines=len(held))


def played(p: Play) -> set[str]:
    """The machines of this project whose cases were acted on; others belong to none."""
    done = {
        step.what.rpartition(".")[0]
        for step in p.steps[p.store.get("begun", 0) :]
        if "log" in step.facts
    }
    return done & set(project_columns())


def works_number(p: Play) -> str:
    """The number of the works that the signed contract opened."""
    from procurement.projects.works import selectors

    p.settle()
    return str(selectors.of_project(p.store["project_number"])[-1].number)


def _until_draw(p: Play, lot: int) -> None:
    p.until(p.case(LOT, lot).bid_deadline_at - timedelta(hours=DRAW_HOURS))


def _clerk(p: Play, uscc: str) -> str:
    return works.who_acts(p, uscc, "contractor_clerk")


def _contract(p: Play) -> Any:
    return p.case("procurement.contract", p.store["contract_id"])


def _score(p: Play, uscc: str) -> int:
    return scoring.score(uscc, p.today, p.now).hundredths


def _security(p: Play) -> Callable[[str, str, int], int]:
    """What gives a security of a kind about a contract: the bank, for owner or contractor."""

    def give(kind: str, about: str, amount_fen: int) -> int:
        owner, winner = p.actors["owner1"].uscc, p.store["winner_uscc"]
        by_owner = kind == "payment"
        return p.open(
            SECURITY,
            "bank1",
            {
                "kind": kind,
                "number": f"演示{_KINDS[kind]}保函-{about[-6:]}",
                "about": about,
                "project_number": p.store["project_number"],
                "principal_uscc": owner if by_owner else winner,
                "beneficiary_uscc": p.actors["wages1"].uscc
                if kind == "wage"
                else winner
                if by_owner
                else owner,
                "amount_fen": amount_fen,
                "valid_from": p.today.isoformat(),
                "valid_to": (p.today + timedelta(days=900)).isoformat(),
            },
        )

    return give
