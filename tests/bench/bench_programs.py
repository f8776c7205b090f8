"""The sealing program in Chromium, served and from disk: rate over the plaintext, and memory.

Half a gigabyte as bidders have it: drawings and scans of some ten megabytes, and one large file.
Memory is what all of the browser's processes hold beyond what they held with the policy checked
(proportional set size), and does not grow with the bid. Served, the ciphertext waits in the
browser's own files. From disk it goes into the file that the reader chooses; no program can work
that dialog, so a stand-in gives the served page a file handle of the browser's and hides its own
files. Rates per processor second are told for machines that do other things meanwhile.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.bench import primitives

Figure = tuple[str, float, str, str]
FILES = {"qualification": [48, 48], "technical": [48, 48, 48, 48, 128], "price": [48, 48]}
MIB = 1024 * 1024
PIN = "123456"


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock and of the browser's processors; megabytes held at most.

    floor: seconds that the browser's own SHA-256 and cipher need for the same bytes, one by one.
    """

    seconds: float
    cpu: float
    most: float
    floor: float


# Both sums of a sealed bid, over the plaintext and over the ciphertext, and its encryption, by what
# the browser has itself; where it has no ChaCha20-Poly1305, the sums alone.
PRIMITIVES = """async (mebibytes) => {
  const block = crypto.getRandomValues(new Uint8Array(65536));
  const whole = new Uint8Array(2 ** 20);
  const name = "ChaCha20-Poly1305";
  const key = await crypto.subtle
    .importKey("raw-secret", block.slice(0, 32), { name }, false, ["encrypt"]).catch(() => null);
  const begun = performance.now();
  for (let i = 0; i < mebibytes; i++) {
    await crypto.subtle.digest("SHA-256", whole);
    await crypto.subtle.digest("SHA-256", whole);
    for (let chunk = 0; key && chunk < 16; chunk++) {
      await crypto.subtle.encrypt({ name, iv: new Uint8Array(12) }, key, block);
    }
  }
  return (performance.now() - begun) / 1000;
}"""


def run() -> list[Figure]:
    """Rate and memory of sealing half a gigabyte, in both places that hold so much."""
    from tests.e2e.browsing import CHROMIUM
    from tests.procurement.bidder.web.driving import PROGRAMS
    from tests.procurement.bidder.web.test_seal_places import FROM_DISK, PICKER

    if not CHROMIUM:
        return []
    size = sum(sum(sizes) for sizes in FILES.values()) * MIB / 1e6
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        files = _files(Path(name))
        primitives.touch(Path(name), 3 * int(size * 1e6))
        with _served(PROGRAMS) as base:
            for place, address, script, bar in (
                ("served", f"{base}/seal.html", "", "< 150"),
                ("into a chosen file", f"{base}/seal.html", FROM_DISK + PICKER, "< 150"),
            ):
                seen = _seal(Path(name) / place, files, address, script)
                found += [
                    (f"seal 512 MiB in Chromium, {place}", size / seen.seconds, "MB/s", ">= 50"),
                    (f"seal {place}: per processor", size / seen.cpu, "MB/CPU-s", ""),
                    (
                        f"seal {place}: to the browser's primitives",
                        seen.floor / seen.seconds * 100,
                        "%",
                        "",
                    ),
                    (f"seal {place}: memory beyond the idle page", seen.most, "MB", bar),
                ]
    return found


def _files(folder: Path) -> dict[str, list[Path]]:
    made: dict[str, list[Path]] = {}
    for envelope, sizes in FILES.items():
        for number, size in enumerate(sizes):
            path = folder / f"{envelope}-{number}.bin"
            _write(path, size)
            made.setdefault(envelope, []).append(path)
    return made


def _seal(profile: Path, files: dict[str, list[Path]], address: str, script: str) -> Measured:
    from playwright.sync_api import sync_playwright

    from tests.e2e.browsing import CHROMIUM
    from tests.kernel.sealing.bids.support import BIDDERS, Stage
    from tests.procurement.bidder.web.conftest import keyfile, policy_answer
    from tests.procurement.bidder.web.driving import Bidder

    stage = Stage()
    # Larger than the lot of the tests allows.
    policy = replace(stage.policy, maximum_size=2**31)
    with sync_playwright() as started:
        # A profile of its own: in a private window the browser's files are memory.
        context = started.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        context.add_init_script(script)
        page = Bidder(context, address)
        page.page.set_default_timeout(600_000)
        page.load_policy(policy_answer(stage, policy))
        page.open_key(keyfile(stage, BIDDERS[0], PIN), PIN)
        for envelope, paths in files.items():
            page.put(envelope, *paths)
        page.fill_sheet()
        before, cpu = _memory(), _cpu()
        with _watched() as seen:
            began = time.perf_counter()
            page.seal()
            took = time.perf_counter() - began
        cpu = _cpu() - cpu
        if page.codes("seal-error"):
            raise RuntimeError(page.codes("seal-error"))
        page.part("result").wait_for()
        mebibytes = sum(sum(sizes) for sizes in FILES.values())
        floor = page.page.evaluate(PRIMITIVES, mebibytes // 8) * 8
        page.close()
    return Measured(took, cpu, max(seen) - before, floor)


def _write(path: Path, mib: int) -> None:
    block = os.urandom(MIB)
    with path.open("wb") as file:
        for _ in range(mib):
            file.write(block)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: Any) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _watched() -> Iterator[list[float]]:
    """What the browser holds, asked again and again while the block lasts."""
    seen, over = [_memory()], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            seen.append(_memory())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _memory() -> float:
    """Megabytes that this process's Chromium holds, shared pages counted once."""
    lines = (line for text in _chromium("smaps_rollup") for line in text.splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def _cpu() -> float:
    """Processor seconds that it has used."""
    fields = (text.rpartition(")")[2].split() for text in _chromium("stat"))
    return sum(int(row[11]) + int(row[12]) for row in fields) / os.sysconf("SC_CLK_TCK")


def _chromium(file: str) -> Iterator[str]:
    for pid in _below(os.getpid()):
        try:
            if "chrom" in Path(f"/proc/{pid}/comm").read_text():
                yield Path(f"/proc/{pid}/{file}").read_text()
        except OSError:
            continue  # it ended meanwhile


def _below(pid: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    waiting = [pid]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += children.get(here, [])
