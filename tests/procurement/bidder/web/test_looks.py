"""Both programs for everybody: two languages, a phone's width, readers of screens."""

from __future__ import annotations

import http.server
import json
import threading
from dataclasses import replace
from functools import partial

import pytest

from procurement.bidder import programs
from tests.e2e import axe
from tests.kernel.sealing.bids.support import BIDDERS, LOT, NOTARY
from tests.procurement.bidder.rescuing import curing, rescue, spoiling
from tests.procurement.bidder.web.conftest import (
    GIVEN,
    PIN,
    closed,
    keyfile,
    policy_answer,
    prepared,
)
from tests.procurement.bidder.web.driving import PROGRAMS, Bidder

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
SIZES = pytest.mark.parametrize(
    ("locale", "size"), [("zh-CN", DESK), ("en-GB", PHONE)], ids=["desk-chinese", "phone-english"]
)


def looked(page, locale):
    """Nothing to complain of, nothing wider than the screen, words in the reader's language."""
    assert axe.violations(page.page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chinese = page.page.evaluate("document.querySelector('h1').textContent") in (
        "封装投标文件",
        "开启人",
    )
    assert chinese == locale.startswith("zh")
    assert page.complaints == []


@SIZES
def test_the_sealing_program_is_readable_from_first_to_last(bidder, stage, tmp_path, locale, size):
    page = bidder(locale=locale, viewport=size)
    looked(page, locale)
    prepared(page, stage)
    looked(page, locale)
    page.seal()
    assert page.codes("seal-error") == []
    looked(page, locale)
    page.press("language")
    assert page.part("seal").inner_text() in ("签名并封装", "Sign and seal")
    assert page.part("own-hash").inner_text() == programs.program("seal.html").sha256


@SIZES
def test_the_trustees_program_is_readable_from_first_to_last(world, trustee, locale, size):
    page = trustee(locale=locale, viewport=size)
    looked(page, locale)
    page.begin(world.lot.task(NOTARY), keyfile(world.stage, NOTARY), PIN, "开启口令-12345")
    assert page.do("announce") == []
    looked(page, locale)
    assert page.part("own-hash").inner_text() == programs.program("open.html").sha256


@SIZES
def test_the_steps_of_an_opening_are_readable(world, trustee, tmp_path, locale, size):
    """A corrected list, a cure and a protest beside it; every step offered, and one refused."""
    world.policy()
    notary, lot = world.desks[NOTARY], world.lot
    closed(world)
    whole = lot.listed
    lot.listed = replace(whole, bids=whole.bids[:1])
    world.each("check")
    lot.tamper = spoiling(lot, BIDDERS[0])
    world.each("mark")
    bidders = [world.desks[code] for code in BIDDERS[:2]]
    bidders[0].does(*curing(bidders[0]))
    bidders[1].does(*rescue(bidders[1], "protest"))
    keep = notary.folder / "keep.json"
    notary.does("keep", "export", str(keep), "--keep", notary.path("keep"), "--lot", LOT)
    page = trustee(locale=locale, viewport=size)
    page.begin(lot.task(NOTARY), keyfile(world.stage, NOTARY), PIN, "口令", keep)
    assert page.codes("begin-error") == []
    assert page.steps() == ["signList", "reveal", "mark", "markCures", "release"]
    assert page.do("release") == ["bidder.release.no_draw"]
    assert page.do("mark") == page.do("markCures") == []
    looked(page, locale)
    page.press("language")
    looked(page, "en" if locale.startswith("zh") else "zh")


@pytest.fixture
def served():
    """Let a site serve the folder of the programs; gives its address."""
    servers = []

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_arguments):
            pass

    def serve():
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Quiet, directory=str(PROGRAMS))
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_served_program_works_and_asks_for_nothing_but_itself(bidder, stage, served):
    """The same bytes from a server, with storage of the browser's own instead of Blobs."""
    page = bidder(address=f"{served()}/seal.html")
    prepared(page, stage).seal()
    assert page.codes("seal-error") == []
    kept = page.page.evaluate(
        "navigator.storage.getDirectory().then(async (root) => {"
        "for await (const name of root.keys()) return name; return ''; })"
    )
    assert kept.startswith("zhuxin-seal-")
    assert page.strangers() == []
    tried = "fetch('/x').then(() => 'sent', () => 'refused')"
    assert page.page.evaluate(tried) == "refused"


@pytest.mark.parametrize("own", [True, False], ids=["own-site", "another-site"])
def test_only_a_page_of_the_programs_own_site_gives_it_a_policy(bidder, stage, served, own):
    """Another site would open it with a policy whose trustees are its friends."""
    site = served()
    page = bidder(address=f"{site if own else served()}/LICENSES.txt")
    with page.page.expect_popup() as popup:
        page.page.evaluate("(url) => { window.other = window.open(url); }", f"{site}/seal.html")
    popup.value.locator('[data-part="policy-file"]').wait_for()
    assert popup.value.evaluate("window.opener !== null")
    page.page.evaluate(
        "(policy) => window.other.postMessage({type: 'zhuxin-policy', policy}, '*')",
        json.dumps(policy_answer(stage)),
    )
    if own:
        popup.value.locator('[data-part="parties"]').wait_for()
    else:
        popup.value.wait_for_timeout(500)
        assert popup.value.locator('[data-part="parties"]').is_hidden()


def test_a_page_that_opened_the_program_may_give_the_policy_and_gets_the_bid_back(bidder, stage):
    """Nothing else is said, and nothing is handed over before the reader presses the button."""
    page = bidder()
    with page.page.expect_popup() as popup:
        page.page.evaluate(
            "(url) => { window.told = []; addEventListener('message', ({data}) =>"
            " window.told.push([data.type, data.name ?? '', data.bid?.size ?? 0]));"
            " window.other = window.open(url); }",
            page.address,
        )
    child = Bidder(page.context, page.address, page=popup.value)
    child.part("policy-file").wait_for()
    page.page.evaluate(
        "(policy) => window.other.postMessage({type: 'zhuxin-policy', policy}, '*')",
        json.dumps(policy_answer(stage)),
    )
    child.part("parties").wait_for()
    prepared(child, stage, policy=GIVEN)
    child.seal()
    assert page.page.evaluate("window.told.map(([type]) => type)") == ["zhuxin-ready"]
    child.press("hand-over")
    assert child.codes("seal-error") == ["bidder.program.recovery"]
    assert page.page.evaluate("window.told.map(([type]) => type)") == ["zhuxin-ready"]
    child.part("kept-otherwise").check()
    child.press("hand-over")
    page.page.wait_for_function("window.told.length > 1")
    (_ready, (kind, name, size)) = page.page.evaluate("window.told")
    assert (kind, name[-4:]) == ("zhuxin-bid", ".zxb")
    assert size > 4096
