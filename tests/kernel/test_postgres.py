"""Statements sent by libpq's one call do what psycopg's cursor does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from kernel import queries
from kernel.events.models import Delivery, Event
from kernel.queries import execute
from tests.kernel.events.samples import AT, event
from tests.kernel.test_queries_cursor import _end, as_in_a_request

pytestmark = pytest.mark.services

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.binary(),
    st.dates(date(1, 1, 1)),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
)


def kind(value: Any) -> str:
    """The column's type that a value is of."""
    kinds = {
        bool: "boolean", int: "int8", str: "text", bytes: "bytea", date: "date",
        datetime: "timestamptz", timedelta: "interval", Decimal: "numeric",
    }  # fmt: skip
    return kinds.get(type(value), "text")


@pytest.mark.django_db
@given(st.lists(values, max_size=6))
@example([-(2**63)])  # the cursor writes it into the statement, where :: binds before the sign
def test_values_come_back_as_they_do_from_psycopgs_cursor(given_values: list[Any]) -> None:
    columns = [f"CAST(%s AS {kind(value)})" for value in given_values]
    sql = f"SELECT {', '.join([*columns, '41 %% 7'])}"
    with transaction.atomic():
        for _ in range(7):  # before it is prepared, and after
            rows = execute(sql, given_values).fetchall()
    with connection.connection.cursor() as other:
        other.execute(sql, given_values)
        wanted = other.fetchall()
    assert rows == wanted
    assert [type(value) for value in rows[0]] == [type(value) for value in wanted[0]]


@pytest.mark.django_db
def test_rows_are_fetched_once_and_counted() -> None:
    cursor = execute("SELECT * FROM generate_series(1, 3)")
    assert cursor.rowcount == 3
    assert cursor.fetchone() == (1,)
    assert cursor.fetchall() == [(2,), (3,)]
    assert cursor.fetchone() is None
    assert cursor.fetchall() == []


def test_a_transaction_begins_with_its_first_statement(committed: None) -> None:
    with as_in_a_request():
        execute("SELECT 1")
        with pytest.raises(LookupError), transaction.atomic():
            queries.insert(event())
            assert execute("SELECT count(*) FROM kernel_event").fetchone() == (1,)
            raise LookupError
        assert execute("SELECT count(*) FROM kernel_event").fetchone() == (0,)


def test_a_connections_own_way_of_beginning_is_kept(committed: None) -> None:
    from psycopg import IsolationLevel

    with as_in_a_request():
        execute("SELECT 1")
        connection.connection.isolation_level = IsolationLevel.SERIALIZABLE
        with transaction.atomic():
            assert execute("SHOW transaction_isolation").fetchone() == ("serializable",)
        connection.connection.isolation_level = None
        with transaction.atomic():
            assert execute("SHOW transaction_isolation").fetchone() == ("read committed",)


def test_a_server_that_went_between_two_requests_is_noticed_before_the_first_statement(
    committed: None,
) -> None:
    with as_in_a_request():
        (process,) = execute("SELECT pg_backend_pid()").fetchone()
    _end(process)
    with as_in_a_request():
        assert execute("SELECT pg_backend_pid()").fetchone()[0] != process
        queries.insert(event())
    assert Event.objects.count() == 1


def test_a_quiet_connection_is_not_asked_whether_it_lives(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_in_a_request():
        execute("SELECT 1")
    close_old_connections()
    asked: list[str] = []
    monkeypatch.setattr(connection, "is_usable", lambda: asked.append("asked"))
    with as_in_a_request():
        assert execute("SELECT 2").fetchone() == (2,)
        assert not asked


def test_a_prepared_statement_that_fails_is_the_orms_error_and_can_come_again(
    committed: None,
) -> None:
    with as_in_a_request():
        rows = [event() for _ in range(8)]
        for row in rows:
            queries.insert(row)
        for row in rows:
            queries.insert(Delivery(event=row, subscriber="s", next_attempt_at=AT))
        for row in rows:
            with pytest.raises(IntegrityError), transaction.atomic():
                queries.insert(Delivery(event=row, subscriber="s", next_attempt_at=AT))
        queries.insert(Delivery(event=rows[0], subscriber="t", next_attempt_at=AT))
    assert Delivery.objects.count() == 9
