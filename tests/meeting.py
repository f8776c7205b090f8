"""Acts at once, each with what it saw in hand before any of them has done anything.

On SQLite no such race can fail: write transactions begin IMMEDIATE, one waits for the other's whole
act before it looks. What keeps two acts apart there is seen with PostgreSQL only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connections

from kernel.errors import Refused

_WAIT = 3  # seconds; where one waits for the other's lock, the other goes on alone


def met_behind(
    monkeypatch: pytest.MonkeyPatch, look: tuple[Any, str], *works: Callable[[], Any]
) -> list[Any]:
    """Run all in threads that meet behind a look; what each gave, or the codes of its refusal.

    look: owner and name of the function that reads what excludes; the first time that a thread has
    read it, it waits for the others. Whatever else than a refusal is raised, is raised here.
    """
    met, seen = threading.Barrier(len(works)), threading.local()
    looked = getattr(*look)

    def waits(*asked: Any) -> Any:
        read = looked(*asked)
        if not hasattr(seen, "once"):
            seen.once = True
            with suppress(threading.BrokenBarrierError):
                met.wait(_WAIT)
        return read

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Refused as refused:
            return {reason.code for reason in refused.refusals}
        finally:
            connections.close_all()

    with monkeypatch.context() as patched, ThreadPoolExecutor(len(works)) as pool:
        patched.setattr(*look, waits)
        return list(pool.map(run, works))
