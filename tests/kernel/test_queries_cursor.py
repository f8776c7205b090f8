"""The cursor that is kept lives as long as its connection, in one thread, and is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.test.utils import CaptureQueriesContext

from kernel import queries
from kernel.events.models import Event
from kernel.queries import Change, Prepared, execute
from tests.kernel.events.samples import event

BY_CASE = Prepared(lambda slots: Event.objects.filter(case=slots.text(0)).values_list("pk"))


@contextmanager
def as_in_a_request() -> Iterator[None]:
    """Between two requests Django looks at its connections."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


def test_a_closed_connection_is_opened_again(committed: None) -> None:
    with as_in_a_request():
        assert execute("SELECT 1").fetchone() == (1,)
        connection.close()
        assert execute("SELECT 2").fetchone() == (2,)
        queries.insert(event())
    assert Event.objects.count() == 1


@pytest.mark.services
def test_a_lost_connection_fails_one_request_and_not_the_next(committed: None) -> None:
    with as_in_a_request():
        first = execute("SELECT pg_backend_pid()")
        (process,) = first.fetchone()
        _end(process)
        with pytest.raises(OperationalError):
            execute("SELECT 1")
    with as_in_a_request():
        second = execute("SELECT pg_backend_pid()")
        assert second is not first
        assert second.fetchone()[0] != process
        assert execute("SELECT 1") is second


@pytest.mark.services
def test_a_connection_lost_inside_a_transaction_leaves_nothing_of_it(committed: None) -> None:
    with as_in_a_request():
        (process,) = execute("SELECT pg_backend_pid()").fetchone()
        with pytest.raises(OperationalError), transaction.atomic():
            queries.insert(event())
            _end(process)
            queries.insert(event())
    with as_in_a_request():
        assert not Event.objects.exists()
        queries.insert(event())
    assert Event.objects.count() == 1


def _end(process: int) -> None:
    """Let somebody else end the server's process that serves us."""

    def end() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        finally:
            connection.close()

    _apart(end)


def _apart(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.services
@pytest.mark.django_db
def test_a_statement_that_fails_leaves_no_cursor_to_be_used_again() -> None:
    kept = execute("SELECT 1")
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("SELECT nothing FROM nowhere")
    assert execute("SELECT 2") is not kept
    assert execute("SELECT 2").fetchone() == (2,)


@pytest.mark.services
@pytest.mark.django_db
def test_threads_have_cursors_of_their_own() -> None:
    found = [execute("SELECT 1")]
    assert execute("SELECT 1") is found[0]

    def other() -> None:
        try:
            found.append(execute("SELECT 1"))
            assert execute("SELECT 1") is found[1]
        finally:
            connection.close()

    _apart(other)
    assert len(found) == 2
    assert found[1] is not found[0]
    assert found[1].connection is not found[0].connection


def _prepared() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


@pytest.mark.services
@pytest.mark.django_db
def test_a_statement_that_comes_often_is_prepared() -> None:
    for value in ("a", "b'; --", "%s", "$1", "", "a", "a"):
        assert execute("SELECT %s::text, 41", [value]).fetchone() == (value, 41)
    assert "SELECT $1::text, 41" in _prepared()


@pytest.mark.services
@pytest.mark.django_db
def test_behind_a_pooler_that_shares_connections_nothing_is_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    monkeypatch.setattr(connection, "kept_cursor", None, raising=False)
    for _ in range(7):
        assert execute("SELECT %s::text, 42", ["a"]).fetchone() == ("a", 42)
    assert "SELECT $1::text, 42" not in _prepared()


@pytest.mark.django_db
def test_a_connection_that_is_lent_to_another_thread_is_refused() -> None:
    execute("SELECT 1")
    lent, caught = connections["default"], []

    def other() -> None:
        connections["default"] = lent
        try:
            execute("SELECT 1")
        except DatabaseError as fault:
            caught.append(str(fault))

    _apart(other)
    assert len(caught) == 1
    assert "same thread" in caught[0]


@pytest.mark.django_db
def test_statements_are_counted_where_queries_are() -> None:
    execute("SELECT 1")
    row = event()
    with CaptureQueriesContext(connection) as captured:
        queries.insert(row)
        execute("SELECT 1").fetchall()
        Change(lambda: Event, "id", "case").write((row.pk,), "x:1")
        BY_CASE.rows("x:1")
    asked = [query["sql"].split()[0] for query in captured.captured_queries]
    assert asked == ["INSERT", "SELECT", "UPDATE", "SELECT"]
    before = len(captured)
    execute("SELECT 1")
    assert len(captured) == before
