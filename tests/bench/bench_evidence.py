"""Measures the log on the configured database; everything it writes is rolled back.

``run()`` gives (name, value, unit, bar) rows; ``python tests/bench/bench_evidence.py`` prints them.
The database has to be migrated (``manage.py migrate``). A million entries take about a minute.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Figure = tuple[str, float, str, str]

AT = datetime(2026, 11, 23, tzinfo=UTC)
BATCH = 20_000


def run(entries: int = 1_000_000) -> list[Figure]:
    """Bulk appends, proofs and single appends in a log of ``entries`` more entries."""
    from django.db import connection, transaction

    from kernel.evidence import services
    from tests.bench import primitives

    figures: list[Figure] = []
    with transaction.atomic():
        began = time.perf_counter()
        for start in range(0, entries, BATCH):
            services.append_many([_entry(start + n) for n in range(min(BATCH, entries - start))])
        rate = entries / (time.perf_counter() - began)
        bar = ">= 20000" if connection.vendor == "postgresql" else ""
        figures.append((f"evidence: bulk appends, {connection.vendor}", rate, "1/s", bar))
        ratio = primitives.tree(_written()) * rate * 100
        figures.append(("evidence: bulk appends, to the hashes of the tree", ratio, "%", ""))
        figures += _proofs(entries)
        figures += _single_appends()
        transaction.set_rollback(True)
    _clean(connection)
    return figures


def _clean(connection) -> None:
    # A million dead rows at the end of the index would slow every later look at the log's tip.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM kernel_logentry, kernel_lognode")


def _proofs(entries: int) -> list[Figure]:
    from kernel.evidence import selectors, services

    size, dice = selectors.log_size(), random.Random(1)
    places = [dice.randrange(size - entries, size) for _ in range(300)]
    olds = [dice.randrange(1, size) for _ in range(300)]
    return [
        _figure(f"inclusion proof at {size}", places, services.prove, "< 1"),
        _figure(
            f"consistency proof at {size}", olds, lambda n: services.prove_consistency(n, size), ""
        ),
    ]


def _single_appends() -> list[Figure]:
    from kernel.evidence import services

    def append(n: int) -> object:
        entry = _entry(n)
        return services.append(kind=entry.kind, case=entry.case, at=entry.at, body=entry.body)

    before = time.process_time()
    figure = _figure("single append (no commit)", list(range(300)), append, "")
    cpu = (time.process_time() - before) / 300 * 1000
    return [figure, ("evidence: single append, cpu of this process", cpu, "ms", "")]


def _figure(name: str, inputs: list[int], work: Callable[[int], object], bar: str) -> Figure:
    times = []
    for value in inputs:
        began = time.perf_counter()
        work(value)
        times.append(time.perf_counter() - began)
    return f"evidence: {name}, median", statistics.median(times) * 1000, "ms", bar


def _written() -> bytes:
    """The newest entry as it is hashed."""
    from kernel.evidence import proofs
    from kernel.evidence.models import LogEntry

    return proofs.row_bytes(LogEntry.objects.latest("pk"))


def _entry(n: int):
    from kernel.evidence.services import NewEntry

    body = {
        "transition": "submit",
        "organisation": "91350100M000100Y43",
        "role": "owner",
        "person": 17,
        "payload": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "version": n,
    }
    return NewEntry("workflow.act", f"procurement.project:{n % 5000}", AT, body)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for name, value, unit, bar in run(int(sys.argv[1]) if sys.argv[1:] else 1_000_000):
        print(f"{name:55} {value:12.3f} {unit:5} {bar}")
