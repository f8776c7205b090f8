"""Servers to be killed two hundred times: Django is loaded once, each server is a fork of it.

A child dies at the event of its work that it is told (see :mod:`tests.attacks.progress`).
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = "/enough"
# Reads one line for each server: "warm" serves in the mother itself, so that its children have
# loaded what a request needs; "receive" serves, and the rest are steps of an opening. Between two
# of them it has no connection to the database: none must be shared over a fork.
_MOTHER = """
import json, os, signal, sys, traceback
from datetime import datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.db import connection, connections
from kernel.evidence import durable
from procurement.bids import closing, lots, needs, upload_parts
from tests.attacks import forking, progress
from tests.procurement.bids.support import FakeLot

lot = FakeLot()
lots.use(lot.find)
lots.least_bids = lambda at, lot: 3
needs._barred = lambda uscc, lot, at: ()
needs._credit = lambda uscc, lot, at: None
closing.machine = lambda code: None
closing.ALONE = closing.GRACE = 0.2
# Parts of an upload are small here, and whoever died is soon no longer waited for.
upload_parts.CHUNK, upload_parts.STEP = 1024, 4096
upload_parts.LEASE = timedelta(seconds=0.1)
done = progress.watch()

class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass

warm = []

def serve(environ, start):
    if environ["PATH_INFO"] == forking.ENOUGH:
        warm.append(True)
        start("204 No Content", [])
        return []
    return application(environ, start)

def receive():
    with make_server("127.0.0.1", 0, serve, handler_class=Quiet) as server:
        progress.tell("born", server.server_port)
        while not warm:
            server.handle_request()
            progress.tell("answered", done.count)

def step(told):
    if told["what"] == "receive":
        receive()
        return
    progress.tell("born", 0)
    forking.open_on(told)
    progress.tell("answered", done.count)

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    told = json.loads(line)
    lot.__dict__.update(told["lot"], deadline=datetime.fromisoformat(told["lot"]["deadline"]))
    if told["what"] == "warm":
        receive()
        warm.clear()
        connections.close_all()
    elif os.fork() == 0:
        try:
            assert not durable.faults(connection)
            done.begin(told["die_at"], told["seed"])
            step(told)
        except BaseException:
            traceback.print_exc()
            progress.tell("failed", 0)
        finally:
            os._exit(0)
"""


def open_on(told: dict[str, Any]) -> None:
    """Take the opening one step further, in the child; what was done before is no step."""
    from kernel import clock
    from procurement.bids import closing, decrypting, opening
    from procurement.bids.models import Opening
    from tests.procurement.bids.support import LOT

    if told["what"] == "close":
        closing.close(LOT)
        return
    if told["what"] == "say":
        from kernel.access.actors import Actor

        actor = Actor(**told["actor"])
        opening.act(
            LOT, told["act"], actor=actor, payload=told["payload"], key=told["key"],
            at=clock.now(),
        )  # fmt: skip
        return
    decrypting.open_lot(Opening.objects.get(lot_number=LOT).pk, clock.now())


class Fate(NamedTuple):
    """What became of a child. at: the number of the last event that it came to, and its kind."""

    killed: bool
    at: int
    kind: str


class Mother:
    """The process that is forked from."""

    def __init__(self, process: subprocess.Popen[str], lot: Any) -> None:
        self._process, self.lot = process, lot
        self._said: dict[int, deque[list[Any]]] = defaultdict(deque)

    def child(self, what: str, *, die_at: int = 0, seed: int = 0, **told: Any) -> tuple[int, int]:
        """A new child that dies at an event, if at all: its process id, and its port, if any."""
        connection.close()  # the one that dies shall have been the last of the database's users
        self._write(what, die_at=die_at, seed=seed, **told)
        pid, _word, port, _kind = self._any("born")
        return pid, port

    @contextmanager
    def warming(self) -> Iterator[int]:
        """The mother itself serves while the block lasts; the port."""
        connection.close()
        self._write("warm")
        port = self._any("born")[2]
        yield port
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", ENOUGH)
        line.getresponse().read()
        line.close()

    def fate(self, pid: int, answers: int = 1) -> Fate:
        """How a child ended, or how far it was with so many requests, or its step, answered."""
        fate = Fate(False, 0, "")
        for _answer in range(answers):
            _pid, word, at, kind = self._of(pid)
            if word == "failed":
                raise RuntimeError("a child failed")
            fate = Fate(word == "killed", at, kind)
            if fate.killed:
                kill(pid)
                break
        connection.close()
        return fate

    def _write(self, what: str, **told: Any) -> None:
        facts = {**vars(self.lot.lot), "deadline": self.lot.lot.deadline.isoformat()}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"what": what, "lot": facts, **told}) + "\n")
        self._process.stdin.flush()

    def _any(self, word: str) -> list[Any]:
        while (line := self._read())[1] != word:
            if line[1] == "failed":
                raise RuntimeError("a child failed")
            self._said[line[0]].append(line)
        return line

    def _of(self, pid: int) -> list[Any]:
        while not self._said[pid]:
            line = self._read()
            self._said[line[0]].append(line)
        return self._said[pid].popleft()

    def _read(self) -> list[Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the mother process is gone")
        return list(json.loads(line))


def kill(pid: int) -> None:
    """SIGKILL, and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        while True:
            os.kill(pid, 0)
            time.sleep(0.001)


def address() -> str:
    """The tests' database as an address."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@contextmanager
def mother(lot: Any, folder: Path) -> Iterator[Mother]:
    """A process with everything loaded, for a lot as the test has it when a child is born."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ZHUXIN_DATABASE_URL": address(),
        "ZHUXIN_VAR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _MOTHER],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Mother(process, lot)
    finally:
        process.kill()
        process.wait(20)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()
