"""Servers to be killed two hundred times: Django is loaded once, each server is a fork of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
# Reads one line for each server: "receive", or "open" with what the trustees say. Never touches the
# database itself, for a connection must not be shared over a fork.
_MOTHER = """
import json, os, signal, sys, traceback
from datetime import datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from procurement.bids import closing, lots, needs, upload_parts
from tests.attacks import forking
from tests.procurement.bids.support import FakeLot

facts = json.loads(sys.argv[1])
facts["deadline"] = datetime.fromisoformat(facts["deadline"])
lot = FakeLot(**facts)
lots.use(lot.find)
lots.least_bids = lambda at, lot: 3
needs._barred = lambda uscc, lot, at: ()
needs._credit = lambda uscc, lot, at: None
closing.machine = lambda code: None
closing.ALONE = closing.GRACE = 0.2
# Parts of an upload are small here, and whoever died is soon no longer waited for.
upload_parts.CHUNK, upload_parts.STEP = 1024, 4096
upload_parts.LEASE = timedelta(seconds=0.3)

class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass

def receive():
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    print(json.dumps([os.getpid(), "born", server.server_port]), flush=True)
    server.serve_forever()

def go_on(told):
    print(json.dumps([os.getpid(), "born", 0]), flush=True)
    lot.state = "closing"
    forking.open_on(told)
    print(json.dumps([os.getpid(), "done", 0]), flush=True)

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    told = json.loads(line)
    if os.fork() == 0:
        try:
            receive() if told["what"] == "receive" else go_on(told)
        except BaseException:
            traceback.print_exc()
            print(json.dumps([os.getpid(), "failed", 0]), flush=True)
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


class Mother:
    """The process that is forked from."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def child(self, what: str, **told: Any) -> tuple[int, int]:
        """A new child: its process id, and the port where it serves, if it does."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"what": what, **told}) + "\n")
        self._process.stdin.flush()
        pid, port, _word = self._next("born")
        return pid, port

    def finished(self, pid: int) -> None:
        """Wait for a child's end; RuntimeError where it failed."""
        while (told := self._next("done", "failed"))[0] != pid:
            continue
        if told[2] == "failed":
            raise RuntimeError("a step of the opening failed")

    def _next(self, *words: str) -> tuple[int, int, str]:
        """The next that a child says in these words; what others said before is passed over."""
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            pid, word, port = json.loads(line)
            if word in words:
                return pid, port, word
        raise RuntimeError("the mother process is gone")


def kill(pid: int) -> bool:
    """SIGKILL; whether it was still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    with suppress(ProcessLookupError, TimeoutError):
        while True:
            os.kill(pid, 0)
    return True


def address() -> str:
    """The tests' database as an address."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@contextmanager
def mother(lot: Any, folder: Path) -> Iterator[Mother]:
    """A process with everything loaded, for a lot as the test has it."""
    facts = {**vars(lot.lot), "deadline": lot.lot.deadline.isoformat()}
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ZHUXIN_DATABASE_URL": address(),
        "ZHUXIN_VAR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _MOTHER, json.dumps(facts)],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Mother(process)
    finally:
        process.kill()
        process.wait(20)
