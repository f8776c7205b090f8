"""The design system in a real browser: accessible, CSP-clean, usable by keys, without scripts."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.web.style import SHOWN
from tests.e2e.axe import violations
from tests.e2e.browsing import CHROMIUM, DESK, PHONE, opened
from tests.e2e.visitor import WIDER

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

# The pages that everything is made of in every sight; the others once wide and once narrow.
SIGHTS = [
    ("zh-hans", DESK, "light"),
    ("en", PHONE, "dark"),
    ("zh-hans", PHONE, "light"),
    ("en", DESK, "dark"),
]
WHOLE = ("", "desk", "case", "register", "act-wrong")
SEEN = [(show, *sight) for show in ("", *SHOWN) for sight in SIGHTS[: 4 if show in WHOLE else 2]]


@pytest.mark.parametrize("show,language,size,theme", SEEN)
def test_every_page_is_accessible_csp_clean_and_fits(site, browser, show, language, size, theme):
    with opened(browser, site, language, viewport=size, color_scheme=theme) as (page, wrong):
        page.goto(f"/style/?show={show}")
        assert violations(page) == []
        assert wrong == []
        assert page.evaluate(WIDER) <= 0
        expected = "zh-Hans" if language == "zh-hans" else "en"
        assert page.locator("html").get_attribute("lang") == expected


def test_open_menus_are_accessible_and_close_with_escape(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=register")
        menus = page.locator("details[data-menu]")
        for i in range(menus.count()):
            menus.nth(i).locator("summary").click()
            assert violations(page) == []
            page.keyboard.press("Escape")
            assert menus.nth(i).get_attribute("open") is None
            assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_unmasking_asks_for_a_reason(site, browser):
    with opened(browser, site, viewport=PHONE) as (page, _):
        page.goto("/style/?show=case")
        page.locator(".zx-unmask summary").click()
        assert page.locator(".zx-unmask input[name=reason]").get_attribute("required") is not None
        assert violations(page) == []


def test_arrows_walk_the_rows_and_enter_opens(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=register")
        links = page.locator("[data-rows] td.zx-first > a")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert links.nth(1).evaluate("(link) => link === document.activeElement")
        page.keyboard.press("End")
        assert links.last.evaluate("(link) => link === document.activeElement")
        page.keyboard.press("Home")
        page.keyboard.press("Enter")
        page.wait_for_url("**/style/?show=case")


def test_arrows_stay_with_a_control_that_has_the_focus(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=register")
        page.locator("#filter-q").focus()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.id") == "filter-q"


def test_filters_stay_in_the_address_and_change_only_the_results(site, browser):
    with opened(browser, site, viewport=DESK) as (page, wrong):
        page.goto("/style/?show=register")
        page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
        page.locator("#filter-state").select_option("done")
        page.wait_for_url("**state=done**")
        assert "show=register" in page.url
        assert page.locator("h1").get_attribute("data-kept") == "yes"
        assert wrong == []


def test_a_code_is_copied(site, browser):
    with opened(
        browser, site, viewport=DESK, permissions=["clipboard-read", "clipboard-write"]
    ) as (page, _):
        page.goto("/style/?show=case")
        page.locator(".zx-case-ref .zx-copy").click()
        page.locator(".zx-copy.is-done").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator(".zx-case-ref code").inner_text()


def test_a_draft_stays_on_the_device_until_the_act_is_done(site, browser):
    with opened(browser, site, viewport=PHONE) as (page, _):
        page.goto("/style/?show=act")
        # A password never goes into a draft, wherever it stands.
        page.evaluate(
            "document.querySelector('form[data-draft] .zx-fields').insertAdjacentHTML("
            "'beforeend', '<input type=password name=secret><input name=card_pin>')"
        )
        page.fill("input[name=secret]", "hunter2")
        page.fill("input[name=card_pin]", "314159")
        page.fill("textarea[name=note]", "现场照片待补")
        page.locator("[data-draft-drop]:not([hidden])").wait_for()
        kept = page.evaluate("localStorage.getItem('zhuxin:draft:style:act')")
        assert "现场照片待补" in kept
        assert "hunter2" not in kept
        assert "314159" not in kept
        assert "csrf" not in kept

        page.reload()
        assert page.input_value("textarea[name=note]") == ""
        page.locator("[data-draft-restore]").click()
        assert page.input_value("textarea[name=note]") == "现场照片待补"

        page.locator("[data-draft-drop]").click()
        assert page.evaluate("localStorage.length") == 0


def test_logging_out_leaves_no_draft_behind(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=desk")
        page.evaluate("localStorage.setItem('zhuxin:draft:x', '{}')")
        page.evaluate(
            "document.querySelector('form[data-drafts-clear-all]')"
            ".addEventListener('submit', (event) => event.preventDefault())"
        )
        page.locator("summary.zx-acting").click()
        page.locator("form[data-drafts-clear-all] button").click()
        assert page.evaluate("localStorage.length") == 0


def test_a_form_is_sent_once_and_a_slow_answer_says_so(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=confirm")
        sent: list[Any] = []
        page.route("**/style/**", lambda route: sent.append(route))  # kept waiting
        # The answer goes to a frame, so that the page itself stays to be looked at.
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<iframe name=answer></iframe>');"
            "document.querySelector('form.zx-form').target = 'answer'"
        )
        button = page.locator("form.zx-form button[value=do]")
        button.evaluate("(one) => one.click()")
        page.locator(".zx-busy.is-on .zx-busy-words").wait_for()
        button.evaluate("(one) => one.click()")
        said = page.locator(".zx-busy-words").inner_text()
        assert said == page.locator("#busy").get_attribute("data-sending")
        assert [route.request.method for route in sent] == ["POST"]
        for route in sent:
            route.abort()


@pytest.mark.parametrize("show", ["home", "register", "case"])
def test_pages_are_read_without_a_script(site, browser, show):
    with opened(browser, site, viewport=PHONE, java_script_enabled=False) as (page, wrong):
        page.goto(f"/style/?show={show}")
        assert page.locator("h1").is_visible()
        assert page.locator("#main a").first.is_visible()
        assert page.locator(".zx-copy:visible").count() == 0
        assert wrong == []


def test_a_case_prints_as_a_whole_dossier(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=case&tab=documents")
        headings = page.locator(".zx-sections > section > h2")
        page.emulate_media(media="print")
        assert all(headings.nth(i).is_visible() for i in range(headings.count()))
        assert headings.count() == 5
        assert not page.locator(".zx-top").is_visible()
        assert not page.locator(".zx-case-acts").is_visible()
        assert page.locator(".zx-print-head").is_visible()
        # Paper from a sandbox says that it is from a sandbox, and not what its clock shows.
        assert page.locator(".zx-sandbox").is_visible()
        assert not page.locator(".zx-sandbox-now").is_visible()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(site, browser):
    with opened(browser, site, viewport=DESK) as (page, _):
        page.goto("/style/?show=act-wrong")
        assert page.evaluate("document.activeElement.classList.contains('zx-errors')")
        page.locator(".zx-errors a").first.click()
        assert page.evaluate("location.hash") == "#id_amount"
        assert page.evaluate("document.activeElement.id") == "id_amount"


def test_targets_on_a_phone_are_large(site, browser):
    with opened(browser, site, viewport=PHONE) as (page, _):
        page.goto("/style/?show=act")
        heights = page.locator(
            ".btn:visible, .form-control:visible, .form-select:visible, .zx-nav a"
        ).evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
        assert heights
        assert min(heights) >= 44


# Links and buttons of the header that something else lies upon, or that stand outside the window.
HIDDEN_IN_HEADER = """() =>
  [...document.querySelectorAll('.zx-top :is(a, summary, input, button)')]
  .filter(one => one.checkVisibility() && !one.closest('.zx-menu-body'))
  .filter(one => {
    const box = one.getBoundingClientRect(), y = box.top + box.height / 2
    return [box.left + 2, box.right - 2].some(x => {
      const top = document.elementFromPoint(x, y)
      return !top || !(one.contains(top) || top.contains(one))
    })
  }).map(one => one.textContent.trim() || one.name)"""


@pytest.mark.parametrize("path", ["/style/?show=desk", "/notices/"])
@pytest.mark.parametrize("width", [820, 1024, 1280])
@pytest.mark.usefixtures("committed")
def test_nothing_in_the_english_header_lies_upon_another(site, browser, path, width):
    with opened(browser, site, "en", viewport={"width": width, "height": 800}) as (page, _):
        page.goto(path)
        assert page.evaluate(HIDDEN_IN_HEADER) == []
        assert page.evaluate(WIDER) <= 0
