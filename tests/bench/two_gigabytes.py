"""One bid of 2 GB from first to last, by the tools that bidders and trustees have.

    python -m tests.bench.two_gigabytes [FOLDER]

A server of its own in an empty folder (14 GB free), the play up to an opening policy of 2 GiB, then
each step timed, with the most memory that any process of it took: sealed, sent, killed on the way
and sent on, receipt checked, closed, opened by two of three trustees. For docs/figures.md.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

SIZE = 2_000_000_000
CHUNK = 2**20
LARGE, SMALL = "bidder1", ("bidder2", "bidder4")


def main(folder: str | None) -> int:
    """Start the server and play against it in a process that belongs to it."""
    from procurement.demonstration import own_server

    home = Path(folder or tempfile.mkdtemp(prefix="zhuxin-two-gigabytes-"))
    home.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(home).free < 14e9:
        print(f"less than 14 GB are free: {home}", file=sys.stderr)
        return 2
    try:
        with own_server.serving(home) as (url, environment):
            return subprocess.run(
                [sys.executable, "-m", "tests.bench.two_gigabytes", "--at", url, str(home)],
                env=environment, check=False,
            ).returncode  # fmt: skip
    finally:
        shutil.rmtree(home, ignore_errors=True)


class Peaks(threading.Thread):
    """The most memory that each kind of process took, by the system's own high-water mark."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.found: dict[str, int] = {}
        self.start()

    def run(self) -> None:
        while True:
            for folder in Path("/proc").glob("[0-9]*"):
                if kind := _kind(folder):
                    self.found[kind] = max(self.found.get(kind, 0), _most(folder))
            time.sleep(0.1)

    def taken(self) -> dict[str, int]:
        found, self.found = self.found, {}
        return dict(sorted(found.items()))


_KINDS = {
    "kernel.sealing.bids.decrypter": "decrypter", "procurement.bidder": "tool",
    "granian": "web", "celery": "worker", "config.serve": "server",
}  # fmt: skip


