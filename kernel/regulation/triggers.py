"""The database itself refuses to alter or delete what was published of the law."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from kernel.evidence import append_only

TABLE = "kernel_publishedruleset"
MESSAGE = "published rule sets are never altered or deleted"

_SQLITE = [
    f"""
    CREATE TRIGGER IF NOT EXISTS rule_set_no_{verb.lower()} BEFORE {verb} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
    """
    for verb in ("UPDATE", "DELETE")
]
# TRUNCATE of an empty table is let through: it deletes nothing, and test resets use it.
_POSTGRESQL = [
    f"""
    CREATE OR REPLACE FUNCTION rule_set_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {TABLE}) THEN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608  (constants of this file)
    f"DROP TRIGGER IF EXISTS rule_set_no_change ON {TABLE}",
    f"""
    CREATE TRIGGER rule_set_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION rule_set_frozen()
    """,
    f"DROP TRIGGER IF EXISTS rule_set_no_truncate ON {TABLE}",
    f"""
    CREATE TRIGGER rule_set_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION rule_set_frozen()
    """,
]


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers (again); to be run after every migration that touches the table."""
    statements = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not there, switched off, or not what we wrote."""
    if connection.vendor == "sqlite":
        return append_only.missing_sqlite(connection, _SQLITE)
    names = {"rule_set_no_change": append_only.CHANGE, "rule_set_no_truncate": append_only.TRUNCATE}
    return append_only.missing_postgresql(connection, TABLE, names, _POSTGRESQL[0])


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, for the reverse of a migration."""
    names = ("update", "delete") if connection.vendor == "sqlite" else ("change", "truncate")
    where = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS rule_set_no_{name}{where}")
