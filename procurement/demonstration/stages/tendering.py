"""Tendering in the play: plan, two lots, clarification, objection, securities, award, retender."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.documents import scans
from procurement.demonstration.play import Play
from procurement.demonstration.stages import papers
from procurement.projects import selectors as projects
from procurement.securities import selectors as securities
from procurement.tendering import needs

LOT = "procurement.tender"
PLAN = "procurement.tender_plan"
OBJECTION = "procurement.objection"
SECURITY = "procurement.security"
BIDDERS = ("bidder1", "bidder2", "bidder3", "bidder4")
_WHAT = {"lot": "施工", "lot2": "室外工程施工"}
_REGION_AWARD = "获得哈尔滨市优质工程奖的，加 2 分。"


def play(p: Play) -> None:
    """Both halves, where the opening policies are signed already or somebody else answers them.

    Needs ``project_number`` (registered, drawings passed), ``bill_sha256`` (the tender bill) and,
    where that bill has no total, ``ceiling_fen``; of lot 2 ``bill2_sha256``, ``ceiling2_fen``;
    leaves ``lot`` and ``lot2`` (keys), ``lot_number`` and ``lot2_number``, ``bid_securities``.
    """
    prepare(p)
    publish(p)


def prepare(p: Play, lots: Sequence[str] = ("lot", "lot2")) -> None:
    """Plan and lots, up to the owner's signature; leaves the lots' keys and numbers.

    lots: which of the two; the second one's bill is ``bill2_sha256``, with ``ceiling2_fen``.
    """
    p.begin("tendering")
    number = p.store["project_number"]
    forms = {key: _works(p, 0, key) for key in lots}
    same = {"kind": "works", "month": _month(p, 0)}
    planned = [
        {"name": _WHAT[key], "estimate_fen": form["estimate_fen"], **same}
        for key, form in forms.items()
    ]
    form = {
        "project_number": number, "agency_uscc": p.actors["agency1"].uscc, "lots": planned,
    }  # fmt: skip
    plan = p.open(PLAN, "agency1", form)
    p.act(PLAN, plan, "announce", "owner1")
    p.store["tender_plan"] = plan
    for at, (key, form) in enumerate(forms.items()):
        form["plan"] = plan
        if at == 0:
            biased = form | {"evaluation_text": form["evaluation_text"] + _REGION_AWARD}
            lot = p.open(LOT, "agency1", biased)
            p.refused(LOT, lot, "approve", "owner1", codes=["procurement.tender.restriction"])
            p.act(LOT, lot, "amend", "agency1", form)
        else:
            lot = p.open(LOT, "agency1", form)
        p.act(LOT, lot, "approve", "owner1")
        p.store[key], p.store[f"{key}_number"] = lot, p.case(LOT, lot).number


def publish(p: Play) -> None:
    """Notices of both lots; of lot 1 a clarification, an objection, bid securities."""
    lot, lot2 = p.store["lot"], p.store["lot2"]
    p.act(LOT, lot, "publish", "agency1")
    p.act(LOT, lot2, "publish", "agency1")
    p.sign(LOT, lot, "owner1")
    p.sign(LOT, lot2, "owner1")
    p.days(2)
    clarify(p)
    p.days(1)
    object_to_documents(p)
    p.store["bid_securities"] = issue_securities(p, lot, *BIDDERS)


def clarify(p: Play) -> None:
    """One clarification of lot 1, in time: the deadline stands."""
    p.begin("clarification")
    lot = p.store["lot"]
    text = {"text": "外墙保温材料的燃烧性能等级以图纸说明为准。", "affects_bids": True}
    p.act(LOT, lot, "clarify", "agency1", text)
    p.sign(LOT, lot, "owner1")


def object_to_documents(p: Play) -> None:
    """An objection stops lot 1, its answer lets it go on."""
    p.begin("objection")
    lot, number = p.store["lot"], p.store["lot_number"]
    payload = {"lot_number": number, "stage": "documents", "text": "工期偏紧，请予核实。"}
    objection = p.open(OBJECTION, "bidder2", payload)
    p.settle()
    p.expect_state(LOT, lot, "paused")
    p.days(1)
    answer = {"text": "工期依据现行工期定额测算，维持不变。"}
    p.act(OBJECTION, objection, "answer", "owner1", answer)
    p.settle()
    p.expect_state(LOT, lot, "published")
    p.sign(OBJECTION, objection, "owner1")
    p.store["objection"] = objection


def issue_securities(p: Play, lot: int, *bidders: str) -> dict[str, int]:
    """A bid security for each of these bidders; keys by log-in name. Who bids stays secret."""
    p.begin("bid securities")
    case = p.case(LOT, lot)
    last = clock.legal_date(case.bid_deadline_at) + timedelta(days=case.bid_validity_days)
    found = {}
    for who in bidders:
        payload = {
            "kind": "bid",
            "number": f"演示保函-{case.number}-{p.actors[who].uscc[-6:]}",
            "about": case.number,
            "project_number": case.project_number,
            "principal_uscc": p.actors[who].uscc,
            "beneficiary_uscc": case.owner_uscc,
            "amount_fen": case.security_fen,
            "valid_from": p.today.isoformat(),
            "valid_to": last.isoformat(),
        }
        short = payload | {"amount_fen": case.security_fen - 1}
        p.refused(SECURITY, None, "issue", "bank1", short, codes=[f"{SECURITY}.amount_short"])
        found[who] = p.open(SECURITY, "bank1", payload)
    return found


def until_deadline(p: Play, lot: int) -> None:
    """Let the deadline of a lot come; it is closed then."""
    p.until(p.case(LOT, lot).bid_deadline_at)
    p.expect(p.case(LOT, lot).state != "published", "the lot was not closed at its deadline")


def publicise(p: Play) -> None:
    """The candidates of lot 1's report are made public for as long as the law has it."""
    p.begin("publicity")
    lot = p.store["lot"]
    p.expect(needs.evaluation_report(p.store["lot_number"]), "there is no evaluation report")
    p.act(LOT, lot, "publicise", "owner1", {"objection_channel": p.case(LOT, lot).contact})
    p.sign(LOT, lot, "owner1")
    p.refused(LOT, lot, "issue_award_notice", "owner1", codes=["workflow.act.not_in_state"])
    p.until(p.case(LOT, lot).publicity_ends_at)
    p.expect_state(LOT, lot, "award_pending")


