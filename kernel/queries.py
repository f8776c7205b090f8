"""Queries that are asked thousands of times: the ORM writes their SQL once, not once per request.

Building the statement is most of what a small query costs in CPU. The statement stays the ORM's
own, with its joins, converters and both databases; only the values of its placeholders change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DateField, DateTimeField, Field, Model, QuerySet

_EPOCH = date(1, 1, 1)


def execute(sql: str, parameters: Sequence[Any] = (), database: Any = None) -> Any:
    """Run a statement; the cursor, whose rows must be fetched before the next statement runs.

    database: the default connection, where the caller has it at hand. On PostgreSQL one cursor is
    kept as long as its connection, the server binds the values, and what comes often is prepared
    (not behind a pooler that shares connections: tell it by Django's
    DISABLE_SERVER_SIDE_CURSORS). Raises what a cursor of Django's raises.
    """
    if database is None:
        database = connections[DEFAULT_DB_ALIAS]
    kept = getattr(database, "kept_cursor", None)
    if kept is None or kept[0] is not database.connection or not _may_be_used(database):
        cursor = database.cursor()
        if database.vendor != "postgresql" or database.queries_logged or _watched(database):
            cursor.execute(sql, parameters)
            return cursor
        kept = database.kept_cursor = (database.connection, _binding_cursor(database))
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    try:
        kept[1].execute(sql, parameters)
    except Exception:
        # Entered only now: around every statement it would cost more than what it looks for.
        with database.wrap_database_errors:
            raise
    return kept[1]


def _binding_cursor(database: Any) -> Any:
    from kernel import postgres

    connection = database.connection
    if database.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        from psycopg import Cursor

        connection.prepare_threshold = None
        return Cursor(connection)
    return postgres.Kept(connection)


def _watched(database: Any) -> bool:
    # Whoever counts or wraps queries sees those of Django's own cursors only. That all are logged
    # (DEBUG) is settled when a process starts, and asked when its cursor is made.
    return bool(database.force_debug_cursor or database.execute_wrappers)


def _may_be_used(database: Any) -> bool:
    if database.errors_occurred or _watched(database):
        return False
    if database.health_check_enabled and not database.health_check_done:
        # Django asks the server whether it is there; a server that went said so on the line.
        from kernel import postgres

        lives = postgres.is_quiet(database.connection)
        database.health_check_done = lives
        return lives
    return True


class Slots:
    """Values that stand for placeholders while the statement is written; no real row has them."""

    @staticmethod
    def text(place: int) -> str:
        """The placeholder of a text."""
        return f"\x1aslot{place}"

    @staticmethod
    def number(place: int) -> int:
        """The placeholder of an integer."""
        return -(2**61) - place

    @staticmethod
    def day(place: int) -> date:
        """The placeholder of a date."""
        return _EPOCH + timedelta(days=place)


class _Statement(NamedTuple):
    """A statement as the ORM wrote it. params: for each the value's place, or -1 and what stays."""

    sql: str
    params: list[tuple[int, Any]]
    dated: bool
    compiler: Any
    converters: Any


