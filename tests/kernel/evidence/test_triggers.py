"""Nothing that reaches the database through a statement changes the log."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kernel.evidence import audit, services, trigger_sql, triggers
from kernel.evidence.models import LogEntry, LogNode, TreeHead
from tests.kernel.evidence.support import AT, append_some, new_signer

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")


@pytest.fixture
def log() -> dict[str, bytes]:
    append_some(6)
    signer = new_signer()
    services.sign_head(AT, signer)
    return {signer.key_id: signer.spki}


def run(statement: str, *parameters: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def refused(statement: str, *parameters: int) -> None:
    with pytest.raises(IntegrityError, match=r"append-only|no gaps"):
        run(statement, *parameters)


STATEMENTS = [
    "UPDATE kernel_logentry SET body = '{}' WHERE \"index\" = 2",
    "UPDATE kernel_logentry SET leaf = salt",
    'UPDATE kernel_logentry SET "index" = 99 WHERE "index" = 5',
    'UPDATE kernel_logentry SET public = NOT public WHERE "index" = 2',
    "UPDATE kernel_logentry SET body = body",
    "UPDATE kernel_logentry SET body = '', salt = '' WHERE \"index\" = 2",
    "UPDATE kernel_logentry SET erased_by = 5, body = '', salt = '' WHERE \"index\" = 2",
    "UPDATE kernel_logentry SET erased_by = NULL, body = '', salt = '' WHERE \"index\" = 2",
    "UPDATE kernel_lognode SET hash = hash",
    "UPDATE kernel_lognode SET level = 7 WHERE level = 2",
    "UPDATE kernel_treehead SET size = 5",
    "DELETE FROM kernel_logentry",
    'DELETE FROM kernel_logentry WHERE "index" = 5',
    "DELETE FROM kernel_lognode WHERE level = 2",
    "DELETE FROM kernel_treehead",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_update_and_delete_are_refused(log, statement: str):
    refused(statement)
    assert audit.check(log).entries == 6


def test_the_orm_cannot_change_the_log(log):
    entry, node, head = LogEntry.objects.all()[2], LogNode.objects.all()[0], TreeHead.objects.get()
    entry.body = '{"n":77}'
    head.size = 5
    node.hash = b"0" * 32
    for attempt in (
        entry.save,
        entry.delete,
        head.save,
        head.delete,
        node.save,
        node.delete,
        LogEntry.objects.all().delete,
        lambda: LogEntry.objects.filter(pk=1).update(kind="a.b"),
        lambda: LogEntry.objects.bulk_update([entry], ["body"]),
        lambda: LogEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["index"], update_fields=["body"]
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert audit.check(log).entries == 6


@pytest.mark.parametrize("index", [6 + 1, 99, -1])
def test_an_entry_that_would_leave_a_gap_is_refused(log, index: int):
    columns = '"index", kind, "case", at, body, salt, leaf, public'
    refused(
        f"INSERT INTO kernel_logentry ({columns})"
        f' SELECT %s, kind, "case", at, body, salt, leaf, public FROM kernel_logentry'
        f' WHERE "index" = 1',
        index,
    )


def test_an_entry_is_never_put_over_another(log):
    columns = 'kind, "case", at, body, salt, leaf, public'
    with pytest.raises(IntegrityError):
        run(
            f'INSERT INTO kernel_logentry ("index", {columns})'
            f' SELECT 2, {columns} FROM kernel_logentry WHERE "index" = 1'
        )
    assert audit.check(log).entries == 6


def test_an_upsert_is_an_update(log):
    columns = 'kind, "case", at, body, salt, leaf, public'
    with pytest.raises(IntegrityError):
        run(
            f'INSERT INTO kernel_logentry ("index", {columns})'
            f' SELECT 2, {columns} FROM kernel_logentry WHERE "index" = 1'
            ' ON CONFLICT ("index") DO UPDATE SET body = excluded.body'
        )
    assert audit.check(log).entries == 6


REPLACES = [
    'INSERT OR REPLACE INTO kernel_logentry ("index", kind, "case", at, body, salt, leaf, public)'
    ' SELECT 2, kind, "case", at, \'{}\', salt, leaf, public FROM kernel_logentry WHERE "index"=2',
    'REPLACE INTO kernel_logentry (rowid, "index", kind, "case", at, body, salt, leaf, public)'
    " SELECT e.rowid, 6, kind, \"case\", at, '{}', salt, leaf, public FROM kernel_logentry e"
    ' WHERE "index" = 2',
    'UPDATE OR REPLACE kernel_logentry SET "index" = 2 WHERE "index" = 3',
    'INSERT OR REPLACE INTO kernel_lognode (level, "index", hash)'
    ' SELECT level, "index", zeroblob(32) FROM kernel_lognode WHERE level = 2',
    'INSERT OR REPLACE INTO kernel_lognode (rowid, level, "index", hash)'
    " SELECT rowid, 9, 9, zeroblob(32) FROM kernel_lognode WHERE level = 2",
    "INSERT OR REPLACE INTO kernel_treehead (id, size, root, at, signature, key_id, spki)"
    " SELECT id, 5, root, at, signature, key_id, spki FROM kernel_treehead",
    "INSERT OR REPLACE INTO kernel_treehead (size, root, at, signature, key_id, spki)"
    " SELECT size, zeroblob(32), at, signature, key_id, spki FROM kernel_treehead",
]


@on_sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("statement", REPLACES)
def test_replace_is_refused_whether_triggers_recurse_or_not(log, statement: str, recursive: str):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={recursive}")
    try:
        refused(statement)
        assert audit.check(log).entries == 6
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers=ON")


@on_postgresql
@pytest.mark.parametrize("table", trigger_sql.TABLES)
def test_truncate_is_refused(log, table: str):
    # What others refer to PostgreSQL itself does not truncate alone.
    with pytest.raises(DatabaseError, match=r"append-only|foreign key"):
        run(f"TRUNCATE {table}")
    refused(f"TRUNCATE {table} CASCADE")


@on_postgresql
def test_the_replica_role_does_not_switch_the_triggers_off(log):
    run("SET LOCAL session_replication_role = replica")
    for statement in STATEMENTS:
        refused(statement)
    refused("TRUNCATE kernel_logentry")
    run("SET LOCAL session_replication_role = origin")


@on_postgresql
def test_a_temporary_table_does_not_lend_an_erasure_its_record(log):
    run("CREATE TEMP TABLE kernel_logentry (LIKE public.kernel_logentry)")
    run(
        'INSERT INTO pg_temp.kernel_logentry ("index", kind, "case", at, body, salt, leaf, public)'
        " VALUES (5, 'evidence.erased', '', now(), '{\"index\":2}', '', '', true)"
    )
    refused(
        "UPDATE public.kernel_logentry SET erased_by = 5, body = '', salt = '' WHERE \"index\" = 2"
    )


def test_an_erasure_record_erases_the_entry_that_it_names_and_no_other(log):
    with transaction.atomic():
        record = services.erase(2, at=AT, reason="x")
    for index in (1, 2, 3):
        refused(
            "UPDATE kernel_logentry SET erased_by = %s, body = '', salt = '' WHERE \"index\" = %s",
            record.index,
            index,
        )


def test_every_trigger_that_is_gone_is_named():
    assert triggers.missing(connection) == []
    names = list(trigger_sql.SQLITE_TRIGGERS)
    if connection.vendor == "postgresql":
        names = list(trigger_sql.POSTGRESQL_TRIGGERS)
    triggers.uninstall(connection)
    assert triggers.missing(connection) == sorted(names)
    triggers.install(connection)
    triggers.install(connection)
    assert triggers.missing(connection) == []


@on_postgresql
@pytest.mark.parametrize(
    "weakening",
    [
        "ALTER TABLE kernel_logentry DISABLE TRIGGER evidence_entry_delete",
        "ALTER TABLE kernel_logentry ENABLE TRIGGER evidence_entry_delete",
        "CREATE OR REPLACE TRIGGER evidence_entry_delete BEFORE DELETE ON kernel_logentry"
        " FOR EACH ROW WHEN (false) EXECUTE FUNCTION evidence_refuse();"
        "ALTER TABLE kernel_logentry ENABLE ALWAYS TRIGGER evidence_entry_delete",
        "CREATE OR REPLACE TRIGGER evidence_entry_delete BEFORE INSERT ON kernel_logentry"
        " FOR EACH ROW EXECUTE FUNCTION evidence_refuse();"
        "ALTER TABLE kernel_logentry ENABLE ALWAYS TRIGGER evidence_entry_delete",
    ],
)
def test_a_weakened_trigger_counts_as_missing(weakening: str):
    run(weakening)
    assert triggers.missing(connection) == ["evidence_entry_delete"]


@on_postgresql
def test_a_gutted_function_counts_as_missing():
    run(
        "CREATE OR REPLACE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'"
    )
    assert "evidence_head_delete" in triggers.missing(connection)


@on_sqlite
def test_a_weakened_trigger_of_sqlite_counts_as_missing():
    run("DROP TRIGGER evidence_entry_delete")
    run(
        "CREATE TRIGGER evidence_entry_delete BEFORE DELETE ON kernel_logentry"
        " WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    assert triggers.missing(connection) == ["evidence_entry_delete"]


def test_a_null_never_opens_the_way_for_an_update(log):
    with pytest.raises(DatabaseError):
        run('UPDATE kernel_logentry SET body = NULL, erased_by = 5 WHERE "index" = 1')
