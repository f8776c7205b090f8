"""The SQL that makes the log append-only, for PostgreSQL and SQLite.

Refused: DELETE, TRUNCATE, REPLACE, gaps, and every UPDATE but one: an entry's body and salt may
be emptied, once, under a later entry of kind ``evidence.erased`` that names it (PIPL art. 47).
Dropping a trigger takes the table's owner; ``manage.py evidence verify`` finds what was done then.
"""

from __future__ import annotations

ENTRY, NODE, HEAD = "kernel_logentry", "kernel_lognode", "kernel_treehead"
WITNESS, COSIGNATURE = "kernel_witness", "kernel_cosignature"
# Those that others refer to come last.
TABLES = (ENTRY, NODE, COSIGNATURE, HEAD, WITNESS)

# tgtype bits of pg_trigger: what a trigger of ours must still be when it is looked for later.
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32

POSTGRESQL_FUNCTIONS = {
    "evidence_refuse": """
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
""",
    # A condition that is NULL falls to ELSE, which refuses.
    "evidence_erase_only": """
BEGIN
    IF OLD.erased_by IS NULL AND NEW.erased_by > OLD."index"
        AND NEW.body = '' AND length(NEW.salt) = 0
        AND (NEW."index", NEW.kind, NEW."case", NEW.at, NEW.leaf, NEW.public)
            = (OLD."index", OLD.kind, OLD."case", OLD.at, OLD.leaf, OLD.public)
        AND OLD.kind <> 'evidence.erased'
        AND EXISTS (
            SELECT 1 FROM kernel_logentry e
            WHERE e."index" = NEW.erased_by AND e.kind = 'evidence.erased'
                AND (e.body::json ->> 'index')::bigint = OLD."index"
        )
    THEN
        RETURN NEW;
    ELSE
        RAISE EXCEPTION 'the log is append-only: UPDATE on % refused', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END
""",
    "evidence_contiguous": """
DECLARE
    lowest bigint; highest bigint; amount bigint;
BEGIN
    SELECT min("index"), max("index"), count(*) INTO lowest, highest, amount FROM added;
    IF amount > 0 AND (
        lowest < 0 OR highest - lowest + 1 <> amount OR (
            lowest > 0
            AND NOT EXISTS (SELECT 1 FROM kernel_logentry WHERE "index" = lowest - 1)
        )
    ) THEN
        RAISE EXCEPTION 'the log has no gaps: INSERT at % refused', lowest
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
""",
}

# name -> (table, event, function, tgtype)
POSTGRESQL_TRIGGERS: dict[str, tuple[str, str, str, int]] = {
    "evidence_entry_insert": (
        ENTRY,
        "AFTER INSERT ON {} REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        "evidence_contiguous",
        _INSERT,
    ),
    "evidence_entry_update": (
        ENTRY,
        "BEFORE UPDATE ON {} FOR EACH ROW",
        "evidence_erase_only",
        _ROW | _BEFORE | _UPDATE,
    ),
    "evidence_node_update": (
        NODE,
        "BEFORE UPDATE ON {} FOR EACH ROW",
        "evidence_refuse",
        _ROW | _BEFORE | _UPDATE,
    ),
    "evidence_head_update": (
        HEAD,
        "BEFORE UPDATE ON {} FOR EACH ROW",
        "evidence_refuse",
        _ROW | _BEFORE | _UPDATE,
    ),
}
for _short, _table in (("witness", WITNESS), ("cosignature", COSIGNATURE)):
    POSTGRESQL_TRIGGERS[f"evidence_{_short}_update"] = (
        _table,
        "BEFORE UPDATE ON {} FOR EACH ROW",
        "evidence_refuse",
        _ROW | _BEFORE | _UPDATE,
    )
for _short, _table in (
    ("entry", ENTRY),
    ("node", NODE),
    ("head", HEAD),
    ("witness", WITNESS),
    ("cosignature", COSIGNATURE),
):
    POSTGRESQL_TRIGGERS[f"evidence_{_short}_delete"] = (
        _table,
        "BEFORE DELETE ON {} FOR EACH ROW",
        "evidence_refuse",
        _ROW | _BEFORE | _DELETE,
    )
    POSTGRESQL_TRIGGERS[f"evidence_{_short}_truncate"] = (
        _table,
        "BEFORE TRUNCATE ON {} FOR EACH STATEMENT",
        "evidence_refuse",
        _BEFORE | _TRUNCATE,
    )

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the log is append-only: %s on %s refused'); END"

