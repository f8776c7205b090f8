"""The tool as people start it: its own process, no Django, lean, and every refusal has words."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import procurement.bidder.main
from kernel.sealing.words import Text
from procurement.bidder.messages import WORDINGS
from tests.kernel.sealing.bids.support import BIDDERS

ROOM = Path(procurement.bidder.main.__file__).parent
ROOT = ROOM.parents[1]
CODE = re.compile(r'"(bidder\.[a-z0-9_]+\.[a-z0-9_]+)"')

# Django made impossible to import: the tool must not even try.
WITHOUT_DJANGO = (
    "import runpy, sys; sys.modules['django'] = None; sys.argv = ['bidder', *sys.argv[1:]];"
    "runpy.run_module('procurement.bidder', run_name='__main__', alter_sys=True)"
)


def start(*words, language="zh_CN"):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LANGUAGE": language}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, *words], env=environment, capture_output=True,
        text=True, check=False, encoding="utf-8",
    )  # fmt: skip


def test_a_bid_is_sealed_submitted_and_withdrawn_without_django(world):
    world.policy()
    desk = world.desks[BIDDERS[0]]
    for words, status in (
        (desk.sealing("bid.zxb"), 0),
        (desk.submitting("bid.zxb"), 0),
        (desk.verifying("bid.zxb"), 3),  # nobody stamped it
        (desk.withdrawing("bid.zxb"), 0),
    ):
        done = start(*words, "--json")
        assert done.returncode == status, done.stderr
        assert json.loads(done.stdout)
    again = start(*desk.withdrawing("bid.zxb"))
    assert again.returncode == 1
    assert "[sealing.receipt.other]" in again.stderr
    assert "Traceback" not in again.stderr


def test_a_trustees_steps_run_without_django(world):
    desk = world.desks["12230000PDY000022B"]
    done = start(*desk.trustee("key", "rehearse"))
    assert done.returncode == 0, done.stderr
    refused = start(*desk.trustee("key"))
    assert refused.returncode == 1
    assert "开启密钥已经生成" in refused.stderr


@pytest.mark.parametrize("command", ["seal", "submit", "withdraw", "receipt", "recover", "trustee"])
def test_every_command_explains_itself(command):
    done = start(command, "--help")
    assert done.returncode == 0
    assert "--json" in done.stdout
    assert start(command).returncode == 2


def test_a_command_loads_only_what_it_needs(world, monkeypatch):
    """The demonstration starts some sixty; how long one takes, `./dev bench sealing` says."""
    world.policy()
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    done = start(*world.desks[BIDDERS[0]].sealing("bid.zxb"))
    assert done.returncode == 0, done.stderr
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert {"cryptography", "kernel", "procurement"} <= loaded
    assert loaded.isdisjoint(
        {"django", "pandas", "numpy", "lxml", "celery", "weasyprint", "pydantic"}
    )


def codes_in(paths):
    return {code for path in paths for code in CODE.findall(path.read_text("utf-8"))}


def test_codes_and_words_are_the_same_set():
    raised = codes_in(path for path in ROOM.glob("*.py") if path.name != "messages.py")
    # The pages take their words of the program's codes from here, and have codes of their own.
    of_pages = codes_in((ROOM / "web" / "src").rglob("*.js"))
    assert raised <= set(WORDINGS) <= raised | of_pages
    assert all(isinstance(wording.message, Text) for wording in WORDINGS.values())


def test_no_module_of_the_room_names_django():
    for path in ROOM.glob("*.py"):
        assert not re.search(r"^\s*(from|import) django", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("by", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_sealing_that_is_broken_off_leaves_nothing_behind(world, by):
    """A closed window, a shutdown, Ctrl-C: no ciphertexts, no half a bid, no process."""
    world.policy()
    desk = world.desks[BIDDERS[0]]
    words = desk.sealing("bid.zxb")
    with Path(desk.path("files/technical/大.bin")).open("wb") as file:
        file.truncate(300 * 1024**2)
    folder = Path(desk.path("bid.zxb")).parent
    before = {path.name for path in folder.iterdir()}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-m", "procurement.bidder", *words], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not list(folder.glob("zxb-*/technical")) and time.monotonic() < until:
            time.sleep(0.05)
        assert list(folder.glob("zxb-*/technical"))
        running.send_signal(getattr(signal, by))
        assert running.wait(60) not in (0, None)
    finally:
        running.kill()
        running.wait()
    assert {path.name for path in folder.iterdir()} == before
