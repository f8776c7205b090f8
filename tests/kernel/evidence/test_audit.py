"""``manage.py evidence verify`` finds what the tables' owner did with the triggers away."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations import RunPython

from kernel.evidence import audit, formats, keys, merkle, proofs, services, triggers
from kernel.evidence.models import LogEntry, LogNode, TreeHead
from tests.kernel.evidence.support import AT, append, append_some, new_signer


@contextmanager
def without_triggers() -> Iterator[None]:
    triggers.uninstall(connection)
    try:
        yield
    finally:
        triggers.install(connection)


@pytest.fixture
def log(committed_log, settings, tmp_path) -> None:
    """Twelve entries, heads at 5 and 12, one entry erased."""
    settings.VAR_DIR = tmp_path
    append_some(5)
    services.sign_head(AT, keys.signer())
    append_some(5)
    with transaction.atomic():
        services.erase(3, at=AT, reason="x")
    append()
    services.sign_head(AT + timedelta(hours=1), keys.signer())


def verify() -> str:
    out = io.StringIO()
    call_command("evidence", "verify", stdout=out)
    return out.getvalue()


def finds(code: str, **facts: object) -> None:
    with pytest.raises(audit.Fault) as fault:
        audit.check(keys.known())
    (refusal,) = fault.value.refusals
    assert refusal.code == f"evidence.audit.{code}"
    assert {name: refusal.facts[name] for name in facts} == facts
    with pytest.raises(CommandError) as error:
        verify()
    assert error.value.returncode == 1


def test_a_sound_log_is_found_sound(log):
    assert "12" in verify()
    assert audit.check(keys.known()) == audit.Summary(entries=12, heads=2, erased=1, unsigned=0)


def test_an_empty_log_is_sound(committed_log):
    assert audit.check({}) == audit.Summary(0, 0, 0, 0)


def test_the_tail_that_no_head_covers_yet_is_told(log):
    append_some(3)
    assert audit.check(keys.known()).unsigned == 3


@pytest.mark.parametrize(
    "change",
    [
        {"body": '{"n":77}'},
        {"kind": "workflow.other"},
        {"case": "procurement.project:18"},
        {"at": AT + timedelta(microseconds=1)},
        {"salt": b"\0" * 32},
        {"leaf": b"\0" * 32},
        {"body": "", "salt": b""},
    ],
)
def test_a_changed_entry_is_named(log, change: dict[str, object]):
    with without_triggers():
        LogEntry.objects.filter(pk=7).update(**change)
    finds("entry", index=7)


def test_an_entry_rewritten_with_its_leaf_is_found_by_its_node(log):
    with without_triggers():
        rewrite(7)
    finds("node", level=1, index=3)


def test_an_entry_rewritten_with_all_its_nodes_is_found_by_the_signed_root(log):
    with without_triggers():
        rewrite(7)
        rebuild()
    finds("root", size=12)


def test_rewriting_heads_too_needs_the_key(log):
    with without_triggers():
        rewrite(7)
        rebuild()
        leaves = [bytes(leaf) for leaf in LogEntry.objects.values_list("leaf", flat=True)]
        TreeHead.objects.filter(size=12).update(root=merkle.root(leaves))
    finds("signature", size=12)


def test_a_head_signed_by_a_stranger_is_found(log):
    stranger = new_signer()
    with without_triggers():
        head = TreeHead.objects.get(size=12)
        signed = formats.head_bytes(size=12, root=bytes(head.root), at=head.at, log=stranger.key_id)
        TreeHead.objects.filter(pk=head.pk).update(
            signature=stranger.sign(signed), key_id=stranger.key_id, spki=stranger.spki
        )
    finds("key", log=stranger.key_id)


def test_a_head_under_a_borrowed_name_is_found(log):
    with without_triggers():
        TreeHead.objects.filter(size=12).update(spki=new_signer().spki)
    finds("key")


@pytest.mark.parametrize("change", [{"hash": b"\0" * 32}, None])
def test_a_changed_or_missing_node_is_named(log, change: dict[str, object] | None):
    with without_triggers():
        node = LogNode.objects.filter(level=2, index=1)
        node.update(**change) if change else node.delete()
    finds("node", level=2, index=1)


@pytest.mark.parametrize(("level", "index"), [(1, 6), (4, 0), (0, 3), (2, 900)])
def test_a_node_that_should_not_be_there_is_named(log, level: int, index: int):
    with without_triggers():
        LogNode.objects.create(level=level, index=index, hash=b"\0" * 32)
    finds("node", level=level, index=index)


def test_an_entry_removed_from_the_middle_is_named(log):
    with without_triggers():
        LogEntry.objects.filter(pk=7).delete()
    finds("gap", index=7)


def test_an_entry_removed_from_the_tail_is_found(log):
    with without_triggers():
        LogEntry.objects.filter(pk=11).delete()
    finds("short", size=12, entries=11)


def test_an_unsigned_entry_removed_from_the_tail_is_found_by_its_node(log):
    append_some(2)
    with without_triggers():
        LogEntry.objects.filter(pk=13).delete()
    finds("node", level=1, index=6)


def test_the_first_entry_removed_is_named(log):
    with without_triggers():
        LogEntry.objects.filter(pk=0).delete()
    finds("gap", index=0)


@pytest.mark.parametrize("record", [1, 10, 99])
def test_an_erasure_needs_the_record_that_names_it(log, record: int):
    with without_triggers():
        LogEntry.objects.filter(pk=8).update(body="", salt=b"", erased_by=record)
    finds("erasure", index=8)


def test_missing_triggers_are_named(log):
    triggers.uninstall(connection)
    try:
        finds("trigger")
    finally:
        triggers.install(connection)


def test_more_than_one_chunk_is_walked(committed_log, monkeypatch):
    monkeypatch.setattr(audit, "_CHUNK", 7)
    append_some(100)
    seen: list[int] = []
    assert audit.check({}, lambda done, total: seen.append(done)).entries == 100
    assert seen[:2] == [7, 14] and seen[-1] == 100
    with without_triggers():
        LogNode.objects.filter(level=3, index=11).delete()
    finds("node", level=3, index=11)


def test_a_migration_installs_the_triggers_and_its_way_back_takes_them_away(committed_log):
    (operation,) = triggers.operations()
    assert isinstance(operation, RunPython)
    steps: list[tuple[Callable[..., None] | None, bool]] = [
        (operation.reverse_code, False),
        (operation.code, True),
    ]
    for step, there in steps:
        assert step is not None
        with connection.schema_editor() as editor:
            step(None, editor)
        assert (triggers.missing(connection) == []) is there


def rewrite(index: int) -> None:
    """Change a body and make its leaf match, as somebody does who read our documentation."""
    row = LogEntry.objects.get(pk=index)
    row.body = '{"n":77}'
    leaf = formats.entry_leaf(bytes(row.salt), proofs.row_bytes(row))
    LogEntry.objects.filter(pk=index).update(body=row.body, leaf=leaf)


def rebuild() -> None:
    """Make every node match the leaves."""
    tree = merkle.Frontier()
    for leaf in LogEntry.objects.values_list("leaf", flat=True):
        for level, index, value in tree.append(bytes(leaf)):
            LogNode.objects.filter(level=level, index=index).update(hash=value)