# The insert triggers stop REPLACE on any key, also where recursive_triggers is off: REPLACE
# deletes the old row, and without that setting it does so without asking the DELETE trigger.
_SQLITE_EVENTS: dict[str, tuple[str, str, str]] = {
    "evidence_entry_insert": (
        ENTRY,
        "INSERT",
        """WHEN NEW."index" < 0
    OR EXISTS (SELECT 1 FROM kernel_logentry WHERE "index" = NEW."index" OR rowid = NEW.rowid)
    OR (NEW."index" > 0
        AND NOT EXISTS (SELECT 1 FROM kernel_logentry WHERE "index" = NEW."index" - 1))""",
    ),
    "evidence_node_insert": (
        NODE,
        "INSERT",
        """WHEN EXISTS (SELECT 1 FROM kernel_lognode
    WHERE ("level" = NEW."level" AND "index" = NEW."index") OR rowid = NEW.rowid)""",
    ),
    "evidence_head_insert": (
        HEAD,
        "INSERT",
        """WHEN EXISTS (SELECT 1 FROM kernel_treehead
    WHERE ("size" = NEW."size" AND "at" = NEW."at") OR id = NEW.id)""",
    ),
    # IS NOT 1: a condition that is NULL is refused too.
    "evidence_entry_update": (
        ENTRY,
        "UPDATE",
        """WHEN (
    OLD.erased_by IS NULL AND NEW.erased_by > OLD."index"
    AND NEW.body = '' AND length(NEW.salt) = 0
    AND (NEW."index", NEW.kind, NEW."case", NEW.at, NEW.leaf, NEW.public, NEW.rowid)
        = (OLD."index", OLD.kind, OLD."case", OLD.at, OLD.leaf, OLD.public, OLD.rowid)
    AND OLD.kind <> 'evidence.erased'
    AND EXISTS (
        SELECT 1 FROM kernel_logentry e
        WHERE e."index" = NEW.erased_by AND e.kind = 'evidence.erased'
            AND json_extract(e.body, '$.index') = OLD."index"
    )) IS NOT 1""",
    ),
    "evidence_node_update": (NODE, "UPDATE", ""),
    "evidence_head_update": (HEAD, "UPDATE", ""),
    "evidence_entry_delete": (ENTRY, "DELETE", ""),
    "evidence_node_delete": (NODE, "DELETE", ""),
    "evidence_head_delete": (HEAD, "DELETE", ""),
    "evidence_witness_insert": (
        WITNESS,
        "INSERT",
        """WHEN EXISTS (SELECT 1 FROM kernel_witness
    WHERE "key_id" = NEW."key_id" OR id = NEW.id)""",
    ),
    "evidence_witness_update": (WITNESS, "UPDATE", ""),
    "evidence_witness_delete": (WITNESS, "DELETE", ""),
    "evidence_cosignature_insert": (
        COSIGNATURE,
        "INSERT",
        """WHEN EXISTS (SELECT 1 FROM kernel_cosignature
    WHERE ("head_id" = NEW."head_id" AND "witness_id" = NEW."witness_id") OR id = NEW.id)""",
    ),
    "evidence_cosignature_update": (COSIGNATURE, "UPDATE", ""),
    "evidence_cosignature_delete": (COSIGNATURE, "DELETE", ""),
}

# name -> the statement, exactly as sqlite_master keeps it
SQLITE_TRIGGERS: dict[str, str] = {
    name: f"CREATE TRIGGER {name} BEFORE {event} ON {table}\n{condition}\n"
    + _REFUSE % (event, table)
    for name, (table, event, condition) in _SQLITE_EVENTS.items()
}
SQLITE_TABLES: dict[str, str] = {name: table for name, (table, *_) in _SQLITE_EVENTS.items()}
