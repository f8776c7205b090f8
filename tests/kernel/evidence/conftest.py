"""The log's tests need its triggers, and a way to commit for real in spite of them.

Triggers: migrations install them; under ``--nomigrations`` the session fixture below does.

Real commits: ``transaction=True`` would end with Django's flush, which TRUNCATEs or DELETEs from
the log and is refused, as it should be. So the ordinary ``db`` fixture serves wherever one
connection is enough, and threads or tampering use ``committed_log``: it lets commits through and,
as only the tables' owner can, takes the triggers away to empty the three tables afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from kernel.evidence import trigger_sql, triggers


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        if triggers.missing(connection):
            triggers.install(connection)


def _empty_log() -> None:
    triggers.uninstall(connection)
    with connection.cursor() as cursor:
        for table in trigger_sql.TABLES:
            cursor.execute(f"DELETE FROM {table}")
    triggers.install(connection)


@pytest.fixture
def committed_log(django_db_setup, django_db_blocker) -> Iterator[None]:
    """An empty log in which commits are commits, emptied again at the end."""
    with django_db_blocker.unblock():
        _empty_log()
        yield
        _empty_log()
        connection.close()
