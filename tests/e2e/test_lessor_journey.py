"""A crane on a phone: photographed, filed, offered by its lessor; hired from the market."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from equipment.leasing.models import Hire
from equipment.registry.models import LiftingMachine
from equipment.sites.models import MachineSite
from procurement.demonstration.play import Play
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

MACHINE, HIRE = "equipment.machine", "equipment.hire"
PLATE = {
    "kind": "tower_crane",
    "model": "QTZ80(TC6010)",
    "maker": "示范重工机械有限公司",
    "serial": "SF-2022-0317",
    "special_licence": "TS2410001-2027",
    "capacity_knm": "800",
    "manufactured_on": "2022-03-17",
    "purchased_on": "2022-04-20",
    "region": "230110",
    "address": "香坊示范路设备堆场",
}
PAPERS = ("licence", "manufacturing_licence", "conformity", "supervision_certificate", "purchase")
SCAN = {"name": "证照.pdf", "mimeType": "application/pdf"}


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_crane_is_recorded_filed_offered_and_hired(
    visit: Arrive,
    play: Play,
    certified: Callable[..., None],
    language: str,
    size: dict[str, int],
) -> None:
    certified("machines1")
    MachineSite.objects.create(
        number="2301022509010101-W01",
        project_number="2301022509010101",
        name="松江示范住宅小区一期工程",
        region="230102",
        owner_uscc=play.actors["owner1"].uscc,
        contractor_uscc=play.actors["bidder1"].uscc,
    )
    lessor = visit("lessor", language, viewport=size)
    _records(lessor)
    crane = LiftingMachine.objects.get()
    assert crane.photo_sha256
    _applies(lessor, crane)
    play.act(MACHINE, crane.pk, "file", "machines1")
    play.sign(MACHINE, crane.pk, "machines1")
    _offers(lessor, crane)
    contractor = visit("hirer", language, viewport=size)
    _hires(contractor)
    _agrees(lessor, Hire.objects.get())
    play.settle()
    play.expect_state(MACHINE, crane.pk, "rented")


def _photo() -> dict[str, Any]:
    """A small picture as a phone's camera gives it."""
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 150, 190)).save(made, "PNG")
    return {"name": "塔机.png", "mimeType": "image/png", "buffer": made.getvalue()}


def _records(lessor: Visitor) -> None:
    page = lessor.page
    lessor.log_in("lessor1")
    lessor.look("desk-empty")
    page.click(f"main a[href='/cases/{MACHINE}/new/']")
    lessor.look("record")
    lessor.fill(PLATE | {"capacity_knm": ""})
    with lessor.refused(422):
        lessor.submit()
    lessor.look("record-incomplete")
    page.click(".zx-errors a")
    assert page.evaluate("document.activeElement.name") == "capacity_knm"
    lessor.fill({"capacity_knm": PLATE["capacity_knm"]})
    page.set_input_files("[name=photo_sha256]", _photo())
    lessor.act("record")
    lessor.to_case()
    lessor.look("case-recorded")


def _applies(lessor: Visitor, crane: LiftingMachine) -> None:
    page = lessor.page
    lessor.act_page("apply")
    lessor.look("apply")
    for line, kind in enumerate(PAPERS[:4]):
        _paper(lessor, line, kind)
    with lessor.refused(422):
        lessor.submit()
        if page.locator(".zx-refusals").count() == 0:
            lessor.submit()
    lessor.look("apply-refused")
    refused = page.inner_text(".zx-refusals")
    assert "备案登记办法" in refused or "Filing" in refused or page.locator(".zx-refusals dl")
    page.goto(f"/cases/{MACHINE}/{crane.pk}/acts/apply/")
    for line, kind in enumerate(PAPERS):
        _paper(lessor, line, kind)
    lessor.act("apply")
    lessor.to_case()
    lessor.look("case-applied")


def _paper(lessor: Visitor, line: int, kind: str) -> None:
    lessor.fill({f"papers-{line}-kind": kind, f"papers-{line}-number": f"示例 {line + 1} 号"})
    content = SCAN | {"buffer": f"%PDF-1.7 {kind}".encode()}
    lessor.page.set_input_files(f"[name='papers-{line}-file_sha256']", content)


def _offers(lessor: Visitor, crane: LiftingMachine) -> None:
    page = lessor.page
    page.goto("/desk/")
    lessor.look("desk-filed")
    page.goto(f"/cases/{MACHINE}/{crane.pk}/")
    lessor.look("case-filed")
    lessor.act_page("offer")
    lessor.fill({"daily_rent_fen": "1,200.00", "address": PLATE["address"]})
    lessor.look("offer")
    lessor.act("offer")
    lessor.to_case()
    lessor.look("case-idle")


def _hires(contractor: Visitor) -> None:
    page = contractor.page
    contractor.log_in("bidder1")
    contractor.look("desk")
    page.click("main a[href='/equipment/market/']")
    contractor.look("market")
    page.locator("[data-rows] td.zx-first > a").first.click()
    contractor.look("machine")
    page.goto("/equipment/market/")
    page.click(f"main a[href^='/cases/{HIRE}/new/']")
    contractor.look("hire")
    machine = page.locator("[name=machine_number] option").nth(1).get_attribute("value")
    site = page.locator("[name=site_number] option").nth(1).get_attribute("value")
    contractor.fill(
        {
            "machine_number": str(machine),
            "site_number": str(site),
            "from_on": date(2025, 9, 10).isoformat(),
            "to_on": date(2026, 5, 10).isoformat(),
        }
    )
    contractor.act("hire")
    contractor.to_case()
    contractor.look("case-asked")


def _agrees(lessor: Visitor, hire: Hire) -> None:
    page = lessor.page
    page.goto("/desk/")
    lessor.look("desk-asked")
    page.goto(f"/cases/{HIRE}/{hire.pk}/")
    lessor.look("case-hire")
    lessor.act_page("agree")
    lessor.fill({"contract_number": "示例租〔2025〕1 号"})
    lessor.look("agree")
    lessor.act("agree")