def award(p: Play) -> None:
    """The award notice, the notice to the others, the result; leaves ``winner_uscc``."""
    p.begin("award")
    lot = p.store["lot"]
    p.days(1)
    p.act(LOT, lot, "issue_award_notice", "owner1")
    p.sign(LOT, lot, "owner1")
    p.store["winner_uscc"] = p.case(LOT, lot).winner_uscc


def report(p: Play) -> None:
    """The owner's written report to the supervisor."""
    p.begin("award report")
    lot = p.store["lot"]
    p.act(LOT, lot, "report_award", "owner1")
    p.refused(LOT, lot, "report_award", "owner1", codes=["procurement.tender.award_reported"])
    p.sign(LOT, lot, "owner1")


def return_securities(p: Play, number: str = "") -> None:
    """After contract or termination every bid security goes back, within five days.

    number: the lot's; left out, lot 1.
    """
    p.begin("bid securities returned")
    number = number or p.store["lot_number"]
    held = securities.in_force("bid", number, p.now)
    p.expect(held, "no bid security is in force")
    for one in held:
        p.act(SECURITY, one.pk, "return", "owner1", {"interest_note": "保函不计利息。"})
    p.expect(not securities.in_force("bid", number, p.now), "a bid security was not returned")


def archive(p: Play) -> None:
    """Lot 1, once contracted, is archived."""
    p.act(LOT, p.store["lot"], "archive", "agency1")


def retender(p: Play) -> None:
    """Lot 2 has failed; it is put out again as a new lot that names it (``lot3``)."""
    p.begin("retender")
    lot2, number = p.store["lot2"], p.store["lot2_number"]
    p.expect_state(LOT, lot2, "failed")
    again = _works(p, p.store["tender_plan"], "lot2") | {"retender_of": number}
    unknown = ["procurement.tender.retender_unknown"]
    p.refused(LOT, None, "open", "agency1", again, codes=unknown)
    p.act(LOT, lot2, "retender", "owner1", {"reason": "投标人不足三个，延长投标时间后重新招标。"})
    lot3 = p.open(LOT, "agency1", again)
    p.act(LOT, lot3, "approve", "owner1")
    p.store["lot3"], p.store["lot3_number"] = lot3, p.case(LOT, lot3).number


