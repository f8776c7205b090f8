"""Bidders and trustees of the play at their own programs, with what lies on their own desks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e.visitor import Visitor
from tests.procurement.bidder.web.driving import Bidder, Program, Trustee, told

ENVELOPES = ("qualification", "technical", "price")
PARTS = "**/uploads/*"


def keys_of(play: Play, who: str) -> tuple[bytes, str]:
    """Somebody's key file and PIN, as they lie on the own desk."""
    at = bids.desk(play, who)
    at.prepare()
    return Path(at.path("key.p12")).read_bytes(), play.pin


@contextmanager
def at_disk(browser: Any, name: str) -> Iterator[Any]:
    """A browser of one's own for a program from disk; nothing is asked of anybody in it."""
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    try:
        yield context
        assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == [], name
    finally:
        context.close()


def fill_and_seal(
    program: Bidder, play: Play, who: str, price: str, before: Path | None = None
) -> None:
    """From a checked policy to a sealed bid; the reader has compared every party."""
    program.open_key(*keys_of(play, who))
    assert program.codes("signer-error") == []
    for name in ENVELOPES:
        program.put(name, told(f"{name}.txt", f"{who} {name}（演示）".encode()))
    program.fill_sheet(price=price)
    if before:
        program.choose("before-file", before)
    if program.part("unbilled").is_visible():
        program.seal_without_a_bill()
    else:
        program.seal()
    assert program.codes("seal-error") == []


class Line:
    """The line of a page to its uploads: lets so many parts through, then it is cut."""

    def __init__(self, page: Any) -> None:
        self.page, self.left, self.offsets = page, -1, []
        page.route(PARTS, self._pass)

    def _pass(self, route: Any) -> None:
        if self.left == 0:
            route.abort()
            return
        if route.request.method == "PATCH":
            self.offsets.append(int(route.request.headers["upload-offset"]))
            self.left -= 1
        route.continue_()

    def carries(self, parts: int) -> None:
        """So many parts more; -1: whatever comes."""
        self.left = parts


def choose(page: Any, lot: str, file: Path) -> None:
    """Choose a bid's file on the bidder's page, and send it."""
    page.goto(f"/bids/mine/{lot}/")
    page.set_input_files("[name=file]", file)
    page.click("#bid-upload button")


def next_tab(bidder: Visitor) -> Any:
    """The tab is closed in the middle of whatever it did, and another one opened."""
    closed, bidder.page = bidder.page, bidder.page.context.new_page()
    closed.close()
    bidder.page.set_default_timeout(15_000)
    bidder.wrong.clear()  # what the browser grumbled about lines that were cut
    return bidder.page


class AtDisk:
    """A trustee: a browser without a network for the program, another one for the platform."""

    def __init__(self, play: Play, context: Any, visitor: Visitor, who: str, folder: Path) -> None:
        self.play, self.context, self.visitor, self.who = play, context, visitor, who
        self.folder = folder / who
        self.folder.mkdir()
        self.keep: Path | None = None
        visitor.log_in(who)

    def does(self, lot: str, step: str, *, too_late: bool = False) -> None:
        """Takes the task of now, does a step in the program, brings the answer.

        too_late: the platform has no use for it any more, and says so.
        """
        page = self.visitor.page
        page.goto(f"/bids/trustees/{lot}/")
        with page.expect_download() as download:
            page.click("a[href$='/task.json']")
        task = self.folder / "task.json"
        download.value.save_as(task)
        answer = self._at_the_program(task.read_bytes(), step)
        file = {"name": "answer.json", "mimeType": "application/json", "buffer": answer}
        page.set_input_files("[name=file]", file)
        self.visitor.submit(f"form[action$='/{lot}/']")
        told = page.locator(".zx-refusals > li").all_inner_texts()
        assert ["workflow.act.not_in_state" in words for words in told] == [True] * too_late, told
        self.visitor.look(f"answered-{step}")

    def _at_the_program(self, task: bytes, step: str) -> bytes:
        program = Trustee(self.context)
        program.begin(task, *keys_of(self.play, self.who), f"口令-{self.who}", self.keep)
        assert program.codes("begin-error") == []
        assert (self.who, step, program.do(step)) == (self.who, step, [])
        self.keep, answer = program.hand_in(self.folder)
        done_with(program)
        return answer


def done_with(program: Program) -> None:
    """A program that had nothing to complain of is closed."""
    assert program.address.startswith("file:")
    assert program.complaints == []
    program.page.close()
