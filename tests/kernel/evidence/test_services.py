"""Appending, signing, erasing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.errors import Conflict, NotFound, Refused
from kernel.evidence import audit, formats, merkle, proofs, selectors, services, storage
from kernel.evidence.models import LogEntry, LogNode, TreeHead
from kernel.sealing import canonical
from tests.kernel.evidence.support import AT, CASE, append, append_some, new_signer

pytestmark = pytest.mark.django_db


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusals[0].code


def test_leaf_is_the_documented_hash_of_salt_and_canonical_entry():
    entry = append(0)
    stored = selectors.entry(0)
    data = canonical.encode(
        {
            "v": 1,
            "index": 0,
            "kind": "workflow.act",
            "at": "2026-11-23T01:02:03.000004Z",
            "case": CASE,
            "body": {"n": 0},
        }
    )
    assert entry.index == 0 and bytes(stored.leaf) == entry.leaf
    assert proofs.row_bytes(stored) == data
    assert entry.leaf == formats.entry_leaf(bytes(stored.salt), data)


def test_the_entry_handed_back_is_the_stored_one():
    entry = append(0, public=False)
    stored = selectors.entry(0)
    fields = ("index", "kind", "case", "at", "body", "public", "erased_by")
    assert [getattr(entry, name) for name in fields] == [getattr(stored, name) for name in fields]
    assert entry == stored and not entry._state.adding


def test_body_is_kept_as_the_canonical_text_that_was_hashed():
    append(body={"b": "道路", "a": [1, None, True]})
    assert selectors.entry(0).body == '{"a":[1,null,true],"b":"道路"}'


def test_an_instant_of_another_zone_is_stored_in_utc():
    append(at=datetime(2026, 11, 23, 9, 2, 3, 4, timezone(timedelta(hours=8))))
    assert b'"at":"2026-11-23T01:02:03.000004Z"' in proofs.row_bytes(selectors.entry(0))


def test_equal_entries_have_different_leaves():
    first, second = append(0), append(0)
    assert len(first.salt) == 32 and first.salt != second.salt and first.leaf != second.leaf


@pytest.mark.parametrize(
    "kind", ["act", "Workflow.act", "workflow act", "", "workflow.act\n", "a." + "b" * 79]
)
def test_a_kind_is_a_dotted_code(kind: str):
    with pytest.raises(ValueError, match="kind"):
        append(kind=kind)


@pytest.mark.parametrize("case", ["x" * 121, 17, None])
def test_a_case_is_a_short_name(case: object):
    with pytest.raises(ValueError, match="case"):
        append(case=case)
    append(case="x" * 120)


def test_a_body_that_canonical_json_cannot_carry_is_refused_and_nothing_is_written():
    with pytest.raises(Refused) as refused:
        append(body={"amount": 1.5})
    assert code(refused) == "sealing.canonical.type" and selectors.log_size() == 0


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        append(at=datetime(2026, 11, 23))


def test_one_append_takes_four_queries_at_most():
    for n in range(9):
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            services.append(kind="a.b", case="", at=AT, body={"n": n})
        assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) <= 4


def test_appending_one_by_one_and_in_bulk_gives_the_same_tree():
    append_some(3)
    for n in range(5):
        append(n)
    append_some(100)  # past the size from which PostgreSQL copies
    append_some(29)
    leaves = [bytes(leaf) for leaf in LogEntry.objects.values_list("leaf", flat=True)]
    assert len(leaves) == 137 and storage.frontier().root() == merkle.root(leaves)
    assert LogNode.objects.count() == 137 - (137).bit_count()
    assert audit.check({}).entries == 137


def test_append_many_gives_the_indexes_in_order():
    append()
    with transaction.atomic():
        new = [services.NewEntry("a.b", "", AT, {"n": n}, public=False) for n in range(3)]
        assert services.append_many(new) == range(1, 4)
        assert services.append_many([]) == range(0)
    assert [row.body for row in LogEntry.objects.filter(kind="a.b")] == [
        '{"n":0}',
        '{"n":1}',
        '{"n":2}',
    ]
    assert not LogEntry.objects.get(pk=2).public


def test_a_rollback_leaves_no_gap():
    append(0)
    with pytest.raises(RuntimeError, match="later fault"), transaction.atomic():
        services.append(kind="a.b", case="", at=AT, body={})
        raise RuntimeError("later fault")
    assert append(1).index == 1
    assert audit.check({}).entries == 2


def test_a_head_signs_size_root_time_and_log():
    append_some(5)
    signer = new_signer()
    head = services.sign_head(AT, signer)
    stored = services.head()
    assert stored == head and stored.size == 5 and bytes(stored.root) == storage.frontier().root()
    signed = canonical.encode(
        {
            "format": "zhuxin-tree-head/1",
            "size": 5,
            "root": bytes(stored.root).hex(),
            "at": "2026-11-23T01:02:03.000004Z",
            "log": signer.key_id,
        }
    )
    assert formats.signature_holds(signer.spki, bytes(stored.signature), signed)
    assert not formats.signature_holds(new_signer().spki, bytes(stored.signature), signed)
    assert not formats.signature_holds(signer.spki, bytes(stored.signature), signed + b" ")


def test_an_empty_log_can_be_signed():
    head = services.sign_head(AT, new_signer())
    assert head.size == 0 and head.root == merkle.EMPTY_ROOT


def test_another_key_does_not_sign_unless_it_is_rotated_in():
    append()
    first, second = new_signer(), new_signer()
    services.sign_head(AT, first)
    with pytest.raises(Conflict) as refused:
        services.sign_head(AT + timedelta(hours=1), second)
    assert code(refused) == "evidence.key.changed" and TreeHead.objects.count() == 1
    head = services.rotate_key(AT + timedelta(hours=2), second)
    assert head.key_id == second.key_id and head.size == 2
    change = selectors.entries(kind="evidence.key_changed")[0]
    assert first.key_id in change.body and second.key_id in change.body
    trusted = {first.key_id: first.spki, second.key_id: second.spki}
    assert audit.check(trusted).heads == 2


def test_rotating_to_the_same_key_only_signs():
    append()
    signer = new_signer()
    services.rotate_key(AT, signer)
    services.rotate_key(AT + timedelta(hours=1), signer)
    assert selectors.log_size() == 1 and TreeHead.objects.count() == 2


def test_an_erased_body_is_gone_and_its_leaf_stays_provable():
    append_some(3)
    signer = new_signer()
    services.sign_head(AT, signer)
    leaf = bytes(selectors.entry(1).leaf)
    with transaction.atomic():
        record = services.erase(1, at=AT, reason="个人信息删除请求")
    gone = selectors.entry(1)
    assert gone.body == "" and bytes(gone.salt) == b"" and gone.erased_by == record.index == 3
    assert bytes(gone.leaf) == leaf
    services.sign_head(AT + timedelta(hours=1), signer)
    value = services.bundle(1)["entries"][0]
    assert "entry" not in value and "salt" not in value and value["leaf"] == leaf.hex()
    summary = audit.check({signer.key_id: signer.spki})
    assert summary.erased == 1 and summary.heads == 2 and summary.unsigned == 0


def test_nothing_is_erased_twice_and_no_record_of_an_erasure_is():
    append_some(2)
    with transaction.atomic():
        services.erase(0, at=AT, reason="x")
    with pytest.raises(Conflict) as twice, transaction.atomic():
        services.erase(0, at=AT, reason="x")
    with pytest.raises(Refused) as record, transaction.atomic():
        services.erase(2, at=AT, reason="x")
    with pytest.raises(NotFound), transaction.atomic():
        services.erase(99, at=AT, reason="x")
    assert code(twice) == "evidence.entry.erased"
    assert code(record) == "evidence.entry.not_erasable"


def test_instants_have_microseconds_and_utc():
    assert formats.instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"