def give_up(p: Play) -> None:
    """The owner ends the lot that was put out again, and what secured its bids goes back."""
    p.begin("lot terminated")
    lot = p.store["lot3"]
    reason = {"reason": "室外工程并入后期工程统一实施，本标段不再招标（演示）。"}
    p.act(LOT, lot, "terminate", "owner1", reason)
    p.settle()
    p.expect_state(LOT, lot, "terminated")
    return_securities(p, p.store["lot3_number"])


def _month(p: Play, later: int) -> str:
    month = p.today.month - 1 + later
    return f"{p.today.year + month // 12}-{month % 12 + 1:02d}"


def _at(p: Play, days: int, hour: int = 9) -> datetime:
    """An hour of the legal day so many days from today."""
    return clock.start_of(p.today + timedelta(days=days)) + timedelta(hours=hour)


_PAPER = (
    "本文件只供演示。招标范围、资格要求、评标办法和合同条件以招标公告页所列为准。",
    "投标文件分资格、技术、报价三个信封，用投标工具在本机密封后提交；截止之前任何人不能开启。",
    "投标保证、工程量清单和澄清均在招标公告页上公开。",
)


def _file(p: Play, key: str) -> str:
    content = papers.pdf(f"{_WHAT[key]}招标文件（演示）", _PAPER)
    scans.store(actor=p.actors["agency1"], content=content, at=p.now)
    return hashlib.sha256(content).hexdigest()


def _common(p: Play, plan: int) -> dict[str, Any]:
    return {
        "project_number": p.store["project_number"],
        "plan": plan,
        "method": "open",
        "agency_uscc": p.actors["agency1"].uscc,
        "agency_engagement": "演示委托〔2025〕1 号",
        "sale_ends_at": _at(p, 14, 17).isoformat(),
        "bid_validity_days": 90,
        "accepts_guarantee": True,
        "evaluation_method": "m2",
        "price_points": 60,
        "technical_points": 25,
        "commercial_points": 5,
        "credit_points": 10,
        "factors": ["1.5", "1.25", "1", "0.75", "0.5", "0.25"],
        "slope_above": "1",
        "slope_below": "0.5",
        "evaluation_text": "技术、商务部分按评分项目由评标委员会独立评分。",
        "contract_text": "按月支付工程进度款，设工程款支付担保和农民工工资专用账户。",
        "publicity_days": 3,
        "quality": "合格",
        "contact": "演示·秦望川 0451-00000001",
    }


def _named(p: Play, what: str) -> str:
    """A lot is called after the project that it belongs to."""
    project = projects.public_project(p.store["project_number"])
    p.expect(project, "the project is not registered")
    return f"{project.name if project else ''}{what}"


def _works(p: Play, plan: int, key: str = "lot") -> dict[str, Any]:
    main = key == "lot"
    # Where nobody made a second bill, lot 2 builds by the first one.
    bill_sha256 = p.store["bill_sha256"]
    if not main:
        bill_sha256 = p.store.get("bill2_sha256", bill_sha256)
    bill = needs.bill(bill_sha256)
    p.expect(bill, "the tender bill is not stored")
    # A tender bill has quantities and no prices: the ceiling is of the stage that made it.
    total = p.store.get("ceiling_fen" if main else "ceiling2_fen")
    total = total or (bill.total_fen if bill else 0)
    return _common(p, plan) | {
        "name": _named(p, _WHAT[key]),
        "kind": "works",
        # Lot 2 a day after lot 1, so that nobody has to be at two openings at once.
        "bid_deadline_at": _at(p, 24 if main else 25).isoformat(),
        "scope": "施工图纸和工程量清单范围内的土建、安装工程。"
        if main
        else "施工图纸和工程量清单范围内的室外道路、管网和绿化工程。",
        "estimate_fen": total,
        "ceiling_price_fen": total,
        "bill_sha256": bill_sha256,
        "period_days": 540,
        "qualification_trade": "building",
        "qualification_grade": "second",
        "building_height_m": 60,
        "qualification_text": "具有建筑工程施工总承包二级及以上资质和有效的安全生产许可证。",
        "security_fen": min(total // 100, 500_000_00),
        "criteria": [
            {"part": "technical", "name": "施工组织设计", "points": 15},
            {"part": "technical", "name": "质量与安全措施", "points": 10},
            {"part": "commercial", "name": "同类工程业绩（不分地区、行业）", "points": 5},
        ],
        "standard_text": "building_2010",
        "documents": [{"kind": "document", "name": "招标文件", "file_sha256": _file(p, key)}],
    }
