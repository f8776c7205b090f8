"""Many connections at the same instant, and a way to see whether two of them met."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from kernel.workflow import judge
from kernel.workflow.guarding import CaseQuerySet

_PATIENCE_SECONDS = 60


def begun_together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread and on a connection of its own, begun together.

    Returns what each returned or raised, in their order.
    """
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(_PATIENCE_SECONDS)
            return work()
        except Exception as error:  # the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


class Meeting:
    """Where two acts meet, if nothing keeps them apart: both have read, neither has written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float = 1.0) -> None:
        self.met = False
        self._barrier = threading.Barrier(2)
        load = judge.load_facts

        def meet(*args: Any) -> Any:
            facts = load(*args)
            try:
                self._barrier.wait(seconds)
                self.met = True
            except threading.BrokenBarrierError:
                pass  # the other is kept out, or was here before
            return facts

        monkeypatch.setattr(judge, "load_facts", meet)


def without_case_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what keeps two acts on one case apart: the row's lock, SQLite's BEGIN IMMEDIATE."""
    monkeypatch.setattr(CaseQuerySet, "select_for_update", lambda self: self.all())
    wrapper = type(connection._connections[connection._alias])  # type: ignore[attr-defined]
    if connection.vendor == "sqlite":
        monkeypatch.setattr(
            wrapper,
            "_start_transaction_under_autocommit",
            lambda self: self.cursor().execute("BEGIN"),
        )
