"""Decrypting processes: a bounded number of them, each fed by a thread of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kernel.errors import Unavailable

MOST = 8
ROOT = Path(__file__).resolve().parents[2]


class Pool:
    """Runs jobs of :mod:`kernel.sealing.bids.decrypter`; use :func:`running`."""

    def __init__(self, size: int) -> None:
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="decrypt")
        self._own = threading.local()
        self._all: list[subprocess.Popen[str]] = []

    def run(self, line: str) -> dict[str, Any]:
        """Do a job in this thread's process; a process that died is started once more.

        Raises Unavailable ``procurement.opening.decrypter`` where it dies again.
        """
        for _try in range(2):
            process = self._process()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(line + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
            except BrokenPipeError:
                answer = ""
            if answer:
                return dict(json.loads(answer))
            process.kill()
            process.wait()
            self._own.process = None
        raise Unavailable.because("procurement.opening.decrypter")

    def _process(self) -> subprocess.Popen[str]:
        found: subprocess.Popen[str] | None = getattr(self._own, "process", None)
        if found is None:
            found = subprocess.Popen(
                [sys.executable, "-m", "kernel.sealing.bids.decrypter"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._own.process = found
            self._all.append(found)
        return found

    def close(self) -> None:
        """End the processes, once what runs is done."""
        self.threads.shutdown(cancel_futures=True)
        for process in self._all:
            if process.stdin is not None:
                process.stdin.close()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


@contextmanager
def running(jobs: int) -> Iterator[Pool]:
    """A pool for so many jobs: a process for each core, never more than there are jobs."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pool = Pool(max(1, min(jobs, cores or 1, MOST)))
    try:
        yield pool
    finally:
        pool.close()
