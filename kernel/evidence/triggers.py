"""Installs and looks for the triggers that make the log append-only.

On SQLite Django alters a table by making it anew, which loses its triggers: a migration that
touches a table of the log ends with :func:`operations`. ``missing`` finds it where one forgot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

from kernel.evidence import trigger_sql as sql

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, anew where there is one."""
    uninstall(connection)
    # A later migration brings the witnesses' tables, and calls this again.
    tables = set(connection.introspection.table_names())
    if connection.vendor == "postgresql":
        _install_postgresql(connection, tables)
        return
    with connection.cursor() as cursor:
        for name, statement in sql.SQLITE_TRIGGERS.items():
            if sql.SQLITE_TABLES[name] in tables:
                cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for the way back of a migration, and for tests of tampering."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = set(connection.introspection.table_names(cursor))
            for name, (table, *_) in sql.POSTGRESQL_TRIGGERS.items():
                if table in tables:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            for function in sql.POSTGRESQL_FUNCTIONS:
                cursor.execute(f"DROP FUNCTION IF EXISTS {function}()")
        else:
            for name in sql.SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not there, not enabled always, or not what we wrote."""
    if connection.vendor == "postgresql":
        return _missing_postgresql(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        present = dict(cursor.fetchall())
    return sorted(name for name, text in sql.SQLITE_TRIGGERS.items() if present.get(name) != text)


def operations() -> list[migrations.RunPython]:
    """What a migration that makes or alters the log's tables ends with."""
    return [migrations.RunPython(_forwards, _backwards)]


def again() -> list[migrations.RunPython]:
    """The same for a migration that adds tables: undoing it leaves the others protected."""
    return [migrations.RunPython(_forwards, _forwards)]


def _forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    install(schema_editor.connection)


def _backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    uninstall(schema_editor.connection)


def _install_postgresql(connection: BaseDatabaseWrapper, tables: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        for function, body in sql.POSTGRESQL_FUNCTIONS.items():
            # pg_temp last: nobody shadows the log with a temporary table of the same name.
            cursor.execute(
                f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
                f" SET search_path = {schema}, pg_temp AS $${body}$$"
            )
        for name, (table, event, function, _) in sql.POSTGRESQL_TRIGGERS.items():
            if table not in tables:
                continue
            when = event.format(table)
            cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()")
            # ALWAYS: session_replication_role = replica does not switch it off.
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _missing_postgresql(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgtype, p.proname, p.prosrc FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = ANY(%s::regclass[]) AND NOT t.tgisinternal"
            " AND t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr = ''",
            [list(sql.TABLES)],
        )
        present = {name: tuple(rest) for name, *rest in cursor.fetchall()}
    return sorted(
        name
        for name, (table, _, function, bits) in sql.POSTGRESQL_TRIGGERS.items()
        if present.get(name) != (table, bits, function, sql.POSTGRESQL_FUNCTIONS[function])
    )
