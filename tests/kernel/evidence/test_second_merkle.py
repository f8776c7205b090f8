"""The tree's proofs against a second implementation, written from RFC 9162 alone and recursive.

Where the one in the kernel walks bits upwards, this one splits ranges downwards: the two share no
idea, so that a fault in one shows against the other. Every size to 300, every index.
"""

from __future__ import annotations

import hashlib
import itertools
import random

import pytest

from kernel.evidence import merkle

SIZE = 300


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def split(width: int) -> int:
    return next(1 << k for k in range(width.bit_length(), -1, -1) if 1 << k < width)


def climb(index: int, width: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """The root that a path leads to; None where it has another length than the tree asks for."""
    if width == 1:
        return leaf if not path else None
    if not path:
        return None
    k, (*below, last) = split(width), path
    if index < k:
        left = climb(index, k, leaf, below)
        return left and sha(b"\1", left, last)
    right = climb(index - k, width - k, leaf, below)
    return right and sha(b"\1", last, right)


def both_roots(
    first: int, width: int, path: list[bytes], old: bytes, whole: bool
) -> tuple[bytes, bytes] | None:
    """Old and new root that a consistency proof gives; ``whole``: the old tree is known."""
    if first == width:
        if whole:
            return (old, old) if not path else None
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    k, (*below, last) = split(width), path
    if first <= k:
        found = both_roots(first, k, below, old, whole)
        return found and (found[0], sha(b"\1", found[1], last))
    found = both_roots(first - k, width - k, below, old, False)
    return found and (sha(b"\1", last, found[0]), sha(b"\1", last, found[1]))


def includes(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    fits = 0 <= index < size and all(len(step) == 32 for step in (leaf, root, *path))
    return fits and climb(index, size, leaf, path) == root


def continues(first: int, second: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    if not 0 < first <= second or any(len(step) != 32 for step in (old, new, *path)):
        return False
    return both_roots(first, second, path, old, True) == (old, new)


LEAVES = [sha(b"\0", n.to_bytes(2, "big")) for n in range(SIZE)]
NODES: dict[tuple[int, int], bytes] = {(0, i): leaf for i, leaf in enumerate(LEAVES)}
for level in range(1, 9):
    for at in range(SIZE >> level):
        NODES[level, at] = sha(b"\1", NODES[level - 1, 2 * at], NODES[level - 1, 2 * at + 1])


def root_of(low: int, high: int) -> bytes:
    if high - low == 1:
        return LEAVES[low]
    k = split(high - low)
    return sha(b"\1", root_of(low, low + k), root_of(low + k, high))


ROOTS = [hashlib.sha256().digest(), *(root_of(0, n) for n in range(1, SIZE + 1))]


def get(level: int, at: int) -> bytes:
    return NODES[level, at]


def agree_inclusion(leaf, index, size, path, root) -> bool:
    mine = merkle.verify_inclusion(leaf, index, size, path, root)
    assert mine is includes(leaf, index, size, list(path), root)
    return mine


def agree_consistency(first, second, old, new, path) -> bool:
    mine = merkle.verify_consistency(first, second, old, new, path)
    assert mine is continues(first, second, old, new, list(path))
    return mine


def wrong(path: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """Proofs that must not hold: a bit, a step less or more, two exchanged, a hash too short."""
    found = [[*path, bytes(32)], [bytes(32), *path], [*path, *path[-1:]] if path else [bytes(32)]]
    if path:
        place = chance.randrange(len(path))
        bit = bytearray(path[place])
        bit[chance.randrange(32)] ^= 1 << chance.randrange(8)
        found += [
            [*path[:place], bytes(bit), *path[place + 1 :]],
            path[:place] + path[place + 1 :],
            [*path[:place], path[place][:31], *path[place + 1 :]],
            [*path[:place], path[place] + b"\0", *path[place + 1 :]],
        ]
    if len(path) > 1:
        # Two exchanged; one long step in place of two, the same bytes cut elsewhere.
        found += [[path[1], path[0], *path[2:]], [*path[:-2], b"".join(path[-2:])]]
    return found


@pytest.mark.parametrize("start", range(1, SIZE + 1, 60))
def test_every_inclusion_proof_holds_in_both_and_no_altered_one_in_either(start):
    chance = random.Random(start)
    for size in range(start, min(start + 60, SIZE + 1)):
        for index in range(size):
            leaf, path = LEAVES[index], merkle.inclusion_proof(index, size, get)
            assert agree_inclusion(leaf, index, size, path, ROOTS[size])
            if index % 17 == size % 17:
                for bad in wrong(path, chance):
                    assert not agree_inclusion(leaf, index, size, bad, ROOTS[size])
                assert not agree_inclusion(leaf, index, size, path, ROOTS[size - 1])
                assert not agree_inclusion(leaf, index, size, path, ROOTS[size][:31])
                assert not agree_inclusion(leaf[:31], index, size, path, ROOTS[size])
                assert not agree_inclusion(leaf, size, size, path, ROOTS[size])
                assert not agree_inclusion(leaf, -1, size, path, ROOTS[size])
                other = (index + 1) % size
                if other != index:
                    assert not agree_inclusion(leaf, other, size, path, ROOTS[size])


@pytest.mark.parametrize("start", range(1, SIZE + 1, 60))
def test_every_consistency_proof_holds_in_both_and_no_altered_one_in_either(start):
    chance = random.Random(start)
    for second in range(start, min(start + 60, SIZE + 1)):
        for first in range(1, second + 1):
            path = merkle.consistency_proof(first, second, get)
            assert agree_consistency(first, second, ROOTS[first], ROOTS[second], path)
            if first % 17 == second % 17:
                for bad in wrong(path, chance):
                    assert not agree_consistency(first, second, ROOTS[first], ROOTS[second], bad)
                if first != second:
                    assert not agree_consistency(second, first, ROOTS[second], ROOTS[first], path)
                    assert not agree_consistency(first, second, ROOTS[second], ROOTS[second], path)
                    assert not agree_consistency(first, second, ROOTS[first], ROOTS[first], path)


def test_an_empty_tree_proves_nothing_and_is_proven_by_nothing():
    for size, path in itertools.product((0, 1, 2, 7), ([], [bytes(32)], [ROOTS[0]], [ROOTS[1]])):
        assert not agree_consistency(0, size, ROOTS[0], ROOTS[size], path)
        assert not agree_consistency(size, 0, ROOTS[size], ROOTS[0], path)
        assert not agree_inclusion(LEAVES[0], 0, 0, path, ROOTS[0])
        assert not agree_inclusion(ROOTS[0], 0, 0, path, ROOTS[0])


def test_an_inner_node_does_not_pass_for_a_leaf_of_a_smaller_tree_of_another_size():
    # The two halves of a tree of four, told as the leaves of one of two: the sizes say otherwise.
    top = [NODES[1, 1]]
    assert agree_inclusion(NODES[1, 0], 0, 2, top, ROOTS[4])  # why a leaf is hashed with its own 0
    assert merkle.leaf_hash(NODES[0, 0] + NODES[0, 1]) != NODES[1, 0]
    assert not agree_inclusion(NODES[1, 0], 0, 4, top, ROOTS[4])
