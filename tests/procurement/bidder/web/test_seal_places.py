"""Where a large bid waits while it is sealed: the file that the reader chose, or some memory.

No test can work the system's own dialog. A stand-in of ``showSaveFilePicker`` answers for it, on a
served page, with a real file handle of the browser's (one of its private storage); the private
storage itself is hidden from the program, as it is from a page that was opened from disk. That
the real dialog does the same on ``file://`` was tried by hand in Chromium 156: a worker may write
by the handle that it gives, and what it wrote is read while the file is filled anew.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kernel.sealing.bids import container, receiving, recovery, unsealing
from tests.e2e.browsing import CHROMIUM, WHOLE, chromium
from tests.kernel.sealing.bids.support import BIDDERS, NOW
from tests.procurement.bidder.web.conftest import prepared
from tests.procurement.bidder.web.driving import PROGRAMS, told

playwright = pytest.importorskip("playwright.sync_api")
MIB = 1024 * 1024
PASSPHRASE = "恢复口令-12345"
FROM_DISK = """
const storage = StorageManager.prototype.getDirectory;
window.handles = () => storage.call(navigator.storage);
StorageManager.prototype.getDirectory = async () => {
  throw new DOMException("", "SecurityError");
};
"""
PICKER = """
window.showSaveFilePicker = async ({ suggestedName }) => {
  if (!navigator.userActivation.isActive) throw new DOMException("no click", "SecurityError");
  return (await window.handles()).getFileHandle(suggestedName, { create: true });
};
"""
# A signature of ECDSA is some bytes longer or shorter each time: that of the trial has an unusual
# size (the key was tried before), and no later one has it again: no place kept for it fits.
NEVER_AGAIN = """
const sign = SubtleCrypto.prototype.sign;
let made = 0;
SubtleCrypto.prototype.sign = async function (...asked) {
  for (;;) {
    const raw = await sign.apply(this, asked);
    const [r, s] = [0, 32].map((at) => new Uint8Array(raw)[at] > 127);
    if (raw.byteLength !== 64 || (made > 1 ? r && s : !r && !s)) {
      made += 1;
      return raw;
    }
  }
};
"""
# How often the page, not its worker, wrote a file: when it filled the chosen one anew.
COUNTED = """
window.filled = 0;
const writable = FileSystemFileHandle.prototype.createWritable;
FileSystemFileHandle.prototype.createWritable = function (...asked) {
  window.filled += 1;
  return writable.apply(this, asked);
};
"""
CANCELLED = """
window.showSaveFilePicker = async () => { throw new DOMException("", "AbortError"); };
"""
NONE = "delete window.showSaveFilePicker;"
SAVE = """async () => {
  const [name, handle] = await (await window.handles()).entries().next().then(({ value }) => value);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await handle.getFile());
  link.download = name;
  link.click();
}"""


@pytest.fixture(scope="module")
def browser():
    """The whole program, which asks where to write; one whose collector may be called."""
    if not CHROMIUM:
        pytest.skip("no Chromium: apt-get install chromium")
    with chromium("--js-flags=--expose-gc", path=WHOLE) as started:
        yield started


@pytest.fixture(scope="module")
def served():
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments):
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(PROGRAMS)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/seal.html"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def policy(stage):
    """A policy that allows bids larger than memory should hold."""
    return replace(stage.policy, maximum_size=2**31)


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "图纸.bin"
    path.write_bytes(os.urandom(MIB) * 70)
    return path


def arrived(browser, bidder, address, *scripts):
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    context.add_init_script("\n".join(scripts))
    page = bidder(address=address)
    page.close()
    page.__init__(context, address)
    return page


@pytest.mark.parametrize("signing", ["", NEVER_AGAIN], ids=["in one pass", "filled anew"])
def test_a_large_bid_from_disk_goes_into_the_file_that_was_chosen(
    browser, bidder, stage, policy, served, large, tmp_path, signing
):
    scripts = (FROM_DISK, PICKER, COUNTED, signing)
    page = prepared(arrived(browser, bidder, served, *scripts), stage, policy=policy)
    page.put("technical", large)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == []
    assert page.page.evaluate("filled") == bool(signing)
    assert not page.part("save-bid").is_visible()
    assert "已写入您选择的文件" in page.part("result").inner_text()
    with page.page.expect_download() as download:
        page.page.evaluate(SAVE)
    bid = tmp_path / "bid.zxb"
    download.value.save_as(bid)
    kept = page.saved("save-recovery", tmp_path)
    with bid.open("rb") as file:
        received = receiving.receive(file, policy, BIDDERS[0], stage.trust, NOW).received
        _name, identities = recovery.open_recovery(kept.read_bytes(), PASSPHRASE)
        window = container.Window(file, *container.locate(received, "technical"))
        unsealing.open_envelope(
            received.manifest, "technical", identities["technical"], window, tmp_path / "out"
        )
    assert (tmp_path / "out" / large.name).read_bytes() == large.read_bytes()
    assert page.complaints == []


def test_sealing_ends_however_often_the_collector_comes(
    browser, bidder, stage, policy, served, large
):
    """A reader of a file that nobody but its promise knows is collected, and never answers."""
    page = prepared(arrived(browser, bidder, served, FROM_DISK, PICKER), stage, policy=policy)
    page.put("technical", large)
    for name in ("passphrase", "again"):
        page.part(name).fill(PASSPHRASE)
    page.part("seal").click()
    page.part("working").wait_for()
    reached = 0
    for worker in page.page.workers:
        with suppress(playwright.Error):  # it has done its part and is gone
            worker.evaluate("() => { setInterval(gc, 5); }")
            reached += 1
    assert reached
    page.part("result").wait_for()
    assert page.codes("seal-error") == []


def test_nothing_is_sealed_where_no_file_is_chosen(browser, bidder, stage, policy, served, large):
    page = prepared(arrived(browser, bidder, served, FROM_DISK, CANCELLED), stage, policy=policy)
    page.put("technical", large)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.program.cancelled"]
    assert not page.part("result").is_visible()


def test_without_a_file_to_write_memory_is_used_and_said_so(
    browser, bidder, stage, policy, large, tmp_path
):
    disk = (PROGRAMS / "seal.html").as_uri()
    page = prepared(arrived(browser, bidder, disk, NONE), stage, policy=policy)
    page.put("technical", large)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == []
    assert "python zhuxin.pyz bidder seal" in page.part("in-memory").inner_text()
    bid = page.saved("save-bid", tmp_path)
    with bid.open("rb") as file:
        receiving.receive(file, policy, BIDDERS[0], stage.trust, NOW)


def test_what_memory_should_not_hold_is_refused_and_the_command_line_named(
    browser, bidder, stage, policy, tmp_path
):
    huge = tmp_path / "全部.bin"
    with huge.open("wb") as file:
        file.truncate(513 * MIB)
    disk = (PROGRAMS / "seal.html").as_uri()
    page = prepared(arrived(browser, bidder, disk, NONE), stage, policy=policy)
    page.put("technical", huge)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.program.room"]
    assert "python zhuxin.pyz bidder seal" in page.part("seal-error").inner_text()


# Says that there is room, whatever there is.
BOASTING = """
StorageManager.prototype.estimate = async () => ({ quota: 2 ** 40, usage: 0 });
"""
LITTLE = """
StorageManager.prototype.estimate = async () => ({ quota: 2 ** 20, usage: 0 });
"""


def test_what_the_browsers_own_storage_has_no_room_for_is_refused_before_it_is_sealed(
    browser, bidder, stage, policy, served
):
    page = prepared(arrived(browser, bidder, served, LITTLE), stage, policy=policy)
    page.put("technical", told("图纸.bin", os.urandom(2 * MIB)))
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.program.room"]
    assert "python zhuxin.pyz bidder seal" in page.part("seal-error").inner_text()


def test_a_place_that_fills_while_it_is_written_is_told_as_want_of_room(
    browser, bidder, stage, policy, served, large
):
    """The quota is the browser's own, and met in the middle of an envelope."""
    page = prepared(arrived(browser, bidder, served, BOASTING), stage, policy=policy)
    origin = served.rpartition("/")[0]
    session = page.context.new_cdp_session(page.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 8 * MIB})
    page.put("technical", large)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.program.room"], page.part("seal-error").inner_text()
    assert "python zhuxin.pyz bidder seal" in page.part("seal-error").inner_text()
    assert not page.part("result").is_visible()
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == []


def test_a_chosen_file_on_a_full_disk_is_told_as_want_of_room(
    browser, bidder, stage, policy, served, large
):
    page = prepared(arrived(browser, bidder, served, FROM_DISK, PICKER), stage, policy=policy)
    origin = served.rpartition("/")[0]
    session = page.context.new_cdp_session(page.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 8 * MIB})
    page.put("technical", large)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.program.room"]
