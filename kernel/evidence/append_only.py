"""Tables that the database itself keeps append-only, on both databases."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "this ledger is never altered or deleted"
_tables: set[str] = set()


def protect(table: str) -> None:
    """Name a table as append-only, at start-up; its migration installs the triggers."""
    _tables.add(table)


def operations(table: str) -> list[migrations.RunPython]:
    """What a migration does for a table, after its creation."""
    return [
        migrations.RunPython(
            lambda _apps, editor: install(editor.connection, table),
            lambda _apps, editor: uninstall(editor.connection, table),
        )
    ]


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """Create the triggers (again); to be run after every migration that touches the table."""
    with connection.cursor() as cursor:
        for statement in _sqlite(table) if connection.vendor == "sqlite" else _postgresql(table):
            cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper, table: str) -> None:
    """Drop the triggers: for the reverse of a migration, and for a test's reset."""
    names = ("update", "delete") if connection.vendor == "sqlite" else ("change", "truncate")
    where = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}{where}")


def install_all(connection: BaseDatabaseWrapper) -> None:
    """Every table that was named."""
    for table in sorted(_tables):
        install(connection, table)


def uninstall_all(connection: BaseDatabaseWrapper) -> None:
    """Every table that was named."""
    for table in sorted(_tables):
        uninstall(connection, table)


def missing_all(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers of all named tables that are not there, off, or not what we wrote."""
    return [name for table in sorted(_tables) for name in missing(connection, table)]


def missing(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """The same of one table."""
    if connection.vendor == "sqlite":
        return missing_sqlite(connection, _sqlite(table))
    names = {f"{table}_no_change": CHANGE, f"{table}_no_truncate": TRUNCATE}
    return missing_postgresql(connection, table, names, _postgresql(table)[0])


def missing_sqlite(connection: BaseDatabaseWrapper, statements: list[str]) -> list[str]:
    """Names of the triggers that these statements make and that are not there as they stand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        present = {name: " ".join(text.split()) for name, text in cursor.fetchall()}
    # SQLite keeps the statement without its IF NOT EXISTS.
    wanted = [" ".join(text.replace("IF NOT EXISTS ", "").split()) for text in statements]
    return [text.split()[2] for text in wanted if present.get(text.split()[2]) != text]


# PostgreSQL's bits: per row, before, on update and delete; before, on truncate.
CHANGE, TRUNCATE = 1 + 2 + 8 + 16, 2 + 32


def missing_postgresql(
    connection: BaseDatabaseWrapper, table: str, names: dict[str, int], function: str
) -> list[str]:
    """Names of a table's triggers (with their bits) that do not run what a function's text says."""
    body = function.split("$$")[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, t.tgtype FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal AND p.prosrc = %s"
            " AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''",
            [table, body],
        )
        present = dict(cursor.fetchall())
    return [name for name, bits in names.items() if present.get(name) != bits]


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    # TRUNCATE of an empty table is let through: it deletes nothing, and test resets use it.
    return [
        f"""
        CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {table}) THEN
                RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """,  # noqa: S608  (a table's name from our own code)
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_frozen()",
    ]
