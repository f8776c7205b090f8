"""Somebody at one of the two programs: opens the file in Chromium and works it by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import procurement.bidder

PROGRAMS = Path(procurement.bidder.__file__).parent / "programs"
# A test's files are small; under load a step may take its time all the same.
PATIENCE = 60_000


class Program:
    """A program in a page of its own, and everything that it complained of or asked for."""

    def __init__(self, browser: Any, name: str, address: str = "", **options: Any) -> None:
        page = options.pop("page", None)
        if hasattr(browser, "new_context"):
            options = {"locale": "zh-CN", "accept_downloads": True, **options}
            self.context = browser.new_context(**options)
        else:  # a context that is there already
            self.context = browser
        self.page = page or self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.address = address or (PROGRAMS / f"{name}.html").as_uri()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda line: self._note(line.type, line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("request", lambda request: self.requests.append(request.url))
        if page is None:
            self.page.goto(self.address)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def part(self, name: str) -> Any:
        return self.page.locator(f'[data-part="{name}"]')

    def choose(self, name: str, *files: Path | dict[str, Any] | str) -> None:
        """Choose files in a field."""
        self.part(name).set_input_files(list(files))

    def press(self, name: str) -> None:
        """Press a button and wait until it rests again."""
        self.part(name).click()
        self.page.wait_for_selector(f'[data-part="{name}"]:not([aria-busy])', state="attached")

    def codes(self, name: str) -> list[str]:
        """The codes of the refusals that are told there."""
        items = self.part(name).locator("li[data-code]")
        return [str(item.get_attribute("data-code")) for item in items.all()]

    def saved(self, name: str, folder: Path) -> Path:
        """What a button saves."""
        with self.page.expect_download() as download:
            self.part(name).click()
        target = folder / str(download.value.suggested_filename)
        download.value.save_as(target)
        return target

    def strangers(self) -> list[str]:
        """Requests for anything but the program itself and what it made in its own memory."""
        own = (self.address, "blob:", "data:")
        return [url for url in self.requests if not url.startswith(own)]

    def close(self) -> None:
        self.context.close()


def told(name: str, value: Any) -> dict[str, Any]:
    """JSON as a file to be chosen."""
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


class Bidder(Program):
    """A bidder at ``seal.html``."""

    def __init__(self, browser: Any, address: str = "", **options: Any) -> None:
        super().__init__(browser, "seal", address, **options)

    def load_policy(self, answer: Any, *, tick: Sequence[str] = (), roots: bytes = b"") -> None:
        """Choose the policy, accept the demonstration, tick organisations (all for none named)."""
        self.choose("policy-file", told("lot.policy.json", answer))
        if roots:
            self.choose("roots-file", told("roots.pem", roots))
        self.accept_policy(tick)

    def accept_policy(self, tick: Sequence[str] = ()) -> None:
        """Accept the demonstration, tick organisations (all for none named), and check."""
        self.part("accept-demonstration").check()
        for box in self.part("party-rows").locator("input").all():
            if not tick or box.get_attribute("value") in tick:
                box.check()
        self.press("check-policy")

    def open_key(self, p12: bytes, pin: str) -> None:
        self.choose("key-file", told("key.p12", p12))
        self.part("pin").fill(pin)
        self.press("open-key")

    def put(self, envelope: str, *files: Path | dict[str, Any]) -> None:
        """Choose an envelope's files."""
        field = self.page.locator(f'[data-envelope="{envelope}"] input').first
        field.set_input_files(list(files))

    def fill_sheet(self, price: str = "1234567.89", bill: str = "") -> None:
        values = {"price": price, "period": "300", "quality": "合格", "manager": "王五",
                  "security": "BH-1"}  # fmt: skip
        for name, value in values.items():
            self.part(name).fill(value)
        if bill:
            self.part("bill").select_option(bill)

    def seal(self, passphrase: str = "恢复口令-12345") -> None:
        self.part("passphrase").fill(passphrase)
        self.part("again").fill(passphrase)
        self.press("seal")

    def seal_without_a_bill(self) -> None:
        """As :meth:`seal`, knowing that the lot asks for a priced bill."""
        self.part("unbilled-meant").check()
        self.seal()


class Trustee(Program):
    """A trustee at ``open.html``."""

    def __init__(self, browser: Any, address: str = "", **options: Any) -> None:
        super().__init__(browser, "open", address, **options)

    def begin(
        self, task: bytes, p12: bytes, pin: str, passphrase: str, keep: Path | None = None
    ) -> None:
        """Choose task, keep and key files, accept the demonstration, and open."""
        self.choose("task-file", told("task.json", task))
        self.part("keep-file").set_input_files([keep] if keep else [])
        self.choose("key-file", told("key.p12", p12))
        self.part("accept-demonstration").check()
        self.part("pin").fill(pin)
        self.part("passphrase").fill(passphrase)
        self.press("begin-work")

    def steps(self) -> list[str]:
        """What the page offers."""
        found = self.part("step-list").locator("button")
        return [str(b.get_attribute("data-part")).removeprefix("step-") for b in found.all()]

    def do(self, step: str) -> list[str]:
        """Do a step; the codes it is refused with."""
        if step == "signPolicy":
            for box in self.part("party-rows").locator("input").all():
                box.check()
        self.press(f"step-{step}")
        return self.codes(f"error-{step}")

    def hand_in(self, folder: Path) -> tuple[Path, bytes]:
        """Save keep file and answer: the path of the first, the bytes of the second."""
        keep = self.saved("save-keep", folder)
        return keep, self.saved("save-answer", folder).read_bytes()
