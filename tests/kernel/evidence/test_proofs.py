"""Proofs out of the database, bundles, dossiers, pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.errors import NotFound, Refused, Unavailable
from kernel.evidence import merkle, selectors, services
from kernel.evidence.models import LogEntry
from kernel.sealing import canonical
from tests.kernel.evidence.support import AT, CASE, append, append_some, new_signer

pytestmark = pytest.mark.django_db


def leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in LogEntry.objects.values_list("leaf", flat=True)]


def test_every_entry_is_provable_in_every_tree_that_holds_it():
    append_some(21)
    all_leaves = leaves()
    for size in range(1, 22):
        root = merkle.root(all_leaves[:size])
        for index in range(size):
            proof = services.prove(index, size)
            assert merkle.verify_inclusion(all_leaves[index], index, size, proof, root)


def test_every_tree_is_provably_the_beginning_of_every_later_one():
    append_some(21)
    all_leaves = leaves()
    roots = [merkle.root(all_leaves[:size]) for size in range(22)]
    for second in range(1, 22):
        for first in range(1, second + 1):
            proof = services.prove_consistency(first, second)
            assert merkle.verify_consistency(first, second, roots[first], roots[second], proof)


def test_a_proof_defaults_to_the_whole_log_and_takes_two_queries():
    append_some(21)
    with CaptureQueriesContext(connection) as queries:
        proof = services.prove(13)
    assert len(queries) == 2
    root = merkle.root(leaves())
    assert merkle.verify_inclusion(bytes(selectors.entry(13).leaf), 13, 21, proof, root)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 6), (0, 0), (7, None), (0, 64)])
def test_what_is_not_in_the_log_is_not_proven(index: int, size: int | None):
    append_some(5)
    with pytest.raises(Refused) as refused:
        services.prove(index, size)
    assert refused.value.refusals[0].code == "evidence.proof.size"


@pytest.mark.parametrize(("first", "second"), [(0, 5), (3, 2), (2, 6), (5, 8)])
def test_sizes_that_the_log_never_had_are_refused(first: int, second: int):
    append_some(5)
    with pytest.raises(Refused) as refused:
        services.prove_consistency(first, second)
    assert refused.value.refusals[0].code == "evidence.consistency.size"


def test_no_bundle_before_a_head_covers_the_entry():
    append_some(2)
    with pytest.raises(Unavailable):
        services.bundle(0)
    services.sign_head(AT, new_signer())
    services.bundle(1)
    append()
    with pytest.raises(Unavailable) as refused:
        services.bundle(2)
    assert refused.value.refusals[0].code == "evidence.head.behind"
    with pytest.raises(NotFound):
        services.bundle(3)


def test_a_bundle_is_canonical_json_and_can_rest_on_an_earlier_head():
    append_some(2)
    signer = new_signer()
    earlier = services.sign_head(AT, signer)
    append_some(3)
    services.sign_head(AT + timedelta(hours=1), signer)
    value = services.bundle(1, head=earlier)
    assert value["head"]["size"] == 2 and services.bundle(1)["head"]["size"] == 5
    assert canonical.decode(canonical.encode(value)) == value
    assert value["entries"][0]["entry"]["body"] == {"n": 1}


def test_a_withheld_entry_shows_only_its_leaf():
    append()
    services.sign_head(AT, new_signer())
    entry = services.bundle(0, disclose=False)["entries"][0]
    assert set(entry) == {"index", "leaf", "proof"}


def test_a_dossier_holds_the_public_entries_of_its_case_only():
    append_some(3)
    append(public=False)
    append(case="procurement.project:18")
    services.sign_head(AT, new_signer())
    append(9)
    dossier = services.dossier(CASE)
    assert dossier["case"] == CASE and [e["index"] for e in dossier["entries"]] == [0, 1, 2]
    whole = services.dossier(CASE, include_private=True)
    assert [e["index"] for e in whole["entries"]] == [0, 1, 2, 3]


def test_a_big_dossier_reads_its_nodes_in_few_queries():
    append_some(900)
    services.sign_head(AT, new_signer())
    with CaptureQueriesContext(connection) as queries:
        dossier = services.dossier(CASE)
    assert len(dossier["entries"]) == 900 and len(queries) <= 9


def test_no_dossier_before_anything_is_signed():
    append()
    with pytest.raises(Unavailable):
        services.dossier(CASE)


def test_entries_come_in_pages_by_case_and_kind():
    append_some(5)
    append_some(5, kind="bids.receipt", case="procurement.lot:1")
    append_some(2)
    first = selectors.entries(case=CASE, limit=4)
    second = selectors.entries(case=CASE, after=first[-1].index, limit=4)
    assert [e.index for e in first] == [0, 1, 2, 3] and [e.index for e in second] == [4, 10, 11]
    assert [e.index for e in selectors.entries(kind="bids.receipt", limit=2)] == [5, 6]
    assert len(selectors.entries()) == 12
