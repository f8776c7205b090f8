"""An agency's lot: drawn up, refused for its words, mended, published, clarified, objected to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from procurement.tendering.models import Lot
from procurement.tendering.objections.models import Objection
from tests.e2e import tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.tendered import LOT
from tests.e2e.visitor import Arrive, Visitor
from tests.procurement.tendering.samples import BILL

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

OBJECTION, PLAN = "procurement.objection", "procurement.tender_plan"
BIASED = "获得哈尔滨市优质工程奖的，加 2 分。"
JUDGED = "技术、商务部分按评分项目由评标委员会独立评分。"
FORM = {
    "name": "松江示范住宅小区一期工程施工",
    "kind": "works",
    "method": "open",
    "agency_engagement": "示例委托〔2025〕1 号",
    "scope": "施工图纸和工程量清单范围内的土建、安装工程。",
    "estimate_fen": "7,900,000.00",
    "ceiling_price_fen": "7,900,000.00",
    "bill_sha256": BILL,
    "period_days": "540",
    "quality": "合格",
    "qualification_trade": "building",
    "qualification_grade": "second",
    "qualification_text": "具有建筑工程施工总承包二级及以上资质和有效的安全生产许可证。",
    "bid_validity_days": "90",
    "security_fen": "79,000.00",
    "evaluation_method": "m2",
    "price_points": "60",
    "technical_points": "25",
    "commercial_points": "5",
    "credit_points": "10",
    "factors": "1.5\n1.25\n1\n0.75",
    "slope_above": "1",
    "slope_below": "0.5",
    "evaluation_text": JUDGED + BIASED,
    "contract_text": "按月支付工程进度款，设工程款支付担保和农民工工资专用账户。",
    "publicity_days": "3",
    "standard_text": "building_2010",
    "contact": "示例代理 0451-00000001",
    "criteria-0-part": "technical",
    "criteria-0-name": "施工组织设计",
    "criteria-0-points": "15",
    "criteria-1-part": "technical",
    "criteria-1-name": "质量与安全措施",
    "criteria-1-points": "10",
    "criteria-2-part": "commercial",
    "criteria-2-name": "同类工程业绩（不分地区、行业）",
    "criteria-2-points": "5",
    "documents-0-kind": "document",
    "documents-0-name": "招标文件",
}
FILE = {"name": "招标文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 documents"}


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_lot_is_mended_published_clarified_and_objected_to(
    visit: Arrive,
    play: Play,
    certified: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    size: dict[str, int],
) -> None:
    number = tendered.project(play, certified, monkeypatch)
    plan = _plan(play, number)
    agency = visit("agency", language, viewport=size)
    owner = visit("owner", language, viewport=size)
    bidder = visit("objector", language, viewport=size)
    _draws_up(agency, play, number, plan)
    lot = Lot.objects.get()
    _is_refused(owner, lot)
    _mends(agency, lot)
    _approves(owner, lot)
    bids.policy(play, lot.number)
    _publishes(agency, play, lot)
    _clarifies(agency, play, lot)
    _objects(bidder, play, lot)
    _answers(owner, play, lot)
    bidder.page.goto(f"/notices/{lot.number}/")
    bidder.look("notice-resumed")


def _plan(play: Play, number: str) -> int:
    month = f"{play.today:%Y-%m}"
    lots = [{"name": "施工", "kind": "works", "estimate_fen": 7_900_000_00, "month": month}]
    form = {"project_number": number, "agency_uscc": play.actors["agency1"].uscc, "lots": lots}
    plan = play.open(PLAN, "agency1", form)
    play.act(PLAN, plan, "announce", "owner1")
    return plan


def _draws_up(agency: Visitor, play: Play, number: str, plan: int) -> None:
    page = agency.page
    agency.log_in("agency1")
    agency.look("desk")
    page.click(f"main a[href='/cases/{LOT}/new/']")
    agency.look("draw-up")
    day = play.today.toordinal()
    sale, deadline = (play.today.fromordinal(day + days) for days in (16, 26))
    agency.fill(FORM | {"project_number": number, "plan": str(plan)})
    for name, value in (
        ("sale_ends_at", f"{sale}T17:00"),
        ("bid_deadline_at", f"{deadline}T09:00"),
    ):
        page.fill(f"[name={name}]", value)
    page.check("[name=accepts_guarantee]")
    page.set_input_files("[name='documents-0-file_sha256']", FILE)
    agency.act("draw-up")
    agency.to_case()
    agency.look("case-draft")


def _is_refused(owner: Visitor, lot: Lot) -> None:
    page = owner.page
    owner.log_in("owner1")
    owner.look("desk-owner")
    page.goto(f"/cases/{LOT}/{lot.pk}/")
    owner.look("case-owner")
    with owner.refused(422):
        page.goto(f"/cases/{LOT}/{lot.pk}/acts/approve/")
    owner.look("refused-for-words")
    reasons = page.locator(".zx-refusals > li")
    assert reasons.filter(has_text="哈尔滨市").count() == 1
    assert reasons.count() == 1, page.inner_text(".zx-refusals")


def _mends(agency: Visitor, lot: Lot) -> None:
    page = agency.page
    page.goto(f"/cases/{LOT}/{lot.pk}/")
    agency.act_page("amend")
    assert BIASED in page.input_value("[name=evaluation_text]")
    agency.fill({"evaluation_text": JUDGED})
    agency.look("amend")
    agency.act("amend")


def _approves(owner: Visitor, lot: Lot) -> None:
    owner.page.goto(f"/cases/{LOT}/{lot.pk}/")
    owner.act_page("approve")
    owner.look("approve")
    owner.do("do")
    owner.look("approve-receipt")


def _publishes(agency: Visitor, play: Play, lot: Lot) -> None:
    agency.page.goto(f"/cases/{LOT}/{lot.pk}/")
    agency.look("case-approved")
    agency.act_page("publish")
    agency.look("publish")
    agency.do("do")
    play.sign(LOT, lot.pk, "owner1")
    agency.page.goto(f"/cases/{LOT}/{lot.pk}/")
    agency.look("case-published")


def _clarifies(agency: Visitor, play: Play, lot: Lot) -> None:
    agency.act_page("clarify")
    agency.fill({"text": "外墙保温材料的燃烧性能等级以图纸说明为准。"})
    agency.look("clarify")
    agency.act("clarify")
    play.sign(LOT, lot.pk, "owner1")


def _objects(bidder: Visitor, play: Play, lot: Lot) -> None:
    page = bidder.page
    bidder.log_in("bidder2")
    page.goto(f"/notices/{lot.number}/")
    bidder.look("notice")
    page.click(f".zx-case-acts a[href^='/cases/{OBJECTION}/new/']")
    if not page.input_value("[name=lot_number]"):
        bidder.fill({"lot_number": lot.number})
    bidder.fill({"stage": "documents", "text": "工期偏紧，请予核实。"})
    bidder.look("object")
    bidder.act("object")
    play.settle()
    play.expect_state(LOT, lot.pk, "paused")
    page.goto(f"/notices/{lot.number}/")
    bidder.look("notice-paused")


def _answers(owner: Visitor, play: Play, lot: Lot) -> None:
    page = owner.page
    objection = Objection.objects.get()
    play.days(1)
    page.goto("/desk/")
    owner.look("desk-objection")
    page.goto(f"/cases/{OBJECTION}/{objection.pk}/")
    owner.look("case-objection")
    owner.act_page("answer")
    owner.fill({"text": "工期依据现行工期定额测算，维持不变。"})
    owner.look("answer")
    owner.act("answer")
    play.settle()
    play.expect_state(LOT, lot.pk, "published")
