"""The process tree, with real processes: killed it comes back, stopped it leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A parent that watches one child, which has a child of its own and tells both ids.
CHILD = """
import os, sys, time
grandchild = os.fork()
if grandchild:
    print("pids", os.getpid(), grandchild, flush=True)
    print("up ready.", flush=True)
while True:
    time.sleep(1)
"""
PARENT = """
import sys
from config.processes import Child, Tree
child = Child("one", [sys.executable, "-c", sys.argv[1]], ready_mark=" ready.")
tree = Tree([child], lambda name, line: print(name, line, flush=True))
while not tree.stopping:
    tree.turn(0.1)
tree.stop(2.0)
print("stopped", child.ready, flush=True)
"""


def alive(pid: int) -> bool:
    """Is there such a process that is not only waiting to be buried?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(true: Callable[[], bool], within: float = 20.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


class Running:
    """A parent in a process of its own and what it has printed."""

    def __init__(self, log: Path, program: str = CHILD) -> None:
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PARENT, program], cwd=ROOT, stdout=file, stderr=file
            )

    def families(self) -> list[tuple[int, int]]:
        """(child, grandchild) of every start so far."""
        rows = [line.split() for line in self.log.read_text().splitlines()]
        return [(int(row[2]), int(row[3])) for row in rows if row[:2] == ["one", "pids"]]

    def wait_for_start(self, number: int) -> tuple[int, int]:
        assert eventually(lambda: len(self.families()) >= number), self.log.read_text()
        return self.families()[number - 1]


@pytest.fixture
def running(tmp_path):
    if not sys.platform.startswith("linux"):
        pytest.skip("reads /proc")
    one = Running(tmp_path / "log")
    yield one
    for family in one.families():
        for pid in family:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
    one.process.kill()
    one.process.wait()


def test_a_killed_child_comes_back_and_its_own_children_do_not_linger(running):
    child, grandchild = running.wait_for_start(1)
    os.kill(child, signal.SIGKILL)
    again, _ = running.wait_for_start(2)
    assert again != child
    assert eventually(lambda: not alive(grandchild))
    assert running.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_ends_whole_with_status_zero(running, number):
    family = running.wait_for_start(1)
    running.process.send_signal(number)
    assert running.process.wait(20) == 0
    assert "stopped" in running.log.read_text()
    assert eventually(lambda: not any(map(alive, family)))


def test_the_death_of_the_parent_ends_the_child(running):
    child, _ = running.wait_for_start(1)
    running.process.kill()
    assert eventually(lambda: not alive(child))


def test_a_child_that_ignores_the_request_is_killed_after_the_grace(tmp_path):
    stubborn = "import signal,time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + CHILD
    one = Running(tmp_path / "log", stubborn)
    family = one.wait_for_start(1)
    one.process.terminate()
    assert one.process.wait(20) == 0
    assert eventually(lambda: not any(map(alive, family)))
