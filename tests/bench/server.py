"""A real web server for measurements, and how much CPU and memory its processes took."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Server:
    """One granian process tree and one keep-alive connection to it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One request; status and body."""
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        self.connection.request(method, path, data, sent)
        response = self.connection.getresponse()
        return response.status, response.read()

    def _tree(self) -> Iterator[int]:
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += [int(child) for child in task.read_text().split()]

    def cpu_seconds(self) -> float:
        """User and system time of the whole tree so far."""
        total = 0
        for pid in self._tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def resident_mb(self) -> float:
        """The largest process of the tree, in MB."""
        sizes = [
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in self._tree()
        ]
        return max(sizes) / 1e6


@contextmanager
def running(environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start one worker as production does, wait until it answers, and stop it.

    environment: beside this process's own, such as ``ZHUXIN_SANDBOX=0`` where nothing measured
    needs a sandbox: its clock is asked of the database, twice for most acts.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1",
        "--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port),
        "--no-access-log", "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, start_new_session=True, env={**os.environ, **(environment or {})}
    )
    server = Server(process, port)
    try:
        _wait(server)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(server: Server) -> None:
    for _ in range(300):
        try:
            if server.ask("GET", "/healthz")[0] == 200:
                return
        except (ConnectionError, http.client.HTTPException):
            server.connection.close()
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
