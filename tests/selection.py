"""Which tests run on which database. Loaded by `./dev test`; the plain suite is the embedded one.

Where ZHUXIN_DATABASE_URL is set, only what touches the database or a worker runs again, without
browsers. Elsewhere, what needs the services is skipped, and said so.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

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

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}


def touches_services(item: pytest.Item) -> bool:
    """Does this test run again on the services? Browsers and tools look at one database only."""
    if item.get_closest_marker("e2e") or item.path.is_relative_to(_OWN_MACHINES):
        return False
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


def pytest_report_header() -> str:
    """Say on what this run stands."""
    database = os.environ.get("ZHUXIN_DATABASE_URL", "").split("@")[-1] or "SQLite"
    broker = os.environ.get("ZHUXIN_BROKER_URL", "").split("@")[-1] or "filesystem"
    browser = os.environ.get("ZHUXIN_CHROMIUM") or "none"
    return f"zhuxin: database {database}, broker {broker}, browser {browser}"
