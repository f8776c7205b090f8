"""A real worker as `./dev run` starts it, on the committed test database."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from config import serve
from config.celery import app
from kernel.events import registry, services
from tests.concurrency import probe

_BASE = Path(__file__).resolve().parents[2]
_WITHIN_SECONDS = 240.0


def database_url() -> str:
    """Where the test database is, for another process."""
    made: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{made['NAME']}"
    account = f"{made['USER']}:{made['PASSWORD']}".rstrip(":")
    return f"postgresql://{account}@{made['HOST']}:{made['PORT']}/{made['NAME']}"


class Worker:
    """One worker with its beat, in a process group of its own; its output goes to a file."""

    def __init__(self, folder: Path, lease_seconds: float) -> None:
        self.folder = folder
        self.output = folder / "worker.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "ZHUXIN_DATABASE_URL": database_url(),
            "ZHUXIN_PROBE": str(folder),
            "ZHUXIN_PROBE_LEASE": str(lease_seconds),
            "PYTHONUNBUFFERED": "1",
        }

    def start(self) -> None:
        argv = serve.worker(serve.options(["--jobs", "1"]), self.folder).argv
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [*argv, "--include", "tests.concurrency.probe"],
                cwd=_BASE,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )

    def until(self, true: Callable[[], bool]) -> None:
        """Keep it running, as the process tree of `./dev run` does, until something is so."""
        ends = time.monotonic() + _WITHIN_SECONDS
        while not true():
            if self._process is None:
                self.start()
            elif (status := self._process.poll()) is not None:
                assert status == -signal.SIGKILL, self.output.read_text()
                self.start()
            assert time.monotonic() < ends, self.output.read_text()[-8000:]
            time.sleep(0.1)

    def died(self) -> set[str]:
        """The events at which it died."""
        return {path.name.removeprefix("died-") for path in self.folder.glob("died-*")}

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@pytest.fixture
def worker(committed: None, tmp_path: Path) -> Iterator[Worker]:
    made = Worker(tmp_path, lease_seconds=1.5)
    yield made
    made.kill()


def throw_messages_away() -> None:
    """What a broker loses that lost its disk."""
    with app.connection_for_write() as broker, contextlib.suppress(*broker.channel_errors):
        # A channel error means that there is no queue yet.
        channel: Any = broker.channel()
        channel.queue_purge(django_settings.CELERY_TASK_DEFAULT_QUEUE)


@pytest.fixture
def _own_queue() -> Iterator[None]:
    yield
    with app.connection_for_write() as broker:
        channel: Any = broker.channel()
        for queue in django_settings.CELERY_TASK_QUEUES:
            channel.queue_delete(queue.name)


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch, _own_queue: None) -> None:
    """The probe's event and subscriber, known for one test; a wake-up's patience is short."""
    monkeypatch.setitem(registry._types, probe.Probed.NAME, probe.Probed)
    monkeypatch.setitem(registry._subscribers, probe.CODE, probe.SUBSCRIBER)
    monkeypatch.setattr(services, "PATIENCE", timedelta(seconds=1))
    monkeypatch.setattr(services, "_deaf_until", 0.0)
