"""A lot's parties on their machines, with the programs open in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kernel.sealing.certificates import pem
from kernel.sealing.keystore import make_p12
from tests.e2e.browsing import CHROMIUM, chromium
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY, NOW, Stage
from tests.procurement.bidder.web.driving import Bidder, Trustee, told

# A policy that came another way than by a file.
GIVEN = object()
PIN = "正确的PIN-42"
PASSPHRASE = "开启口令-12345"


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if "procurement/bidder/web" in str(item.path) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.e2e)


# Not for the session: Playwright's loop would stay in the thread, where neither another browser
# nor Django's database may run beside it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium: apt-get install chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def stage(shared_stage: Stage) -> Stage:
    return shared_stage


def policy_answer(stage: Stage, policy: Any = None, **changes: Any) -> dict[str, Any]:
    """What ``GET /policy`` gives."""
    from kernel.sealing.bids.fields import b64, instant_text

    bundle = stage.bundle(policy)
    return {
        "policy": bundle.text.decode(),
        "signatures": [each.as_json() for each in bundle.signatures],
        "previous": [],
        "chain": pem([stage.authority.issuing.certificate]).decode(),
        "crls": [b64(crl) for crl in stage.authority.crls(NOW)],
        "anchors": pem([stage.authority.root.certificate]).decode(),
        "demonstration": True,
        "time": instant_text(NOW),
        **changes,
    }


def keyfile(stage: Stage, code: str, pin: str = PIN) -> bytes:
    """A key file that opens fast."""
    return make_p12(stage.signers[code], pin, rounds=2048)


@pytest.fixture
def bidder(browser: Any) -> Iterator[Any]:
    made: list[Bidder] = []

    def arrive(**options: Any) -> Bidder:
        made.append(Bidder(browser, **options))
        return made[-1]

    yield arrive
    for each in made:
        each.close()


@pytest.fixture
def child(bidder, stage):
    """The program in a window that a page of its own origin opened, and how that page gives."""
    page = bidder()
    with page.page.expect_popup() as popup:
        page.page.evaluate("(url) => { window.other = window.open(url); }", page.address)
    program = Bidder(page.context, page.address, page=popup.value)
    program.part("policy-file").wait_for()

    def give(files, uscc=BIDDERS[0], **more):
        said = {"type": "zhuxin-policy", "policy": json.dumps(policy_answer(stage)),
                "bidder": uscc, "archive": files, **more}  # fmt: skip
        page.page.evaluate("(said) => window.other.postMessage(said, '*')", said)
        program.part("parties").wait_for()

    program.give = give
    return program


@pytest.fixture
def trustee(browser: Any) -> Iterator[Any]:
    made: list[Trustee] = []

    def arrive(**options: Any) -> Trustee:
        made.append(Trustee(browser, **options))
        return made[-1]

    yield arrive
    for each in made:
        each.close()


def prepared(
    arrived: Bidder, stage: Stage, *, code: str = BIDDERS[0], policy: Any = None
) -> Bidder:
    """A bidder with policy, key, files and opening sheet in place."""
    if policy is not GIVEN:
        arrived.load_policy(policy_answer(stage, policy))
    else:
        arrived.accept_policy()
    arrived.open_key(keyfile(stage, code), PIN)
    arrived.put("qualification", told("资格.txt", "资格文件".encode()))
    arrived.put("technical", told("技术.txt", "技术文件".encode() * 5000))
    arrived.put("price", told("清单.xml", b"<bill/>"), told("price.txt", b"1"))
    arrived.fill_sheet(bill="清单.xml")
    return arrived


class Notary:
    """The notary at the page, with the files that it keeps between the steps."""

    def __init__(self, world, trustee, folder):
        self.world, self.arrive, self.folder, self.keep = world, trustee, folder, None
        self.pages, self.protests = [], []

    def at(self, task=None):
        """The page with the lot's task of now and the newest keep file."""
        page = self.arrive()
        self.pages.append(page)
        task = task or self.world.lot.task(NOTARY)
        page.part("protest-files").set_input_files(self.protests)
        page.begin(task, keyfile(self.world.stage, NOTARY), PIN, PASSPHRASE, self.keep)
        assert page.codes("begin-error") == []
        return page

    def told(self, page, step):
        """What a step tells once it is done: a list of its values."""
        return [each.inner_text() for each in page.part(f"told-{step}").locator("dd").all()]

    def does(self, *steps):
        """Steps that must succeed, and their answer handed in."""
        page = self.at()
        for step in steps:
            assert page.do(step) == []
        self.hands_in(page)

    def hands_in(self, page):
        self.keep, answer = page.hand_in(self.folder)
        self.world.lot.take(NOTARY, answer)

    def refused(self, step):
        """The codes that a step is refused with."""
        return self.at().do(step)


@pytest.fixture
def notary(world, trustee, tmp_path):
    made = Notary(world, trustee, tmp_path)
    yield made
    for page in made.pages:
        assert page.strangers() == []
        assert page.complaints == []


@pytest.fixture
def others(world):
    """The two trustees at the command line."""
    return [world.desks[code] for code in (ENTITY, CHAMBER)]


def in_force(world, notary, others):
    for desk in others:
        desk.does(*desk.trustee("key", "rehearse"))
    notary.does("announce")
    notary.does("rehearse")
    world.lot.make_draft()
    for desk in others:
        desk.does(*desk.trustee("sign-policy"))
    notary.does("signPolicy")


def closed(world, bids=2):
    for code in BIDDERS[:bids]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    world.lot.close()
