"""A bid of the play as people seal it: ``seal.html`` from disk, worked by hand in a Chromium.

Only where there are a Chromium and the package ``playwright``, which tests bring and the platform
never needs: a bare machine seals by the command line alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procurement.bidder import http, programs
from procurement.demonstration.unexpected import Unexpected

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

    from procurement.demonstration.tools import Desk

PROGRAM = "seal.html"
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Milliseconds that a step at the page may take on a machine that also runs the server.
_PATIENCE = 60_000


def chromium() -> str:
    """The Chromium of this machine; empty where there is none, or nothing that could drive it."""
    if importlib.util.find_spec("playwright") is None:
        return ""
    names = filter(None, (os.environ.get("ZHUXIN_CHROMIUM"), *_NAMES))
    return next((path for name in names if (path := shutil.which(name))), "")


class NotStarted(RuntimeError):  # noqa: N818
    """There is a Chromium, and it does not start: a library is missing, or it is only a stub."""


@dataclass(frozen=True)
class Task:
    """What is sealed, where it lies, and what the reader ticks and fills in."""

    policy: Path
    parties: tuple[str, ...]
    key: Path
    pin: str
    envelopes: Mapping[str, tuple[Path, ...]]
    sheet: Mapping[str, Any]
    passphrase: str
    bid: Path
    recovery: Path


def seal(
    at: Desk, number: str, name: str, parties: list[str], folders: Mapping[str, Path],
    sheet: Mapping[str, Any], path: str,
) -> None:  # fmt: skip
    """Seal as ``name``.zxb and ``name``.recovery at a bidder's desk, in the Chromium at ``path``.

    Raises NotStarted where that Chromium does not start, Unexpected where the program refuses.
    """
    token = Path(at.path("token.txt")).read_text()
    answer = http.Client(at.p.base_url, number, token).get("/policy")
    at.write(f"{number}.policy.json", json.dumps(answer, ensure_ascii=False).encode())
    task = Task(
        policy=Path(at.path(f"{number}.policy.json")),
        parties=tuple(parties),
        key=Path(at.path("key.p12")),
        pin=at.p.pin,
        envelopes={e: tuple(sorted(folder.iterdir())) for e, folder in folders.items()},
        sheet=sheet,
        passphrase=Path(at.path("passphrase.txt")).read_text(),
        bid=Path(at.path(f"{name}.zxb")),
        recovery=Path(at.path(f"{name}.recovery")),
    )
    # Playwright's loop fills its thread, beside which nobody could ask the database.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(_sealed, task, path).result()


def _sealed(task: Task, path: str) -> None:
    from playwright.sync_api import Error, sync_playwright

    file = Path(programs.__file__).parent / PROGRAM
    try:
        with sync_playwright() as started:
            browser = _launched(started, path)
            page = browser.new_page(accept_downloads=True, locale="zh-CN")
            page.set_default_timeout(_PATIENCE)
            page.goto(file.as_uri())
            _prepare(page, task)
            _fill(page, task)
            browser.close()
    except Error as fault:
        raise Unexpected(f"{PROGRAM} in {path}: {fault.message[-1500:]}") from fault


def _launched(started: Playwright, path: str) -> Browser:
    from playwright.sync_api import Error

    try:
        return started.chromium.launch(executable_path=path, timeout=_PATIENCE)
    except Error as fault:
        raise NotStarted(fault.message.splitlines()[0][:300]) from fault


def _prepare(page: Page, task: Task) -> None:
    """The policy, its parties compared, and the key."""
    page.set_input_files(_part("policy-file"), task.policy)
    page.check(_part("accept-demonstration"))
    for uscc in task.parties:
        page.check(f'{_part("party-rows")} input[value="{uscc}"]')
    _press(page, "check-policy", "policy-error")
    page.set_input_files(_part("key-file"), task.key)
    page.fill(_part("pin"), task.pin)
    _press(page, "open-key", "signer-error")


def _fill(page: Page, task: Task) -> None:
    """Files, sheet, passphrase; sealed, and both files saved."""
    for envelope, files in task.envelopes.items():
        page.locator(f'[data-envelope="{envelope}"] input').first.set_input_files(list(files))
    fen = int(task.sheet["price_fen"])
    for name, value in (
        ("price", f"{fen // 100}.{fen % 100:02d}"),
        ("period", str(task.sheet["period_days"])),
        ("quality", task.sheet["quality"]),
        ("manager", task.sheet["project_manager"]),
        ("security", task.sheet["bid_security"]),
        ("passphrase", task.passphrase),
        ("again", task.passphrase),
    ):
        page.fill(_part(name), value)
    for file in task.envelopes.get("price", ()):
        if hashlib.sha256(file.read_bytes()).hexdigest() == task.sheet.get("bill_sha256"):
            page.select_option(_part("bill"), file.name)
    # What a bidder leaves out and means to, it says so.
    for left_out, meant in (("bid_security", "unsecured-meant"), ("bill_sha256", "unbilled-meant")):
        if not task.sheet.get(left_out) and page.locator(_part(meant)).is_visible():
            page.check(_part(meant))
    _press(page, "seal", "seal-error")
    for button, target in (("save-bid", task.bid), ("save-recovery", task.recovery)):
        with page.expect_download() as saved:
            page.click(_part(button))
        saved.value.save_as(target)


def _part(name: str) -> str:
    return f'[data-part="{name}"]'


def _press(page: Page, button: str, errors: str) -> None:
    """Press, and wait until the button rests; raises Unexpected with what the page refuses."""
    page.click(_part(button))
    page.wait_for_selector(f"{_part(button)}:not([aria-busy])", state="attached")
    if refused := page.locator(f"{_part(errors)} li[data-code]").all_inner_texts():
        raise Unexpected(f"{PROGRAM} {button}: {refused}")
