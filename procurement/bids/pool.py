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

from django.conf import settings

from kernel.errors import Unavailable

MOST = 8
ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "kernel.sealing.bids.decrypter"]


class Pool:
    """Runs jobs of :mod:`kernel.sealing.bids.decrypter`; use :func:`running`."""

    def __init__(self, size: int) -> None:
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="decrypt")
        self._own = threading.local()
        self._all: list[subprocess.Popen[str]] = []

    def run(self, line: str, size: int) -> dict[str, Any]:
        """Do a job in this thread's process; one that died or hung is started once more.

        size: bytes to be decrypted; by them it is told which process hangs. Raises Unavailable
        ``procurement.opening.decrypter`` where it dies or hangs again.
        """
        for _try in range(2):
            process = self._process()
            # Ended from outside: whoever waits for a pipe sees no clock.
            patience = threading.Timer(seconds_for(size), process.kill)
            patience.daemon = True
            patience.start()
            try:
                answer = _asked(process, line)
            finally:
                patience.cancel()
            if answer:
                return dict(json.loads(answer))
            process.kill()
            process.wait()
            self._own.process = None
        raise Unavailable.because("procurement.opening.decrypter")

    def _process(self) -> subprocess.Popen[str]:
        found: subprocess.Popen[str] | None = getattr(self._own, "process", None)
        if found is None:
            found = subprocess.Popen(  # noqa: S603  (our own program)
                COMMAND,
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


def _asked(process: subprocess.Popen[str], line: str) -> str:
    """The whole line that answers a job; empty where the process ended before it was there."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except BrokenPipeError:
        return ""
    return answer if answer.endswith("\n") else ""


def seconds_for(size: int) -> float:
    """How long, in real seconds, a process may take over so many bytes."""
    limits = settings.DECRYPTION
    return float(limits["least_seconds"] + size / limits["least_bytes_per_second"])


@contextmanager
def running(jobs: int) -> Iterator[Pool]:
    """A pool for so many jobs: a process for each core, never more than there are jobs."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pool = Pool(max(1, min(jobs, cores or 1, MOST)))
    try:
        yield pool
    finally:
        pool.close()
