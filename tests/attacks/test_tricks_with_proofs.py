"""Attacker: an operator who proves with trees that are empty, too small, or of odd hashes.

RFC 9162's proofs are easy to check too laxly: a tree of size 0 begins every tree, a proof of no
steps leads from a leaf to itself, an inner node looks like a leaf, a hash of another length moves
the border between left and right. Stopped: sizes begin with 1, hashes are 32 bytes by form, a leaf
is the hash of salt and entry under its own prefix, and a proof is exactly as long as its tree asks;
the same for receipts, protests, lists, dossiers and witnesses, whatever program reads them.
"""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace

import pytest

from kernel.errors import Refused
from kernel.evidence import formats, merkle
from kernel.evidence.dossiers import layout, logs
from kernel.evidence.reading import Unsound
from kernel.evidence.witnessing import keep
from kernel.sealing import canonical
from kernel.sealing.bids import closing, receipts
from procurement.bidder import submit
from tests.kernel.evidence.witnessing.logs import FakeLog
from tests.kernel.evidence.witnessing.test_following import alarmed, log, witness
from tests.kernel.sealing.bids.conftest import sealed, stage
from tests.kernel.sealing.bids.support import NOW, altered, codes
from tests.kernel.sealing.bids.test_closing import listed, made
from tests.procurement.bidder.lot_log import Log

__all__ = ["listed", "log", "made", "sealed", "stage", "witness"]
SIZE = 11


@pytest.fixture
def tree():
    found = Log()
    for n in range(SIZE):
        found.append(receipts.RECEIPT_ENTRY, {"manifest_sha256": "ab" * 32, "n": n}, NOW)
    return found


def says(proof):
    """What each program that reads such proofs says: the bidder's, the trustee's, the server."""
    holds = [formats.log_holds(proof)]
    try:
        submit.check_log(proof)
    except Refused:
        holds.append(False)
    else:
        holds.append(True)
    return set(holds)


def changed(told, /, **changes):
    return receipts.LogProof(**{**vars(told), **changes})


def test_no_program_believes_a_proof_of_another_length_place_or_size(tree):
    for index in range(SIZE):
        proof = tree.proof(index)
        assert says(proof) == {True}
        lies = [
            {"size": 0}, {"size": 0, "root": merkle.EMPTY_ROOT, "proof": ()},
            {"size": 1, "index": 0, "proof": ()}, {"index": SIZE}, {"index": index + SIZE},
            {"index": -1}, {"proof": proof.proof[:-1]}, {"proof": (*proof.proof, bytes(32))},
            {"proof": (b"", *proof.proof)}, {"proof": proof.proof[::-1]},
            {"root": proof.leaf}, {"root": proof.root[:31]}, {"leaf": proof.root, "proof": ()},
            {"root": merkle.EMPTY_ROOT},
        ]  # fmt: skip
        if index != SIZE - 1:
            first = proof.proof[0]
            lies += [
                {"proof": (first[:31], *proof.proof[1:])},
                {"proof": (first + b"\0", *proof.proof[1:])},
                {"proof": (first[:16], first[16:], *proof.proof[1:])},
            ]
        for lie in lies:
            if lie.get("proof") == proof.proof:
                continue
            assert says(changed(proof, **lie)) == {False}, (index, lie)


def test_an_inner_node_is_no_entry(tree):
    """Two leaves side by side, told as one entry of a tree of half the size."""
    left, right = tree.leaves[0], tree.leaves[1]
    proof = tree.proof(0)
    node = merkle.node_hash(left, right)
    lie = changed(proof, leaf=node, index=0, size=SIZE // 2 + 1, proof=proof.proof[1:])
    assert says(lie) == {False}
    # Nor is there a salt and an entry whose leaf would be that node: the prefixes differ.
    assert formats.entry_leaf(left, right.hex().encode()) != node
    assert hashlib.sha256(b"\x01" + left + right).digest() == node


@pytest.mark.parametrize(
    "change",
    [
        {"size": 0}, {"size": -1}, {"size": 1.0}, {"size": True}, {"size": 2**60},
        {"root": ""}, {"root": "ab" * 31}, {"root": "AB" * 32}, {"root": "ab" * 33},
        {"leaf": "ab" * 16}, {"salt": ""}, {"proof": ["ab" * 31]}, {"proof": [""]},
        {"proof": ["ab" * 32] * 65}, {"proof": "ab" * 32}, {"index": -1}, {"extra": 1},
    ],
)  # fmt: skip
def test_a_proof_of_another_form_is_not_even_read(tree, change):
    value = tree.proof(3).as_json()
    receipts.read_log(value)
    with pytest.raises(Refused):
        receipts.read_log({**value, **change})


@pytest.mark.parametrize(
    "change",
    [{"tree_size": 0}, {"tree_root": ""}, {"tree_root": "ab" * 31}, {"tree_root": "AB" * 32}],
)
def test_a_list_over_no_tree_is_not_even_read(listed, change):
    assert closing.read_list(listed.encode()) == listed
    (code,) = codes(closing.read_list, altered(listed.encode(), **change))
    assert code == "sealing.format.field"


@pytest.mark.parametrize("first", [0, -1])
def test_nothing_is_consistent_with_an_empty_tree(first):
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(4)]
    root = merkle.root(leaves)
    for proof in ((), (root,), (merkle.EMPTY_ROOT,)):
        assert not merkle.verify_consistency(first, 4, merkle.EMPTY_ROOT, root, proof)
    value = {"format": formats.CONSISTENCY_FORMAT, "first": first, "second": 4, "proof": []}
    told = keep.read_consistency(value, "x")
    assert not merkle.verify_consistency(*told[:2], merkle.EMPTY_ROOT, root, told[2])


@pytest.mark.parametrize("size", [0, 3, 5, 9])
def test_a_dossier_holds_no_tree_that_is_not_the_beginning_of_its_own(size):
    """With whatever proof the operator puts beside it: none, the root's own, one from nothing."""
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(5)]
    root, log = merkle.root(leaves), "ab" * 32
    for steps in ([], [root], [bytes(32)] * 3, [merkle.EMPTY_ROOT]):
        for first in {0, size}:
            data = layout.consistencies([(first, 5, steps)]) if first else b""
            work = SimpleNamespace(
                head=SimpleNamespace(size=5, root=root, log=log), known=None,
                proofs=layout.read_consistencies(data) if data else {0: (5, tuple(steps))},
            )  # fmt: skip
            with pytest.raises(Unsound):
                logs.covers(work, "receipt", log, size, merkle.EMPTY_ROOT)


@pytest.mark.parametrize("size", [0, -1])
def test_a_witness_takes_no_head_of_an_empty_tree(witness, log, size):
    witness.look()

    class Emptied(FakeLog):
        def newest(self):
            facts = {"size": max(size, 0), "root": merkle.EMPTY_ROOT, "at": self.at}
            signed = formats.head_bytes(**facts, log=self.signer.key_id)
            head = canonical.decode(signed) | {"size": size}
            head |= {"signature": formats.b64(self.signer.sign(canonical.encode(head)))}
            return canonical.encode({**self.head(), "head": head})

    assert alarmed(witness, Emptied(log.signer, [], log.at)).what in (
        "shrunk", "older", "shape", "bad_root", "field",
    )  # fmt: skip
    assert json.loads(canonical.encode(log.head()))["head"]["size"] == 5
