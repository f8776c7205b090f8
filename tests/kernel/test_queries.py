"""Written statements do what the ORM does, also when they fail."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import (
    DatabaseError,
    IntegrityError,
    connection,
    models,
    transaction,
)

from kernel import queries
from kernel.events.models import Delivery, Event
from kernel.queries import Change, execute
from kernel.workflow.guarding import firing
from tests.kernel.events.samples import AT, event

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


def _key_is_the_databases(model: type[models.Model]) -> bool:
    pk = model._meta.pk
    return pk is not None and pk.get_internal_type() in ("BigAutoField", "AutoField")


KEYS = [
    pytest.param(model, numbered, id=f"{model._meta.label}-{'numbered' if numbered else 'keyed'}")
    for model in MODELS
    for numbered in (False, True)
    if not numbered or _key_is_the_databases(model)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "numbered"), KEYS)
def test_an_insert_sends_what_save_sends(model: type[models.Model], numbered: bool) -> None:
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