def _kind(folder: Path) -> str:
    try:
        said = (folder / "cmdline").read_bytes().decode(errors="replace")
        home = (folder / "environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
    if f"ZHUXIN_VAR={os.environ['ZHUXIN_VAR']}\0" not in home:
        return ""
    return next((name for word, name in _KINDS.items() if word in said), "")


def _most(folder: Path) -> int:
    try:
        for line in (folder / "status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1000
    except (OSError, ValueError):
        pass
    return 0


peaks: Peaks


@contextmanager
def step(name: str) -> Iterator[None]:
    """Tell how long a step took, and what memory."""
    peaks.taken()
    began = time.perf_counter()
    yield
    spent = time.perf_counter() - began
    told = ", ".join(f"{kind} {most} MB" for kind, most in peaks.taken().items())
    print(f"{name}: {spent:.1f} s; {told}", flush=True)


def play(url: str) -> None:
    """Up to the opening record."""
    from kernel.workflow import sandbox
    from procurement.bids import opening, selectors
    from procurement.demonstration import telling
    from procurement.demonstration.play import Play
    from procurement.demonstration.stages import bids

    p = Play(telling.people(), telling.pin(), url)
    number = _lot(p)
    for who in SMALL:
        bids._bid(p, who, number, "bid")
    at = bids.desk(p, LARGE)
    at.prepare()
    content = Path(at.path(f"{number}/technical/model.bin"))
    digest = _fill(content)
    with step("seal"):
        bids.seal(p, LARGE, number, "bid")
    size = Path(at.path("bid.zxb")).stat().st_size
    print(f"the file: {size} bytes")
    words = ["submit", at.path("bid.zxb"), *at.lot(number), *at.trust([])]
    with step("submit, killed at half"):
        at_offset = _killed_at_half(words, Path(at.path("bid.zxb.upload.json")), size)
    print(f"killed at byte {at_offset}")
    with step("submit again, from there to the receipt"):
        told = _tool(*words)
    print(f"receipt: {told['manifest_sha256']}")
    with step("receipt verify"):
        _tool("receipt", "verify", at.path("bid.zxb"), *at.lot(number), *at.trust([]))
    p.settle()
    deadline = _deadline(p, number)
    with step("deadline to the list, with the second keeper's copy"):
        sandbox.move_to(deadline, actor=p.actors["operator"])
        _wait(lambda: _listed(number))
    bids._trustees(p, number, "check")
    bids.trustee(p, bids.OWNER, number, "reveal", share=False)
    bids._trustees(p, number, "reveal")
    bids._trustees(p, number, "mark")
    with step("two trustees release; to the record"):
        bids._trustees(p, number, "release", who=bids.TRUSTEES[1:])
        _wait(lambda: opening.of_lot(number).state == "opened")
    p.expect(opening.of_lot(number).state == "opened", "not opened")
    p.expect(len(selectors.opened_bids(number)) == 3, "a bid was not opened")
    keeps = [
        word
        for who in bids.TRUSTEES[:2]
        for word in ("--keep", bids.desk(p, who).path("keep"), *bids.desk(p, who).passphrase())
    ]
    sealed = Path(at.path("sealed"))
    sealed.mkdir()
    for who in (LARGE, *SMALL):
        os.link(bids.desk(p, who).path("bid.zxb"), sealed / f"{who}.zxb")
    with step("the same without the platform, at one table"):
        _tool(
            "trustee", "open", "--lot", number, "--bids", str(sealed), *keeps, *at.trust([]),
            "-o", at.path("opened"),
        )  # fmt: skip
    with step("recover, by the bidder itself"):
        _tool(
            "recover", at.path("bid.zxb"), "--recovery", at.path("bid.recovery"),
            *at.passphrase(), "-o", at.path("recovered"),
        )  # fmt: skip
    print(f"opened, byte for byte: {_is_there(number, p.actors[LARGE].uscc, digest)}")


def _lot(p: Any) -> str:
    from procurement.bids.machines import POLICY
    from procurement.demonstration.stages import (
        bids,
        bills,
        credit,
        drawings,
        registration,
        tendering,
    )

    credit.archive(p)
    registration.play(p, project_code="2508-230102-04-01-800001")
    bills.play(p)
    drawings.play(p)
    tendering.prepare(p)
    number, opened = str(p.store["lot_number"]), p.open

    def larger(machine: str, who: str, payload: Any) -> int:
        if machine == POLICY.code:
            payload = payload | {"maximum_size": 2**31}
        return int(opened(machine, who, payload))

    p.open = larger
    bids.policy(p, number)
    bids.policy(p, p.store["lot2_number"])
    p.open = opened
    tendering.publish(p)
    return number


def _deadline(p: Any, number: str) -> Any:
    from procurement.bids import readings

    found = readings.in_force(number)
    assert found is not None
    return found.policy.deadline + timedelta(seconds=1)


def _fill(path: Path) -> str:
    """Bytes of nobody's, and their hash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, noise = hashlib.sha256(), os.urandom(CHUNK - 8)
    with path.open("wb") as file:
        for index in range(0, SIZE, CHUNK):
            data = (index.to_bytes(8, "big") + noise)[: SIZE - index]
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


def _command(words: tuple[str, ...] | list[str]) -> list[str]:
    return [sys.executable, "-m", "procurement.bidder", *words, "--json"]


def _tool(*words: str) -> dict[str, Any]:
    import json

    done = subprocess.run(_command(words), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stdout + done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _killed_at_half(words: list[str], state: Path, size: int) -> int:
    import json

    tool = subprocess.Popen(_command(words), stdout=subprocess.DEVNULL)
    offset = 0
    while offset < size // 2:
        if tool.poll() is not None:
            raise RuntimeError("the tool ended before half")
        time.sleep(0.1)
        try:
            said = json.loads(state.read_text())
            offset = json.loads(said["acknowledgement"])["offset"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
    tool.send_signal(signal.SIGKILL)
    tool.wait()
    return offset


def _listed(number: str) -> bool:
    """Whether the list is made and every listed bid copied; the worker does both."""
    from procurement.bids.models import BidVersion, Opening

    if not Opening.objects.filter(lot_number=number).exists():
        return False
    rows = BidVersion.objects.filter(bid__lot_number=number)
    return not rows.exclude(vault="").filter(keeper="").exists()


def _wait(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 1800
    while not done():
        if time.monotonic() > until:
            raise RuntimeError("half an hour")
        time.sleep(0.2)


def _is_there(number: str, uscc: str, digest: str) -> bool:
    """Whether the file of the large bid is in what the opening left."""
    from procurement.bids.models import OpenedEnvelope

    row = OpenedEnvelope.objects.get(
        version__bid__lot_number=number, version__bid__bidder_uscc=uscc, name="technical"
    )
    return row.state == "opened" and digest in {each["sha256"] for each in row.files}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--at"]:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        peaks = Peaks()
        play(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
