"""Which tests run on which database. Loaded by `./dev test`; the plain suite is the embedded one.

Where ZHUXIN_DATABASE_URL is set, only what touches the database or a worker runs again, without
browsers. Elsewhere, what needs the services is skipped, and said so.

ZHUXIN_TEST_UNTIL, in seconds since 1970, is when a run with a limit has to be at its end: what has
not begun by then is skipped, counted and named as not run. The embedded run leaves some of that
time to the second, and the second takes first what only it can show: tests that commit, race or
need a worker. On a machine that is fast enough nothing is left out.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.test import TransactionTestCase

# Before Django reads its settings: a run's database, files, keys and queue are its own.
_VAR = tempfile.mkdtemp(prefix="zhuxin-test-")
os.environ["ZHUXIN_VAR"] = _VAR
os.environ["ZHUXIN_QUEUE"] = Path(_VAR).name
(Path(_VAR) / "static").mkdir()
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)

# Of a bidder's or a trustee's own machine: whatever database stands behind the server, its
# answers are the same, and are tested where they are made (tests/procurement/bids).
_OWN_MACHINES = Path(__file__).parent / "procurement" / "bidder"
# What an answer looks like, and what a form prints, is of no database.
_CONTRACTS = Path(__file__).parent / "contracts"

# Seconds of a run with a limit that the embedded database leaves to the services.
_LEFT_TO_SERVICES = 420
_NO_TIME = "not run for want of time (ZHUXIN_TEST_UNTIL)"

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}


def touches_services(item: pytest.Item) -> bool:
    """Does this test run again on the services? Browsers and tools look at one database only."""
    if item.get_closest_marker("e2e"):
        return False
    if any(item.path.is_relative_to(folder) for folder in (_OWN_MACHINES, _CONTRACTS)):
        return item.get_closest_marker("services") is not None
    return uses_database(item)


def uses_database(item: pytest.Item) -> bool:
    """Does this test use the database, or say itself that it needs the services?"""
    if item.get_closest_marker("django_db") or item.get_closest_marker("services"):
        return True
    case = getattr(item, "cls", None)
    if isinstance(case, type) and issubclass(case, TransactionTestCase):
        return True
    return not _DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what belongs to this run."""
    if not os.environ.get("ZHUXIN_DATABASE_URL"):
        absent = pytest.mark.skip(reason="needs PostgreSQL and RabbitMQ: ./dev test --services")
        for item in items:
            if item.get_closest_marker("services"):
                item.add_marker(absent)
        return
    left = [item for item in items if not touches_services(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if touches_services(item)]
        if _until():
            items[:] = in_order_of_need(items)


def in_order_of_need(items: list[pytest.Item]) -> list[pytest.Item]:
    """What only the services can show stands first in either half, where two processes begin.

    Tests of a module stay together: they share what is dear to make.
    """
    halves: tuple[list[pytest.Item], list[pytest.Item]] = ([], [])
    for needed in (True, False):
        modules: dict[Path, list[pytest.Item]] = {}
        for item in items:
            if _commits(item) is needed:
                modules.setdefault(item.path, []).append(item)
        for tests in modules.values():
            min(halves, key=len).extend(tests)
    return [*halves[0], *halves[1]]


def _commits(item: pytest.Item) -> bool:
    if item.get_closest_marker("services"):
        return True
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(getattr(item, "fixturenames", ()))


def _until() -> float:
    """When this run has to be at its end; 0 without a limit."""
    until = float(os.environ.get("ZHUXIN_TEST_UNTIL") or 0)
    if until and not os.environ.get("ZHUXIN_DATABASE_URL"):
        until = max(1.0, until - _LEFT_TO_SERVICES)
    return until


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin nothing after the end of a run with a limit."""
    from kernel import clock  # Django reads its settings after the lines above

    if 0 < _until() < clock.technical_now().timestamp():
        pytest.skip(_NO_TIME)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how much was left out, and leave it where the file ZHUXIN_TEST_LEFT_OUT is asked for."""
    skipped = terminalreporter.stats.get("skipped", [])
    left = sum(_NO_TIME in str(report.longrepr) for report in skipped)
    if not left:
        return
    where = "the services" if os.environ.get("ZHUXIN_DATABASE_URL") else "the embedded database"
    line = f"{left} tests on {where} were {_NO_TIME}"
    terminalreporter.write_line(line)
    if target := os.environ.get("ZHUXIN_TEST_LEFT_OUT"):
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def pytest_report_header() -> str:
    """Say on what this run stands."""
    database = os.environ.get("ZHUXIN_DATABASE_URL", "").split("@")[-1] or "SQLite"
    broker = os.environ.get("ZHUXIN_BROKER_URL", "").split("@")[-1] or "filesystem"
    browser = os.environ.get("ZHUXIN_CHROMIUM") or "none"
    return f"zhuxin: database {database}, broker {broker}, browser {browser}"
