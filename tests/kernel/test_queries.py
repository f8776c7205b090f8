"""Prepared statements and the kept cursor do what the ORM does, also when the database fails."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    models,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from kernel import queries
from kernel.events.models import Delivery, Event
from kernel.parties.models import Organisation
from kernel.queries import Change, Prepared, execute
from kernel.workflow.models import firing

AT = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
OURS = ("kernel", "procurement", "credit", "equipment", "labour")
MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy
]


# What is written.


class _NotSent(Exception):  # noqa: N818
    """The statement was looked at and not run."""


def sent(write: Callable[[], object]) -> tuple[str, list[Any]]:
    """The statement that ``write`` would run, and its values."""
    found: list[tuple[str, Any]] = []

    def look(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("INSERT"):
            return run(sql, params, many, context)
        found.append((sql, params))
        raise _NotSent

    with connection.execute_wrapper(look), pytest.raises(_NotSent), transaction.atomic():
        write()
    ((sql, params),) = found
    # What comes back is the key alone; the ORM names its table too.
    return sql.partition(" RETURNING ")[0], [getattr(value, "obj", value) for value in params]


_USUAL: dict[str, list[Any]] = {
    "CharField": ["示例", "", Delivery.State.DONE],
    "TextField": ["示例\n二", ""],
    "SlugField": ["a-b"],
    "EmailField": ["a@example.org"],
    "BooleanField": [True, False, 1, 0],
    "IntegerField": [7, -7, True],
    "SmallIntegerField": [7],
    "BigIntegerField": [2**40, -1, True, "12"],
    "PositiveIntegerField": [7, 0, False],
    "PositiveSmallIntegerField": [7, True],
    "PositiveBigIntegerField": [2**40, 0],
    "BigAutoField": [11],
    "AutoField": [11],
    "DateField": [date(2026, 3, 1)],
    "DateTimeField": [AT],
    "DurationField": [timedelta(days=3, microseconds=5)],
    "DecimalField": [Decimal("1.5")],
    "FloatField": [0.5],
    "UUIDField": [uuid.UUID(int=5)],
    "BinaryField": [b"\x00\xff"],
    "JSONField": [{"n": [1, "二", None]}, [], "", None],
}


def instances(model: type[models.Model]) -> Iterator[Callable[[], Any]]:
    """What makes rows of a model that between them have every usual value of every field."""
    fields = [f for f in model._meta.local_concrete_fields if not _is_told_by_the_clock(f)]
    kinds: dict[str, list[Any]] = {
        f.attname: _USUAL[_kind(f)] + ([None] if f.null else []) for f in fields
    }
    for turn in range(max(map(len, kinds.values()))):
        values = {name: found[turn % len(found)] for name, found in kinds.items()}

        def make(values: dict[str, Any] = values) -> Any:
            return model(**values)

        yield make


def _kind(field: Any) -> str:
    """What a field keeps; of a key to another model, that model's."""
    return str((field.target_field if field.is_relation else field).get_internal_type())


def _is_told_by_the_clock(field: Any) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("numbered", [False, True], ids=["its own key", "the database's key"])
def test_an_insert_sends_what_save_sends(model: type[models.Model], numbered: bool) -> None:
    pk = model._meta.pk
    assert pk is not None
    if numbered and pk.get_internal_type() not in ("BigAutoField", "AutoField"):
        pytest.skip("its key is never the database's")
    for make in instances(model):
        with firing():
            one, other = make(), make()
            if numbered:
                one.pk = other.pk = None
            ours = sent(partial(queries.insert, one))
            orms = sent(partial(other.save, force_insert=True))
        assert ours == orms
        # Of one value in two types, a database may refuse one.
        assert [type(value) is bool for value in ours[1]] == [
            type(value) is bool for value in orms[1]
        ]


def event(**more: Any) -> Event:
    return Event(
        name="示例", version=1, payload={"甲": [1, None]}, case="a:1", occurred_at=AT,
        recorded_at=AT, **more,
    )  # fmt: skip


@pytest.mark.django_db
def test_an_inserted_row_has_its_key_and_is_read_as_it_was_written() -> None:
    row = event()
    queries.insert(row)
    assert not row._state.adding
    assert row._state.db == "default"
    found = Event.objects.get(pk=row.pk)
    for field in Event._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(row, field.attname)
    row.case = "b:2"
    row.save()
    assert Event.objects.get().case == "b:2"