class Prepared:
    """A ``values_list`` query whose values come later, in the order of its slots.

    build is called at first use, once per kind of database.
    """

    def __init__(self, build: Callable[[type[Slots]], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._ready: dict[str, _Statement] = {}

    def _prepare(self, values: Sequence[str | int | date], database: Any) -> _Statement:
        """The statement for values of these kinds; a slot holds the same kind for ever."""
        adapt = database.ops.adapt_datefield_value
        slots: dict[Any, int] = {}
        for place, value in enumerate(values):
            if isinstance(value, date):
                slots[adapt(Slots.day(place))] = place
            elif isinstance(value, int):
                slots[Slots.number(place)] = place
            else:
                slots[Slots.text(place)] = place
        compiler = self._build(Slots).query.get_compiler(connection=database)
        sql, params = compiler.as_sql()
        if not slots.keys() <= set(params):
            # The ORM leaves a condition out that no row of a narrow column could fail.
            raise LookupError(f"a slot is not in the statement: {sql}")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        filled = [(slots.get(p, -1), p) for p in params]
        dated = any(isinstance(value, date) for value in values)
        found = self._ready[database.vendor] = _Statement(sql, filled, dated, compiler, converters)
        return found

    def rows(self, *values: str | int | date) -> list[Sequence[Any]]:
        """Run it with values in the slots; rows as ``values_list`` gives them.

        Raises LookupError at first use for a slot that the statement does not have.
        """
        database: Any = connections[DEFAULT_DB_ALIAS]
        ready = self._ready.get(database.vendor) or self._prepare(values, database)
        given: Sequence[Any] = values
        if ready.dated:
            adapt = database.ops.adapt_datefield_value
            given = [adapt(each) if isinstance(each, date) else each for each in values]
        params = [given[place] if place >= 0 else fixed for place, fixed in ready.params]
        rows = execute(ready.sql, params, database).fetchall()
        if not ready.converters:
            return rows  # type: ignore[no-any-return]
        return list(ready.compiler.apply_converters(rows, ready.converters))


# Fields, and the type whose values go to the database as they are; of another one they are made it.
_PLAIN: dict[str, type] = {
    "CharField": str, "TextField": str, "BooleanField": bool,
    **dict.fromkeys(
        ("BigIntegerField", "BigAutoField", "ForeignKey", "IntegerField", "PositiveIntegerField",
         "PositiveBigIntegerField", "PositiveSmallIntegerField"), int,
    ),
}  # fmt: skip
# One statement for each model, database and way of numbering.
_inserts: dict[tuple[type[Model], str, bool], tuple[str, list[Any]]] = {}


def insert(row: Model) -> None:
    """Write a new row as it stands, as ``save(force_insert=True)`` does; sends no signals."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    model, numbered = type(row), row.pk is None
    ready = _inserts.get((model, database.vendor, numbered))
    if ready is None:
        ready = _inserts[model, database.vendor, numbered] = _insert_of(model, numbered)
    sql, fields = ready
    kept = row.__dict__
    values = [
        value
        if not made and (type(value := kept[name]) is plain or value is None)
        else _value(field, plain, field.pre_save(row, True) if made else value, database)
        for name, made, field, plain in fields
    ]
    cursor = _written(sql, values, database)
    if numbered:
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _written(sql: str, values: Sequence[Any], database: Any) -> Any:
    """Run a statement that writes; where it fails, the transaction around it is to be undone.

    As Django's own ``mark_for_rollback_on_error``, which makes a context for each statement.
    """
    try:
        return execute(sql, values, database)
    except Exception as fault:
        if database.in_atomic_block:
            database.needs_rollback, database.rollback_exc = True, fault
        raise


def _value(field: Any, plain: type | None, value: Any, database: Any) -> Any:
    if type(value) is plain or value is None:
        return value
    # PostgreSQL takes an instant as it is, where the ORM would only look whether it has a zone.
    if (
        type(value) is datetime
        and value.tzinfo is not None
        and database.vendor == "postgresql"
        and isinstance(field, DateTimeField)
    ):
        return value
    return field.get_db_prep_save(value, database)


def _with_kind(field: Any) -> tuple[Any, type | None]:
    return field, _PLAIN.get(field.get_internal_type())


def _insert_of(model: type[Model], numbered: bool) -> tuple[str, list[Any]]:
    meta, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [f for f in meta.local_concrete_fields if not (numbered and f.primary_key)]
    names = ", ".join(quote(str(f.column)) for f in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    if numbered:
        assert meta.pk is not None
        sql += f" RETURNING {quote(str(meta.pk.column))}"
    return sql, [(f.attname, _is_made(f), *_with_kind(f)) for f in fields]


def _is_made(field: Any) -> bool:
    # Whether the field itself makes its value when a row is written, such as the time of that.
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return True
    return type(field).pre_save not in (Field.pre_save, DateField.pre_save, DateTimeField.pre_save)


class Change:
    """Sets some columns of the rows whose other columns have some values.

    model: called at first use, for models that are not there yet when this is made. where, change:
    names of fields.
    """

    def __init__(self, model: Callable[[], type[Model]], where: str, change: str) -> None:
        self._model, self._names = model, (*change.split(), *where.split())
        self._set = len(change.split())
        self._ready: dict[str, tuple[str, list[Any]]] = {}

    def _prepare(self, database: Any) -> tuple[str, list[Any]]:
        found = self._ready.get(database.vendor)
        if found is None:
            meta, quote = self._model()._meta, database.ops.quote_name
            fields: list[Any] = [meta.get_field(name) for name in self._names]
            equal = [f"{quote(field.column)} = %s" for field in fields]
            sql = (
                f"UPDATE {quote(meta.db_table)} SET {', '.join(equal[: self._set])} "  # noqa: S608
                f"WHERE {' AND '.join(equal[self._set :])}"
            )
            found = self._ready[database.vendor] = (sql, [_with_kind(f) for f in fields])
        return found

    def write(self, where: Sequence[Any], *values: Any) -> int:
        """Write values, in the order of the columns' names; how many rows had ``where``."""
        database: Any = connections[DEFAULT_DB_ALIAS]
        sql, fields = self._prepare(database)
        pairs = zip(fields, (*values, *where), strict=True)
        prepared = [_value(field, plain, value, database) for (field, plain), value in pairs]
        return int(_written(sql, prepared, database).rowcount)
