"""Child processes that end with their parent: own groups, prefixed output, restart."""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_STEADY_AFTER = 60.0


def tied_to(parent: int) -> Callable[[], None] | None:
    """What a new child does before its program starts, so that even a killed parent ends it.

    The kernel then sends it SIGTERM. Linux only; elsewhere an orderly stop still ends the children.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return tie


@dataclass
class Child:
    """One program of the tree, restarted when it ends by itself.

    name: the prefix of its lines. ready_mark: a text in its output that says it is ready. once: a
    program that is expected to end and is not started again; status is then how it ended.
    """

    name: str
    argv: Sequence[str]
    ready_mark: str = ""
    ready: bool = False
    once: bool = False
    status: int | None = None
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _started: float = 0.0
    _delay: float = field(default=_FIRST_DELAY)
    _due: float = 0.0
    _rest: bytes = b""

    def start(self) -> int:
        """Start the program; returns the descriptor that its output is read from."""
        self.process = subprocess.Popen(  # noqa: S603  (the arguments are our own)
            self.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=tied_to(os.getpid()),  # safe: this process has one thread
            bufsize=0,
        )
        self.starts += 1
        self._started = time.monotonic()
        self._rest = b""
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout.fileno()

    def lines(self) -> list[str] | None:
        """Whole lines that the program has written; None once it has closed its output."""
        assert self.process is not None
        assert self.process.stdout is not None
        try:
            data = os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return []
        if not data:
            return None
        *whole, self._rest = (self._rest + data).split(b"\n")
        texts = [line.decode(errors="replace").rstrip("\r") for line in whole]
        if self.ready_mark and any(self.ready_mark in text for text in texts):
            self.ready = True
        return texts

    def ended(self) -> int | None:
        """The exit status if the program has ended by itself, else None."""
        return self.process.poll() if self.process else None

    def signal(self, number: signal.Signals, whole_group: bool = False) -> None:
        """Signal the program, or its whole group; one that has gone is no error."""
        if self.process is None:
            return
        try:
            if whole_group:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)
        except ProcessLookupError:
            return

    def bury(self) -> float:
        """Clear away what a dead program left behind; returns the seconds until its restart."""
        # Its own children (Celery's beat, Granian's worker) outlive a kill -9 and would run twice.
        self.signal(signal.SIGKILL, whole_group=True)
        lived = time.monotonic() - self._started
        self._delay = _FIRST_DELAY if lived > _STEADY_AFTER else self._delay
        delay, self._delay = self._delay, min(self._delay * 2, _LONGEST_DELAY)
        self._due = time.monotonic() + delay
        assert self.process is not None
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None
        self.ready = False
        return delay

    def due(self) -> bool:
        """Is this a dead program whose time to be started (again) has come?"""
        if self.once and self.starts:
            return False
        return self.process is None and time.monotonic() >= self._due


class Tree:
    """A few children, watched from one thread until somebody asks to stop."""

    def __init__(self, children: Sequence[Child], say: Callable[[str, str], None]) -> None:
        self.children = list(children)
        self.stopping = False
        self._say = say
        self._selector = selectors.DefaultSelector()
        self._signals = 0
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        self._selector.register(reading, selectors.EVENT_READ)
        self._wake = reading
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    @property
    def asked(self) -> bool:
        """Did somebody ask for the end (Ctrl-C, SIGTERM, a closed terminal)?"""
        return self._signals > 0

    def add(self, child: Child) -> None:
        """Take in one more program; the next turn starts it."""
        self.children.append(child)

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        self._signals += 1
        self.stopping = True

    def turn(self, seconds: float) -> None:
        """Forward output for at most so long, then start whatever is missing and due."""
        if not self.stopping:
            for child in self.children:
                if child.due():
                    self._selector.register(child.start(), selectors.EVENT_READ, child)
        for key, _events in self._selector.select(seconds):
            if key.fd == self._wake:
                os.read(self._wake, 512)
            else:
                self._forward(key.data)
        if not self.stopping:
            self._notice_the_dead()

    def _forward(self, child: Child) -> None:
        lines = child.lines()
        if lines is None:
            assert child.process is not None
            assert child.process.stdout is not None
            self._selector.unregister(child.process.stdout)
            return
        for line in lines:
            self._say(child.name, line)

    def _notice_the_dead(self) -> None:
        for child in self.children:
            status = child.ended()
            if status is None:
                continue
            self._drain(child)
            delay = child.bury()
            if child.once:
                child.status = status
                continue
            self._say(child.name, f"意外退出 ended ({status})，{delay:g} s 后重启 restarting")

    def _drain(self, child: Child) -> None:
        assert child.process is not None
        assert child.process.stdout is not None
        for line in child.lines() or []:
            self._say(child.name, line)
        if child.process.stdout.fileno() in self._selector.get_map():
            self._selector.unregister(child.process.stdout)

    def stop(self, grace: float) -> None:
        """Ask all to end, wait so many seconds, then kill what is left with its group.

        A second Ctrl-C ends the wait.
        """
        self.stopping = True
        asked = self._signals
        for child in self.children:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + grace
        while any(child.process and child.ended() is None for child in self.children):
            if time.monotonic() > until or self._signals > max(asked, 1):
                break
            self.turn(0.1)
        for child in self.children:
            if child.process:
                self._drain(child)
                child.signal(signal.SIGKILL, whole_group=True)
                child.process.wait()
