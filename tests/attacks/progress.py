"""Counts what a process does to database, disk and line, and kills it at one of these events.

A clock kills a process where it spends its time, which is mostly before its work; an event is a
step of the work itself. What changes something has three moments: before it, while it is under way
(an alarm ends the process in the middle of the call), and after it.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import ServerHandler

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# Seconds, about as much as one commit or flush takes: an alarm within them falls into the call.
_UNDER_WAY = 0.001
_FILES = ("fsync", "rename", "replace", "link", "unlink", "chmod", "pwrite", "ftruncate")


class Progress:
    """Events of this process since :meth:`begin`; it dies at one of them, at none where 0."""

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self.begin(0, 0)

    def begin(self, die_at: int, seed: int) -> None:
        """Count anew."""
        self._die_at, self.count, self._chance = die_at, 0, random.Random(seed)

    def tick(self, kind: str, *, under_way: bool = False) -> None:
        """One event more; under_way: it dies very soon, but not here."""
        with self._alone:
            self.count += 1
            if self.count != self._die_at:
                return
            tell("killed", self.count, kind)
            if not under_way:
                os.kill(os.getpid(), signal.SIGKILL)
            self._die_at += 1  # where the call is faster than the alarm
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, self._chance.uniform(1e-6, _UNDER_WAY))

    def around(self, real: Callable[..., Any], kind: str) -> Callable[..., Any]:
        """A function that changes something, with its three moments."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.tick(f"before {kind}")
            self.tick(f"during {kind}", under_way=True)
            told = real(*args, **kwargs)
            self.tick(f"after {kind}")
            return told

        return counted


def tell(word: str, number: int, kind: str = "") -> None:
    """One line to whoever reads the standard output, whole or not at all."""
    os.write(1, json.dumps([os.getpid(), word, number, kind]).encode() + b"\n")


def watch() -> Progress:
    """Count from now on, in this process and its forks."""
    found = Progress()
    for name in _FILES:
        setattr(os, name, found.around(getattr(os, name), name))
    io.open = _opening(found)  # what pathlib opens with
    BaseDatabaseWrapper._commit = found.around(BaseDatabaseWrapper._commit, "commit")
    ServerHandler._write = found.around(ServerHandler._write, "answer")
    for cursor in _cursors():
        cursor.execute = _statement(cursor.execute, found)
    return found


def _cursors() -> list[Any]:
    if connection.vendor == "sqlite":
        from django.db.backends.sqlite3.base import SQLiteCursorWrapper

        return [SQLiteCursorWrapper]
    import psycopg

    from kernel.postgres import Kept

    return [psycopg.Cursor, Kept]


def _statement(real: Callable[..., Any], found: Progress) -> Callable[..., Any]:
    def execute(cursor: Any, sql: Any, *args: Any, **kwargs: Any) -> Any:
        told = real(cursor, sql, *args, **kwargs)
        found.tick(f"after {str(sql).split()[0].upper()}")
        return told

    return execute


def _opening(found: Progress) -> Callable[..., Any]:
    """``io.open`` whose new files count what is written to them."""
    real = io.open

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            found.tick("before write")
            written = super().write(data)
            found.tick("after write")
            return written

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if mode not in ("wb", "xb") or not isinstance(file, str | Path):
            return real(file, mode, *args, **kwargs)
        return io.BufferedWriter(Raw(file, mode))

    return opened
