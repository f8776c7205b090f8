"""The log's tests need its triggers, and a way to commit for real in spite of them.

Triggers: migrations install them; under ``--nomigrations`` the session fixture below does.

Real commits: a transactional test ends with Django's flush, which TRUNCATEs or DELETEs from the
log and is refused, as it should be. So the ordinary ``db`` fixture serves wherever one connection
is enough, and threads or tampering use ``committed_log``: commits are commits, the flush is left
out, and instead, as only the tables' owner can, it takes the triggers away and empties the three
tables. Whoever commits to other tables too cleans them up there himself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from kernel.evidence import trigger_sql, triggers


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        if triggers.missing(connection):
            triggers.install(connection)


@pytest.fixture
def _no_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    # Requested before transactional_db, so it is undone after that one's teardown.
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)


@pytest.fixture
def committed_log(_no_flush: None, transactional_db: None) -> Iterator[None]:
    """An empty log in which commits are commits, emptied again at the end."""
    _empty_log()
    yield
    _empty_log()


def _empty_log() -> None:
    assert "test" in str(connection.settings_dict["NAME"])  # never the log that somebody needs
    triggers.uninstall(connection)
    with connection.cursor() as cursor:
        for table in trigger_sql.TABLES:
            cursor.execute(f"DELETE FROM {table}")
    triggers.install(connection)
