"""In which language the programs speak: the site's, else the chosen one, else the browser's."""

from __future__ import annotations

import pytest

TITLES = {"zh": ("封装投标文件", "开启人"), "en": ("Seal a bid", "Trustee")}


def speaks(page):
    """The language of words and of their mark, which must be one."""
    title = page.page.locator("h1").inner_text()
    found = next(code for code, titles in TITLES.items() if title in titles)
    assert page.page.evaluate("document.documentElement.lang.slice(0, 2)") == found
    assert page.part("language").get_attribute("lang")[:2] != found
    return found


@pytest.fixture(params=["bidder", "trustee"])
def program(request):
    """Somebody at either program, opened from disk."""
    return request.getfixturevalue(request.param)


def at(page, hint):
    """The same program again, where its address asks for a language."""
    page.page.goto("about:blank")
    page.page.goto(page.address + hint)
    return page


@pytest.mark.parametrize(("locale", "first"), [("zh-CN", "zh"), ("en-GB", "en"), ("fr-FR", "en")])
def test_a_program_speaks_the_browsers_language_where_nobody_chose(program, locale, first):
    assert speaks(program(locale=locale)) == first


@pytest.mark.parametrize("hint", ["#lang=en", "#lang=en-gb", "?lang=en", "?lang=zh#lang=en"])
def test_a_program_speaks_the_language_of_the_page_that_opens_it(program, hint):
    page = program()
    assert speaks(page) == "zh"
    assert speaks(at(page, hint)) == "en"
    assert speaks(at(page, "#lang=zh-hans")) == "zh"
    assert speaks(at(page, "#lang=<b>")) == "zh"
    assert page.complaints == []


def test_the_language_that_was_chosen_is_remembered(program):
    page = program()
    page.press("language")
    assert speaks(page) == "en"
    page.page.reload()
    assert speaks(page) == "en"
    page.press("language")
    page.page.reload()
    assert speaks(page) == "zh"
    assert page.complaints == []


def test_a_page_opened_in_the_sites_language_keeps_what_was_chosen_there(program):
    page = at(program(), "#lang=en")
    page.press("language")
    assert speaks(page) == "zh"
    page.page.reload()
    assert speaks(page) == "zh"
    assert speaks(at(page, "#lang=en")) == "en"


def test_a_browser_that_keeps_nothing_still_switches(program):
    page = program()
    page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })"
    )
    page.page.reload()
    page.press("language")
    assert speaks(page) == "en"
    assert page.complaints == []
