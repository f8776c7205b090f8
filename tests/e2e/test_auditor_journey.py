"""A regulator reads everything: cases, refused attempts, log entries, a project's whole life."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow.firing import fire
from kernel.workflow.machines import machines
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, tendering
from tests.e2e import tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.proofs import downloaded, verify
from tests.e2e.visitor import Arrive, Visitor

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


PROJECT = "procurement.project"


@pytest.fixture
def project(play: Play, certified: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a project with a lot that was objected to and clarified."""
    number = tendered.project(play, certified, monkeypatch)
    tendering.prepare(play)
    for name in ("lot_number", "lot2_number"):
        bids.policy(play, play.store[name])
    tendering.publish(play)
    return number


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_regulator_reads_cases_attempts_and_proofs(
    visit: Arrive,
    play: Play,
    project: str,
    tmp_path: Path,
    language: str,
    size: dict[str, int],
) -> None:
    auditor = visit("auditor", language, viewport=size)
    auditor.log_in("auditor1")
    auditor.look("desk")
    _sees_a_life(auditor, project)
    _reads_cases(auditor, play)
    _sees_refused_attempts(auditor, play)
    _sees_refused_openings(auditor, play)
    play.head()
    _verifies(auditor, play, tmp_path)


def _sees_a_life(auditor: Visitor, project: str) -> None:
    page = auditor.page
    page.goto(f"/projects/{project}/life/")
    auditor.look("life")
    steps = page.locator(".zx-case-time .zx-step")
    assert steps.count() >= 10
    # Each with who did it; documents among them; what comes next has its date.
    assert steps.filter(has=page.locator(".zx-step-who")).count() == steps.count()
    assert page.locator(".zx-case-time .zx-step-doc a").count() >= 1
    following = page.locator(".zx-case-acts .zx-step-now")
    assert following.count() >= 1
    assert following.first.locator(".zx-step-due").inner_text().strip()


def _reads_cases(auditor: Visitor, play: Play) -> None:
    page = auditor.page
    for code in (
        "procurement.project", "procurement.drawing_review", "procurement.tender",
        "procurement.tender_plan", "procurement.objection", "procurement.security",
        "procurement.policy", "credit.licence",
    ):  # fmt: skip
        short = code.partition(".")[2]
        page.goto(f"/cases/{code}/")
        auditor.look(f"register-{short}")
        first = page.locator("[data-rows] td.zx-first > a").first
        if first.count():
            first.click()
            auditor.look(f"case-{short}")
    assert {"procurement.tender", "credit.licence"} <= set(machines())


def _sees_refused_attempts(auditor: Visitor, play: Play) -> None:
    page = auditor.page
    page.goto(f"/cases/procurement.project/{play.store['project']}/")
    attempts = page.locator(".zx-timeline .zx-step-refused")
    assert attempts.count() >= 1
    auditor.look("attempts")


def _sees_refused_openings(auditor: Visitor, play: Play) -> None:
    """What began no case: from the desk to the register, from there to the log."""
    with pytest.raises(Refused):
        fire(PROJECT, None, "open", actor=play.actors["owner1"], payload={"none": 1}, key="try")
    page = auditor.page
    page.goto("/desk/")
    with page.expect_navigation():
        page.click("main a[href='/refused/']")
    auditor.look("refused")
    page.goto(f"/refused/?machine={PROJECT}&day={clock.today().isoformat()}")
    assert "workflow.payload.unknown_field" in page.inner_text("[data-rows]")
    with page.expect_navigation():
        page.click("[data-rows] td.zx-first > a")
    auditor.look("refused-entry")
    assert "workflow.payload.unknown_field" in page.inner_text("main")


def _verifies(auditor: Visitor, play: Play, folder: Path) -> None:
    page = auditor.page
    page.goto(f"/cases/procurement.project/{play.store['project']}/")
    page.locator(".zx-timeline .zx-step-basis a").first.click()
    auditor.look("log-entry")
    proof, anchors = (
        downloaded(page, f"main a[href$='{end}']", folder)
        for end in ("/proof.json", "/anchors.json")
    )
    assert verify(proof, anchors) == 0