@pytest.mark.django_db
def test_a_change_writes_where_its_columns_are_so_and_tells_how_many() -> None:
    row = event()
    queries.insert(row)
    change = Change(lambda: Event, "id case", "payload occurred_at version")
    later = AT + timedelta(days=1)
    assert change.write((row.pk, "b:2"), {}, later, 2) == 0
    assert change.write((row.pk, "a:1"), {"乙": "x"}, later, 2) == 1
    found = Event.objects.get()
    assert (found.payload, found.occurred_at, found.version) == ({"乙": "x"}, later, 2)


# When a statement fails.


def twice() -> Delivery:
    """A delivery that is there already."""
    row = event()
    queries.insert(row)
    Delivery.objects.create(event=row, subscriber="s", next_attempt_at=AT)
    return Delivery(event=row, subscriber="s", next_attempt_at=AT)


def test_a_failed_insert_dooms_its_transaction_and_not_the_next_one(committed: None) -> None:
    again = twice()
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        with pytest.raises(IntegrityError):
            queries.insert(again)
        assert connection.needs_rollback
        execute("SELECT 1")
    assert again._state.adding
    assert execute("SELECT 1").fetchall() == [(1,)]
    queries.insert(event())
    assert Event.objects.count() == 2


def test_a_failed_change_dooms_its_transaction_and_not_the_next_one(committed: None) -> None:
    row = event()
    queries.insert(row)
    change = Change(lambda: Event, "id", "case")
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        with pytest.raises(DatabaseError):
            change.write((row.pk,), None)
        execute("SELECT 1")
    assert change.write((row.pk,), "c:3") == 1
    assert Event.objects.get().case == "c:3"


def test_a_failed_insert_in_a_savepoint_leaves_the_rest(committed: None) -> None:
    with transaction.atomic():
        again = twice()
        with pytest.raises(IntegrityError), transaction.atomic():
            queries.insert(again)
        queries.insert(event())
    assert Event.objects.count() == 2


# The cursor that is kept.


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
    assert found[1].db is not found[0].db


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
        by_case.rows("x:1", 0)
    asked = [query["sql"].split()[0] for query in captured.captured_queries]
    assert asked == ["INSERT", "SELECT", "UPDATE", "SELECT"]
    before = len(captured)
    execute("SELECT 1")
    assert len(captured) == before


# Prepared queries.

by_case = Prepared(
    lambda slots: (
        Event.objects.order_by("pk")
        .filter(case=slots.text(0), pk__gte=slots.number(1))
        .values_list("pk", "case", "payload", "occurred_at", "deliveries__subscriber")
    )
)
by_day = Prepared(
    lambda slots: (
        Organisation.objects.order_by("pk")
        .filter(memberships__valid_from__lte=slots.day(0), region=slots.text(1))
        .values_list("uscc", "memberships__valid_from")
    )
)
small = st.integers(-3, 3) | st.integers(-(2**31), 2**31 - 1)
cases = st.sampled_from(["a:1", "a:2", "", "%", "'", '"', "\\", "%s", "二"]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20
)


@pytest.mark.django_db
@given(st.lists(st.tuples(cases, st.integers(0, 3)), max_size=4), cases, small)
def test_a_prepared_query_gives_what_the_query_gives(
    written: list[tuple[str, int]], case: str, least: int
) -> None:
    with transaction.atomic():
        for number, (name, of) in enumerate(written):
            row = event()
            row.case, row.version, row.payload = name, of, {"n": number}
            queries.insert(row)
            if number % 2:
                Delivery.objects.create(event=row, subscriber=name[:80], next_attempt_at=AT)
        wanted = (
            Event.objects.order_by("pk")
            .filter(case=case, pk__gte=least)
            .values_list("pk", "case", "payload", "occurred_at", "deliveries__subscriber")
        )
        assert list(map(tuple, by_case.rows(case, least))) == list(wanted)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date.min, date(2019, 12, 31), date(2020, 1, 1), date.max])
def test_a_prepared_query_takes_days(people: Any, day: date) -> None:
    wanted = (
        Organisation.objects.order_by("pk")
        .filter(memberships__valid_from__lte=day, region="230102")
        .values_list("uscc", "memberships__valid_from")
    )
    assert list(map(tuple, by_day.rows(day, "230102"))) == list(wanted)


@pytest.mark.django_db
def test_a_slot_that_the_statement_leaves_out_is_a_fault() -> None:
    # The column is so narrow that the ORM knows the answer for such a number without asking.
    narrow = Prepared(
        lambda slots: Event.objects.filter(version__gte=slots.number(0)).values_list("pk")
    )
    with pytest.raises(LookupError, match="slot"):
        narrow.rows(1)
