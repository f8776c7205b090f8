"""Acts at once, each with what it saw in hand before any of them has done anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from kernel.errors import Refused

_WAIT = 3  # seconds; where one waits for the other's lock, the other goes on alone


def at_once(
    monkeypatch: pytest.MonkeyPatch, look: tuple[Any, str], *works: Callable[[], Any]
) -> list[Any]:
    """Run all in threads that meet behind a look; what each gave, or the codes of its refusal.

    look: owner and name of the function that reads what excludes; the first time that a thread has
    read it, it waits for the others.
    """
    met, seen = threading.Barrier(len(works)), threading.local()
    looked, found = getattr(*look), [None] * len(works)

    def waits(*asked: Any) -> Any:
        read = looked(*asked)
        if not hasattr(seen, "once"):
            seen.once = True
            with suppress(threading.BrokenBarrierError):
                met.wait(_WAIT)
        return read

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            found[place] = work()
        except Refused as refused:
            found[place] = {reason.code for reason in refused.refusals}  # type: ignore[call-overload]
        finally:
            connection.close()

    monkeypatch.setattr(*look, waits)
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    monkeypatch.setattr(*look, looked)
    return found
