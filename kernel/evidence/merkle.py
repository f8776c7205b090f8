"""The Merkle tree of RFC 9162 §2.1 (SHA-256): roots, appends, proofs and their checks. Pure.

A node is named by its level and its index at that level; level 0 holds the leaf hashes. A node
exists once its whole subtree does, and never changes after that, so the tree is append-only rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Get = Callable[[int, int], bytes]
# Level, index, hash of a complete subtree: 2**level leaves, the first of them leaf index << level.
Node = tuple[int, int, bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The complete subtrees that a tree of some size consists of: all that an append needs."""

    def __init__(self, size: int = 0, full: Mapping[int, bytes] | None = None) -> None:
        """Start at a tree of ``size`` leaves; ``full`` maps each set bit of size to its node."""
        self.size = size
        self._full = dict(full or {})

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash; the nodes (level >= 1) that it completed, lowest first."""
        done: list[Node] = []
        level, index = 0, self.size
        while index & 1:
            leaf = node_hash(self._full[level], leaf)
            level, index = level + 1, index >> 1
            done.append((level, index, leaf))
        self._full[level] = leaf
        self.size += 1
        return done

    def neighbours(self) -> tuple[bytes, ...]:
        """The inclusion proof of the leaf that comes next, in the tree that ends with it.

        A last leaf has complete subtrees on its left and nothing on its right.
        """
        return tuple(
            self._full[level] for level in range(self.size.bit_length()) if self.size >> level & 1
        )

    def root(self) -> bytes:
        """Root of the tree as it stands."""
        result = b""
        for level in range(self.size.bit_length()):
            if self.size >> level & 1:
                full = self._full[level]
                result = node_hash(full, result) if result else full
        return result or EMPTY_ROOT


def root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def frontier_positions(size: int) -> list[tuple[int, int]]:
    """(level, index) of the complete subtrees of a tree, lowest level first."""
    return [(n, (size >> n) - 1) for n in range(size.bit_length()) if size >> n & 1]


def inclusion_proof(index: int, size: int, get: Get) -> list[bytes]:
    """PATH(index, D[size]) of RFC 9162 §2.1.3.1, the leaf's own sibling first.

    get: the hash of a complete node. Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    low, high, proof = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, get))
            high = middle
        else:
            proof.append(_range_root(low, middle, get))
            low = middle
    return proof[::-1]


def consistency_proof(first: int, second: int, get: Get) -> list[bytes]:
    """PROOF(first, D[second]) of RFC 9162 §2.1.4.1; empty where both sizes are the same.

    Raises ValueError unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"no consistency proof from {first} to {second}")
    low, high, proof = 0, second, []
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            proof.append(_range_root(middle, high, get))
            high = middle
        else:
            proof.append(_range_root(low, middle, get))
            low = middle
    if low:  # the old tree's last part is no prefix of the new one: its root has to be told
        proof.append(_range_root(low, high, get))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf hash stands at ``index`` of the tree (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    here, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            result = node_hash(sibling, result)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the second tree begins with all of the first (RFC 9162 §2.1.4.2).

    A first tree of size 0 fails: it commits to nothing.
    """
    if not 0 < first <= second or not _all_hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not proof:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(width: int) -> int:
    """The largest power of two below ``width`` (width >= 2)."""
    return 1 << (width - 1).bit_length() - 1


def _range_root(low: int, high: int, get: Get) -> bytes:
    """Root over leaves low..high-1, which begin where a complete subtree begins."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return get(level, low >> level)
    middle = low + _split(width)
    return node_hash(_range_root(low, middle, get), _range_root(middle, high, get))


def _all_hashes(*values: bytes) -> bool:
    return all(type(value) is bytes and len(value) == HASH_SIZE for value in values)
