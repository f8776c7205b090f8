"""A lot from keys to record, everybody at a browser: sealed, broken off, opened from disk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kernel.sealing.bids.receipts import read_withdrawal, read_withdrawn
from procurement.bidder import programs
from procurement.bids import opening, selectors, stamps, upload_views
from procurement.bids.machines import OPENING, POLICY
from procurement.bids.models import BidVersion, ResumableUpload
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, tendering, witnessing
from tests.e2e import sealed, tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE, WHOLE, chromium
from tests.e2e.proofs import downloaded
from tests.e2e.visitor import Arrive, Visitor
from tests.procurement.bidder.web.driving import Bidder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")
AT_A_TIME = 1024 * 1024
FROM_DISK, FROM_THE_PAGE = "6543210.98", "6600000.01"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The whole program that people have."""
    with chromium(path=WHOLE) as started:
        yield started


@pytest.fixture
def number(
    play: Play, certified: Callable[..., None], site: str, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The number of a lot whose opening policy is drawn up and has nobody's key yet."""
    tendered.project(play, certified, monkeypatch)
    certified(*bids.BIDDERS[2:4], "supervisor1")
    tendering.prepare(play)
    found = str(play.store["lot_number"])
    play.store["policy"] = bids.draw_up(play, found)
    play.base_url = site
    for name in ("PARTS_FROM", "PART_SIZE"):
        monkeypatch.setattr(upload_views, name, AT_A_TIME)
    return found


@pytest.fixture
def trustees(
    browser: Any, visit: Arrive, play: Play, number: str, tmp_path: Path
) -> Iterator[list[sealed.AtDisk]]:
    """Three trustees, each with a browser of its own for the program on its disk."""
    with ExitStack() as open_ones:
        yield [
            sealed.AtDisk(
                play, open_ones.enter_context(sealed.at_disk(browser, who)),
                visit(who, viewport=PHONE if who == "trustee2" else DESK), who, tmp_path,
            )
            for who in bids.TRUSTEES
        ]  # fmt: skip


def test_a_lot_is_sealed_and_opened_at_browsers_from_first_to_last(
    browser: Any, visit: Arrive, play: Play, number: str, trustees: Any, tmp_path: Path
) -> None:
    witnessing.enter(play)
    _keys_and_policy(play, number, trustees)
    second = visit("bidder2", "en", viewport=PHONE)
    receipts = [
        _from_disk(browser, visit("bidder1", viewport=DESK), play, number, tmp_path),
        _from_the_page(second, play, number, tmp_path),
    ]
    _withdraws(second, play, number, receipts[1], tmp_path)
    receipts[1] = _from_the_page(second, play, number, tmp_path, receipts[1])
    for who in bids.BIDDERS[2:4]:
        bids.seal(play, who, number, "bid")
        at = bids.desk(play, who)
        words = ["submit", at.path("bid.zxb"), *at.lot(number), *at.trust([]), "--wait", "0"]
        assert at.run(*words)["version"] == 1
    stamps.follow_up()  # the worker's part
    _opens(play, number, trustees)
    _is_there_for_everybody(visit("public", viewport=PHONE), play, number, receipts, tmp_path)


def _keys_and_policy(play: Play, number: str, trustees: list[sealed.AtDisk]) -> None:
    pk = play.store["policy"]
    bids.trustee(play, bids.OWNER, number, "key", share=False)
    for step in ("announce", "rehearse"):
        for trustee in trustees:
            trustee.does(number, step)
    play.expect_state(POLICY.code, pk, "rehearsed")
    bids.trustee(play, bids.OWNER, number, "sign-policy", share=False)
    for trustee in trustees:
        trustee.does(number, "signPolicy")
    play.expect_state(POLICY.code, pk, "signed")
    play.settle()
    play.act(tendered.LOT, play.store["lot"], "publish", "agency1")
    play.sign(tendered.LOT, play.store["lot"], "owner1")


def _from_disk(browser: Any, bidder: Visitor, play: Play, number: str, folder: Path) -> Path:
    """Sealed where there is no network; the line breaks, later the tab is closed."""
    page = bidder.page
    bidder.log_in("bidder1")
    page.goto(f"/bids/policies/{number}/")
    policy = downloaded(page, "a[href$='/policy.json']", folder)
    with sealed.at_disk(browser, "bidder1") as context:
        program = Bidder(context)
        program.choose("policy-file", policy)
        program.part("parties").wait_for()
        program.accept_policy()
        assert program.codes("policy-error") == []
        sealed.fill_and_seal(program, play, "bidder1", FROM_DISK)
        assert program.part("hand-over").is_hidden()
        bid, _recovery = program.saved("save-bid", folder), program.saved("save-recovery", folder)
        sealed.done_with(program)
    kept = _breaks_off(bidder, number, bid)
    line = sealed.Line(sealed.next_tab(bidder))
    sealed.choose(bidder.page, number, bid)
    bidder.page.wait_for_url("**?upload=*")
    assert line.offsets[0] == kept
    return _received(bidder, "bidder1", bid.stat().st_size, folder)


def _breaks_off(bidder: Visitor, number: str, bid: Path) -> int:
    """Twice: the line comes back and it goes on by itself; then the tab is closed."""
    page = bidder.page
    line = sealed.Line(page)
    line.carries(2)
    sealed.choose(page, number, bid)
    far = page.locator("span[data-far]")
    far.filter(has_text="%").wait_for()
    page.locator("span[data-kept]", has_text="2.0").wait_for()
    assert 0 < float(page.get_attribute("progress", "value") or 0) < bid.stat().st_size
    line.carries(1)
    page.locator("span[data-kept]", has_text="3.0").wait_for()
    assert line.offsets == [0, AT_A_TIME, 2 * AT_A_TIME]
    kept = ResumableUpload.objects.get().offset
    assert kept == 3 * AT_A_TIME < bid.stat().st_size
    return kept


def _from_the_page(
    bidder: Visitor, play: Play, number: str, folder: Path, before: Path | None = None
) -> Path:
    """The same bytes as a page: it has the policy from the lot's page, which sends the bid on."""
    page = bidder.page
    if before is None:
        bidder.log_in("bidder2")
    program = _program_of_the_page(page, number)
    sealed.fill_and_seal(program, play, "bidder2", FROM_THE_PAGE, before)
    bid = program.saved("save-bid", folder)
    program.saved("save-recovery", folder)
    program.press("hand-over")
    page.wait_for_url("**?upload=*")
    assert program.complaints == []
    program.page.close()
    return _received(bidder, "bidder2", bid.stat().st_size, folder)


def _program_of_the_page(page: Any, number: str) -> Bidder:
    page.goto(f"/bids/mine/{number}/")
    with page.expect_popup() as popup:
        page.click("[data-sealing] button")
    program = Bidder(page.context, popup.value.url, page=popup.value)
    program.part("parties").wait_for()
    assert program.address.partition("#")[0].endswith("/bids/programs/seal.html")
    assert program.part("own-hash").inner_text() == programs.program("seal.html").sha256
    program.accept_policy()
    return program


def _withdraws(bidder: Visitor, play: Play, number: str, receipt: Path, folder: Path) -> None:
    """Signs in the program that the version of this receipt is taken back, and hands that in."""
    program = _program_of_the_page(bidder.page, number)
    # Another enterprise's certificate than that of whom the platform's page knows.
    program.open_key(*sealed.keys_of(play, "bidder1"))
    assert program.codes("signer-error") == ["bidder.program.enterprise"]
    program.open_key(*sealed.keys_of(play, "bidder2"))
    program.choose("withdraw-file", receipt)
    program.part("withdraw-reason").fill("报价有误")
    statement = program.saved("withdraw", folder)
    assert program.codes("withdraw-error") == []
    program.page.close()
    page = bidder.page
    page.set_input_files("[name=withdrawal-file]", statement)
    bidder.submit("#withdrawal")
    bidder.look("withdrawn")
    path = downloaded(page, "main a[href$='/withdrawal.json']", folder)
    gone = read_withdrawn(json.loads(path.read_text())["receipt"].encode())
    version = BidVersion.objects.get(manifest_sha256=gone.manifest_sha256)
    assert read_withdrawal(version.withdrawal.encode()).reason == "报价有误"
    assert version.bid.state == "withdrawn"
    assert page.locator("#withdrawal").count() == 0


def _received(bidder: Visitor, who: str, size: int, folder: Path) -> Path:
    bidder.look("received")
    assert BidVersion.objects.latest("pk").size == size
    stamps.follow_up()  # the worker's part
    bidder.page.reload()
    link = "main a[href$='/completed.json']"
    with bidder.page.expect_download() as download:
        bidder.page.click(link)
    path = folder / f"{who}.receipt.json"
    download.value.save_as(path)
    assert {"receipt", "p7s"} <= set(json.loads(path.read_text()))
    return path


def _opens(play: Play, number: str, trustees: list[sealed.AtDisk]) -> None:
    lot = play.case(tendered.LOT, play.store["lot"])
    play.until(lot.bid_deadline_at + timedelta(seconds=1))
    stamps.stamp_lists()  # the worker's part
    case = opening.of_lot(number)
    for trustee in trustees:
        trustee.does(number, "signList")
    bids.trustee(play, bids.OWNER, number, "reveal", share=False)
    for trustee in trustees:
        trustee.does(number, "reveal")
    play.expect_state(OPENING.code, case.pk, "drawn")
    for trustee in trustees:
        trustee.does(number, "mark")
    play.expect_state(OPENING.code, case.pk, "checked")
    for trustee in trustees[:2]:
        trustee.does(number, "release")
    trustees[2].does(number, "release", too_late=True)  # two of three open
    play.settle()
    play.expect_state(OPENING.code, case.pk, "opened")


def _is_there_for_everybody(
    public: Visitor, play: Play, number: str, receipts: list[Path], folder: Path
) -> None:
    assert len(selectors.opened_bids(number)) == 4
    page = public.page
    page.goto("/bids/programs/")
    public.look("programs")
    page.locator(".zx-command .zx-copy").first.click()
    page.locator(".zx-copy.is-done").wait_for()
    page.goto(f"/bids/openings/{number}/")
    public.look("record")
    shown = page.inner_text("main")
    assert page.locator("table tbody tr").count() == 4
    assert all(price in shown for price in ("6,543,210.98", "6,600,000.01"))
    play.head()
    witnessing.look(play)
    (folder / "proved").mkdir()
    witnessing.prove(play, number, folder / "proved")
    dossier = downloaded(page, "a[href$='/dossier.zip']", folder)
    words = ["--trust", str(folder / "proved" / "anchors.json"), "--witnesses", "1"]
    words += [word for path in receipts for word in ("--receipt", str(path))]
    done = subprocess.run(
        [sys.executable, "-m", "kernel.evidence.verify", str(dossier), *words],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
