"""Somebody at the platform: logs in, fills in, looks, and says what is wrong with a page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import PASSWORD
from tests.e2e.axe import violations
from tests.e2e.browsing import opened

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Where to keep a picture of every page looked at, for people who want to look too.
SHOTS = os.environ.get("ZHUXIN_SHOTS", "")


class Visitor:
    """One browser context. ``wrong`` collects console errors, CSP violations and 4xx answers."""

    def __init__(self, page: Any, wrong: list[str], name: str) -> None:
        self.page, self.wrong, self.name = page, wrong, name
        self._seen = 0

    def log_in(self, username: str, leads_to: str = "/desk/") -> None:
        """By the form, as people do."""
        self.page.goto(leads_to)
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.submit("form[action='/accounts/login/']")
        self.page.wait_for_url(f"**{leads_to}")

    def submit(self, form: str = "form.zx-form", button: str = "") -> None:
        """Press a form's main button; the next page is there when this returns."""
        chosen = f"button[value={button}]" if button else "button:not([type=button])"
        with self.page.expect_navigation():
            self.page.locator(form).last.locator(chosen).first.click()

    def do(self, button: str = "") -> None:
        """Press the main button of an act; its receipt must come."""
        self.submit(button=button)
        assert "/receipts/" in self.page.url, self.page.inner_text(".zx-errors, .zx-refused-panel")

    def act(self, title: str) -> None:
        """Press the main button of an act, look at the summary it may come with, and do it."""
        self.submit()
        if "/receipts/" not in self.page.url:
            assert self.page.locator(".zx-errors, .zx-refused-panel").count() == 0, (
                self.page.inner_text("main")
            )
            self.look(f"{title}-summary")
            self.do("do")
        self.look(f"{title}-receipt")

    def to_case(self) -> None:
        """From a receipt back to its case."""
        with self.page.expect_navigation():
            self.page.click(".zx-form-foot a[href^='/cases/']")

    def act_page(self, transition: str) -> None:
        """From a case to the page of an act that is possible now."""
        with self.page.expect_navigation():
            self.page.click(f".zx-acts a[href$='/acts/{transition}/']")

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill fields by name: text, dates, and lists by the value chosen."""
        for name, value in values.items():
            field = self.page.locator(f".zx-form [name='{name}']")
            if field.evaluate("(one) => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def look(self, title: str) -> None:
        """Hold the page to what every page keeps: accessible, CSP-clean, no sideways scroll."""
        page = self.page
        page.wait_for_load_state()
        self._seen += 1
        if SHOTS:
            path = Path(SHOTS) / f"{self.name}-{self._seen:02d}-{title}.png"
            page.screenshot(path=path, full_page=True)
        assert (title, violations(page), self.wrong) == (title, [], [])
        assert page.evaluate(WIDER) <= 0, title
        assert page.locator("h1").count() == 1, title
        assert page.locator(".zx-sandbox").is_visible(), title

    @contextmanager
    def refused(self, status: int) -> Iterator[None]:
        """What happens inside ends on a page of this status; the browser's grumble is no error."""
        before = len(self.wrong)
        yield
        # A click returns when its page begins to load; what follows counts what stands on it.
        self.page.wait_for_load_state()
        new = self.wrong[before:]
        assert any(line.startswith(f"{status} ") for line in new), new
        self.wrong[before:] = [line for line in new if str(status) not in line]


Arrive = Callable[..., Visitor]


@contextmanager
def visitors(browser: Any, base: str) -> Iterator[Arrive]:
    """Open visitors, each with cookies of their own; all leave at the end."""
    from contextlib import ExitStack

    with ExitStack() as open_ones:

        def arrive(name: str, language: str = "zh-hans", **options: Any) -> Visitor:
            page, wrong = open_ones.enter_context(opened(browser, base, language, **options))
            page.set_default_timeout(15_000)
            return Visitor(page, wrong, f"{name}-{page.viewport_size['width']}")

        yield arrive
