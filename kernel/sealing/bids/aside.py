"""Sums and writes in a thread of their own, while the next bytes are read and encrypted.

OpenSSL's hashes, zlib's sum and the disk let other threads run meanwhile: on two cores a large file
is done in little more than the time of its slowest part.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import TracebackType
from typing import Self

# Bytes are handed over in pieces of this size at least, and so many pieces wait at most.
PIECE = 1024 * 1024
_WAITING = 4
# Below this a thread costs more than it saves.
WORTH = 8 * PIECE

Sink = Callable[[bytes], object]


class Aside:
    """A sink that hands its bytes, in order, to other sinks in a thread of its own.

    To be used as a context; its normal end says that all bytes were taken. What a sink raises is
    raised by the next write or at the end, and no sink gets any byte after it.
    """

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks
        self._parts: list[bytes] = []
        self._size = 0
        self._pieces: SimpleQueue[bytes | None] = SimpleQueue()
        self._room = threading.Semaphore(_WAITING)
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        if kind is None:
            self._hand_over()
        self._pieces.put(None)
        self._thread.join()
        if kind is None and self._fault:
            raise self._fault

    def write(self, data: bytes) -> int:
        """Take bytes; waits where too many are waiting already."""
        if self._fault:
            raise self._fault
        self._parts.append(data)
        self._size += len(data)
        if self._size >= PIECE:
            self._hand_over()
        return len(data)

    def flush(self) -> None:
        """Nothing: the context's end is when all is taken."""

    def _hand_over(self) -> None:
        if not self._parts:
            return
        piece = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._size = [], 0
        self._room.acquire()
        self._pieces.put(piece)

    def _work(self) -> None:
        while (piece := self._pieces.get()) is not None:
            if self._fault is None:
                try:
                    for sink in self._sinks:
                        sink(piece)
                except BaseException as fault:
                    self._fault = fault
            self._room.release()
