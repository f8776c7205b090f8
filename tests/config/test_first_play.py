"""The play of a first start: begun once, told while it runs, remembered however it ended."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import resolve

from config import first_play, preflight
from config.first_play import FirstPlay
from procurement.demonstration import telling
from tests.config.test_processes import ROOT, alive, eventually

URL = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _wanted(monkeypatch):
    monkeypatch.delenv("ZHUXIN_PLAY", raising=False)


@pytest.fixture
def first(tmp_path):
    """A folder whose province has just been made."""
    (tmp_path / first_play.DUE).touch()
    return FirstPlay(tmp_path, URL)


def ended(play: FirstPlay, status: int) -> str:
    assert play.child is not None
    play.child.status = status
    return play.news()


def test_a_first_start_plays_against_its_own_address(first, tmp_path):
    child = first.begin()
    assert list(child.argv)[1:] == ["manage.py", "demo", "--here", URL]
    assert child.once
    assert "正在演示" in first.standing()
    assert first.news() == ""
    assert not (tmp_path / first_play.DUE).exists()


def test_a_later_start_does_not_play_again(first, tmp_path):
    first.begin()
    ended(first, 0)
    again = FirstPlay(tmp_path, URL)
    assert again.begin() is None
    assert "正在招标" in again.standing()


def test_a_sandbox_in_use_is_not_played_in(tmp_path):
    play = FirstPlay(tmp_path, URL)
    assert play.begin() is None
    assert play.standing() == ""


def test_a_play_that_is_not_wanted_is_not_made_up_for_later(first, tmp_path, monkeypatch):
    monkeypatch.setenv("ZHUXIN_PLAY", "0")
    assert first.begin() is None
    monkeypatch.delenv("ZHUXIN_PLAY")
    assert FirstPlay(tmp_path, URL).begin() is None


def test_a_play_that_was_cut_off_is_told_and_not_repeated(first, tmp_path):
    first.begin()
    again = FirstPlay(tmp_path, URL)
    assert again.begin() is None
    assert "cut off" in again.standing()


def test_a_play_that_failed_is_told_once_and_leaves_no_mark_of_success(first, tmp_path):
    first.begin()
    assert "did not reach its end" in ended(first, 1)
    assert first.news() == ""
    assert not (tmp_path / first_play.DONE).exists()


def test_the_open_lot_is_heard_from_what_the_play_prints(first):
    out = io.StringIO()
    told = telling.Told(out, as_json=False)
    told.stages.append({"stage": "end", "seconds": 0, "acts": 0})
    store = {"open_lot_number": "2301022609010001-01"}
    told.ended(SimpleNamespace(steps=[], store=store), {"documents": [], "dossier": "d"})
    first.begin()
    heard: list[str] = []
    say = first.overheard(lambda _name, line: heard.append(line))
    for line in out.getvalue().splitlines():
        say("play", line)
    assert heard == out.getvalue().splitlines()
    assert "/notices/2301022609010001-01/" in ended(first, 0)


def test_what_others_print_names_no_lot(first):
    first.begin()
    first.overheard(lambda _name, _line: None)("web", f"{first_play.OPEN_MARK}nothing")
    assert "nothing" not in ended(first, 0)


def test_the_addresses_that_it_names_are_there(first):
    first.begin()
    first.overheard(lambda _name, _line: None)("play", f"{first_play.OPEN_MARK}2301-01")
    words = ended(first, 0).split()
    paths = [word.removeprefix(URL) for word in words if word.startswith(URL)]
    names = [resolve(path).view_name for path in paths]
    assert names == [
        "procurement:notice", "procurement:bids-lot", "web:desk", "web:sandbox-clock"
    ]  # fmt: skip


@pytest.mark.parametrize("is_new", [True, False])
def test_the_play_is_due_only_where_the_province_was_made_now(
    tmp_path, settings, monkeypatch, is_new
):
    settings.VAR_DIR = tmp_path
    accounts = tmp_path / "demo-accounts.txt"
    monkeypatch.setattr(preflight, "call_if_present", lambda _command: accounts.touch())
    if not is_new:
        accounts.touch()
    preflight.make_province()
    assert (tmp_path / first_play.DUE).exists() is is_new


# A tree of one server and one program that runs once, as serve puts them together.
PARENT = """
import sys
from pathlib import Path
from config import serve
from config.first_play import FirstPlay
from config.processes import Child, Tree
play = FirstPlay(Path(sys.argv[1]), "http://127.0.0.1:8000")
server = "import time; print('up', flush=True); time.sleep(600)"
tree = Tree([Child("web", [sys.executable, "-c", server])], play.overheard(serve.say))
child = play.begin()
child.argv = [sys.executable, "-c", sys.argv[2]]
tree.add(child)
serve.go_on(tree, play)
tree.stop(5.0)
print("stopped", child.starts, child.status, flush=True)
"""
PLAYS = "import os, time; print('pid', os.getpid(), flush=True); time.sleep({seconds})"


@pytest.fixture
def run(tmp_path):
    """Starts a tree whose play runs a program; the log, and the process."""
    (tmp_path / first_play.DUE).touch()
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str) -> tuple[Path, subprocess.Popen[bytes]]:
        log = tmp_path / "log"
        with log.open("wb") as file:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-c", PARENT, str(tmp_path), program],
                    cwd=ROOT,
                    stdout=file,
                    stderr=file,
                    env=os.environ | {"ZHUXIN_PLAY": "1"},
                )
            )
        return log, started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_asked_to_stop_during_the_play_everything_ends(run, tmp_path):
    log, process = run(PLAYS.format(seconds=600))
    assert eventually(lambda: "pid" in log.read_text()), log.read_text()
    pid = int(log.read_text().partition("pid")[2].split()[0])
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert "stopped 1 None" in log.read_text()
    assert eventually(lambda: not alive(pid))
    assert (tmp_path / first_play.BEGUN).exists()
    assert not (tmp_path / first_play.DONE).exists()


def test_a_play_that_has_ended_is_not_started_again_and_the_server_goes_on(run, tmp_path):
    log, process = run("print('开放投标 open for bids: 2301-01')")
    assert eventually(lambda: "take over" in log.read_text()), log.read_text()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert "stopped 1 0" in log.read_text()
    assert (tmp_path / first_play.DONE).read_text() == "2301-01\n"
