"""My credit and the supervisor's desk, as people see them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from credit.conduct.models import ConductRecord
from credit.enterprises.models import Enterprise
from kernel import clock
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.web.case_pages import case_url
from kernel.workflow import sandbox
from tests.conftest import member
from tests.credit.conduct.samples import FIRM, act, notified, officers, published
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import visitors

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


def deliver() -> None:
    for pk in Delivery.objects.filter(state=Delivery.State.PENDING).values_list("pk", flat=True):
        events.deliver(pk)


# Where the middle of a step's bar lies in the drawing: steps stand on each other's ends.
MIDDLE = """([place, url]) => {
  const steps = JSON.parse(document.getElementById("chart-data").textContent).steps;
  const at = steps.findIndex((step) => step.url === url);
  const below = steps.slice(0, at).reduce((sum, step) => sum + step.change, 0);
  const chart = window.echarts.getInstanceByDom(place);
  const spot = [at, (below + steps[at].change / 2) / 100];
  // On a phone the bars lie: their words are on the other axis.
  const lies = chart.getOption().yAxis[0].type === "category";
  return chart.convertToPixel({ gridIndex: 0 }, lies ? spot.reverse() : spot);
}"""


def click_the_bar_of(page: Any, record: ConductRecord) -> None:
    """Press the drawn bar itself, not the link in the table beside it."""
    chart = page.locator("#waterfall")
    x, y = page.evaluate(MIDDLE, [chart.element_handle(), case_url(record)])
    chart.click(position={"x": x, "y": y})


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", PHONE)])
def test_an_enterprise_reads_its_score_and_has_it_certified(
    browser: Any, site: str, own_var: Path, committed: None, language: str, size: dict[str, int]
) -> None:
    sandbox.begin_at(clock.start_of(clock.today().replace(year=2025, month=9, day=1)))
    people = officers()
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    bad = published(people)
    good = published(people, item="performance_excellent")
    with visitors(browser, site) as arrive:
        firm = arrive("firm", language, viewport=size)
        firm.log_in("firm")
        firm.page.goto("/credit/mine/")
        firm.page.wait_for_selector('[data-chart="waterfall"][data-drawn="yes"]')
        firm.look("my-credit")
        firm.page.locator("form[action='/credit/mine/report/'] button").click()
        firm.page.wait_for_url("**/credit/mine/")
        deliver()
        firm.page.reload()
        firm.look("my-credit-report")
        assert firm.page.locator("a[href*='/documents/']").count()
        # A bar leads to the record that it stands for: the good one's lies above the base.
        with firm.page.expect_navigation():
            click_the_bar_of(firm.page, good)
        assert firm.page.url.endswith(case_url(good))
        assert good.document_number in firm.page.inner_text("main")
        firm.look("my-credit-record")
        firm.page.goto("/credit/mine/")
        with firm.page.expect_navigation():
            firm.page.locator("a[href$='#difference']").first.click()
        firm.page.wait_for_selector('[data-chart="waterfall"][data-drawn="yes"]')
        firm.look("certificate")
        with firm.page.expect_navigation():
            click_the_bar_of(firm.page, bad)
        assert firm.page.url.endswith(case_url(bad))


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESK)])
def test_the_supervisor_compares_two_schemes(
    browser: Any, site: str, own_var: Path, committed: None, language: str, size: dict[str, int]
) -> None:
    sandbox.begin_at(clock.start_of(clock.today().replace(year=2025, month=9, day=1)))
    people = officers()
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    act(published(people), "propose_revocation", people["two"], {"reason": "认定有误。"})
    with visitors(browser, site) as arrive:
        officer = arrive("one", language, viewport=size)
        officer.log_in("one")
        officer.look("desk-proposal")
        officer.page.goto("/credit/supervision/")
        assert officer.page.locator("main a[href*='/cases/credit.conduct_record/']").count()
        officer.look("supervision")
        officer.page.locator("button[value=spread]").click()
        officer.page.wait_for_url("**/credit/supervision/*/")
        deliver()
        officer.page.reload()
        officer.page.wait_for_selector('[data-chart="grades"][data-drawn="yes"]')
        officer.look("study-spread")
        officer.page.goto("/credit/supervision/")
        officer.page.locator("#second").select_option("schemes.highway")
        officer.page.locator("button[value=compare]").click()
        officer.page.wait_for_url("**/credit/supervision/*/")
        deliver()
        officer.page.reload()
        officer.look("study-compare")
        officer.page.goto("/credit/supervision/")
        officer.page.locator("main summary").click()
        officer.page.locator("#draft").fill("[rule_set]")
        officer.page.locator("button[value=draft]").click()
        officer.page.wait_for_selector("text=credit.scheme.missing")
        _refused_as_it_should_be(officer)
        officer.look("draft-refused")
        assert officer.page.locator("#draft").get_attribute("aria-describedby") == "draft_error"
        officer.page.goto("/credit/supervision/")
        officer.page.locator("a[href$='/supervision/editor/']").click()
        officer.look("editor")
        officer.page.locator("[name='points:hazard_general']").fill("-2,5")
        officer.page.locator("[name='half:hazard_major']").fill("30")
        _tried(officer)
        _told_at(officer, "points:hazard_general", "credit.scheme.draft_number")
        officer.look("editor-refused")
        officer.page.locator("[name='points:hazard_general']").fill("-30")
        officer.page.locator("[name='value:band.B']").fill("20")
        _tried(officer)
        _told_at(officer, "half:hazard_major", "credit.scheme.half_life_unused")
        officer.look("editor-half-life")
        officer.page.locator("[name='decay:hazard_major']").select_option("half_life")
        _added(officer)
        officer.page.locator("button[value=try]").click()
        officer.page.wait_for_url(re.compile(r"/supervision/\d+/$"))
        deliver()
        officer.page.reload()
        assert officer.page.locator(f"main a[href*='{FIRM}']").count()
        officer.look("study-draft")
        _goes_on(officer)


def _added(officer: Any) -> None:
    """A new item with a half-life and its words, every one by its field."""
    fill = {"code": "green_site", "zh": "绿色工地", "points": "3", "days": "365", "half": "90",
            "article": "示例办法第三条"}  # fmt: skip
    for name, typed in fill.items():
        officer.page.locator(f"[name='new:{name}']").fill(typed)
    officer.page.locator("[name='new:category']").select_option("award")
    officer.page.locator("[name='new:decay']").select_option("half_life")


def _tried(officer: Any) -> None:
    with officer.page.expect_navigation():
        officer.page.locator("button[value=try]").click()
    officer.page.wait_for_load_state()
    _refused_as_it_should_be(officer)


def _told_at(officer: Any, field: str, code: str) -> None:
    """The summary leads to the field, and the field says why."""
    officer.page.locator(f".zx-errors a[href='#{field}']").click()
    assert officer.page.evaluate("document.activeElement.id") == field
    said = officer.page.locator(f"[name='{field}']").get_attribute("aria-describedby")
    assert code in officer.page.locator(f"[id='{said}']").inner_text()


def _goes_on(officer: Any) -> None:
    """From the study back to the form with the draft in it; a second study is another row."""
    with officer.page.expect_download() as kept:
        officer.page.locator("main a[href$='/scheme.toml']").click()
    assert "item.green_site" in kept.value.path().read_text("utf-8")
    with officer.page.expect_navigation():
        officer.page.locator("main a[href*='/supervision/editor/?study=']").click()
    assert officer.page.locator("[name='value:band.B']").input_value() == "20.00"
    assert officer.page.locator("[name='half:green_site']").input_value() == "90"
    officer.look("editor-again")
    officer.page.locator("[name='value:band.B']").fill("25")
    officer.page.locator("button[value=try]").click()
    officer.page.wait_for_url(re.compile(r"/supervision/\d+/$"))
    officer.look("study-waits")
    officer.page.goto("/credit/supervision/")
    rows = officer.page.locator("main td:has(> div > code)").all_inner_texts()
    assert len(rows) == len(set(rows)) == 2
    officer.look("studies")


def _refused_as_it_should_be(officer: Any) -> None:
    assert all("422" in each for each in officer.wrong)
    officer.wrong.clear()


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", PHONE)])
def test_an_owner_finds_its_record_from_its_desk_and_states(
    browser: Any, site: str, own_var: Path, committed: None, language: str, size: dict[str, int]
) -> None:
    sandbox.begin_at(clock.start_of(clock.today().replace(year=2025, month=9, day=1)))
    people = officers()
    owner = member("owner", "owner_clerk", serial=51)
    record = notified(people, uscc=owner.uscc, name="示例建设单位")
    with visitors(browser, site) as arrive:
        here = arrive("owner", language, viewport=size)
        here.log_in("owner")
        here.look("owner-desk")
        with here.page.expect_navigation():
            here.page.locator("a[href='/credit/mine/']").first.click()
        here.look("owner-credit")
        with here.page.expect_navigation():
            here.page.locator(f"#records a[href='{case_url(record)}']").click()
        here.look("owner-record")
        here.act_page("state")
        here.page.fill("[name=statement]", "事实有误。")
        here.look("owner-states")
        here.act("owner-stated")
    record.refresh_from_db()
    assert record.state == "stated"
