"""A trustee at the lot's page: takes a task, finds the program by its hash, brings an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.sealing.bids import tasks
from procurement.bidder import programs
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, tendering
from tests.e2e import proofs, tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


def test_a_trustee_takes_its_task_and_brings_an_answer(
    visit: Arrive,
    play: Play,
    certified: Callable[..., None],
    site: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tendered.project(play, certified, monkeypatch)
    tendering.prepare(play)
    number = str(play.store["lot_number"])
    bids.policy(play, number)
    play.base_url = site
    for language, size in (("zh-hans", DESK), ("en", PHONE)):
        trustee = visit(f"trustee-{language}", language, viewport=size)
        page = trustee.page
        trustee.log_in("trustee1")
        page.goto(f"/bids/trustees/{number}/")
        trustee.look("trustee")
        task = tasks.read_task(
            proofs.downloaded(page, "a[href$='/task.json']", tmp_path).read_bytes()
        )
        assert (task.lot, task.share, task.closing) == (number, True, None)
        shown = "".join(page.inner_text("main").split())
        assert programs.program("open.html").sha256 in shown
        told = tasks.Answer(task.lot, task.party, (("nonce", {"nonce": "ab" * 32}),)).encode()
        file = {"name": "answer.json", "mimeType": "application/json", "buffer": told}
        page.set_input_files("[name=file]", file)
        trustee.submit(f"form[action$='/{number}/']")
        trustee.look("answered")
        assert page.locator(".zx-refusals > li").count() == 1
        page.goto(f"/bids/policies/{number}/")
        trustee.look("policy")
        page.goto("/bids/programs/open.html")
        page.wait_for_selector('[data-part="own-hash"]')
        told_hash = page.inner_text('[data-part="own-hash"]')
        assert told_hash == programs.program("open.html").sha256
        assert trustee.wrong == []
