"""The opening as parties watch it: who is awaited, bids as they open; desk and phone, zh, en."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from kernel.workflow import sandbox
from procurement.bids import believed, closing, lots, needs
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, visitors
from tests.procurement.bids import steps, support
from tests.procurement.bids.test_keeping import spoil_keeper, spoil_vault

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def lot(own_var: Path, committed: None, settings: Any, monkeypatch: Any) -> Iterator[support.World]:
    """Three bids for a lot whose deadline is over; the list is made."""
    settings.STORAGES = settings.STORAGES | {
        "second-keeper": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(own_var / "second-keeper")},
        }
    }
    believed.forget()
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(lots, "least_bids", lambda _at, _lot: 3)
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    made = support.make_world()
    lots.use(made.lot.find)
    made.policy()
    for index, name in enumerate(("bidder1", "bidder2", "bidder3"), start=1):
        made.bid(name, price=index * 1_234_567_00)
    steps.close(made)
    yield made
    lots.use(None)
    believed.forget()


def watching(arrive: Arrive, who: str) -> list[Any]:
    """The same person at a desk in Chinese and on a phone in English."""
    path = reverse("procurement:bids-opening", args=[support.LOT])
    people = [arrive(who, viewport=DESK), arrive(f"{who}-en", "en", viewport=PHONE)]
    for person in people:
        person.log_in(who)
        person.page.goto(path)
    return people


def test_the_page_fills_as_bids_open(browser: Any, site: str, lot: support.World) -> None:
    with visitors(browser, site) as arrive:
        people = watching(arrive, "bidder2")
        for person in people:
            person.look("awaited")
        spoil_vault(lot)
        spoil_keeper(lot)
        steps.ready(lot, "trustee1", "trustee2")
        lot.mark("trustee1", "trustee2")
        lot.release("trustee1", "trustee2")
        steps.finish(lot)
        for person, held in zip(people, ("已无完好副本", "no intact copy"), strict=True):
            # The page asks by itself; nobody reloads it. No price is told before every bid is here.
            person.page.wait_for_selector(f"text={held}")
            assert "2,469,134.00" not in person.page.content()
            person.look("held")
        lot.at(steps.now().window_ends_at)
        steps.settle()
        for person in people:
            person.page.wait_for_selector("a[download]")
            assert "2,469,134.00" in person.page.content()
            person.look("opened")
        public = arrive("public", viewport=PHONE)
        public.page.goto(people[0].page.url)
        public.look("record")
        # Who runs the lot goes on to the reasons of a bidder's grade.
        for person in watching(arrive, "owner"):
            person.look("record-of-the-owner")
            with person.page.expect_navigation():
                person.page.locator("a[href^='/credit/certificates/']").first.click()
            person.page.wait_for_selector('[data-chart="trend"][data-drawn="yes"]')
            person.look("certificate")
