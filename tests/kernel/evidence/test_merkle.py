"""The tree against an independent, naive reading of RFC 9162 and against RFC 6962's vectors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.evidence import merkle

# Certificate Transparency's reference inputs and the roots of their first 1..8 leaves.
REFERENCE_INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162 §2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def some_leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(size)]


def nodes_of(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    frontier, nodes = merkle.Frontier(), {}
    for index, leaf in enumerate(leaves):
        nodes[0, index] = leaf
        nodes.update({(level, at): value for level, at, value in frontier.append(leaf)})
    return nodes


LEAVES = some_leaves(300)
NODES = nodes_of(LEAVES)
ROOTS = [naive_root(LEAVES[:size]) for size in range(301)]


def get(level: int, index: int) -> bytes:
    return NODES[level, index]


def test_roots_equal_the_published_vectors():
    leaves = [merkle.leaf_hash(data) for data in REFERENCE_INPUTS]
    assert [merkle.root(leaves[: n + 1]).hex() for n in range(8)] == REFERENCE_ROOTS


def test_empty_tree_has_the_hash_of_nothing():
    assert merkle.root([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_published_inclusion_and_consistency_vectors_hold():
    leaves = [merkle.leaf_hash(data) for data in REFERENCE_INPUTS]
    nodes = nodes_of(leaves)
    path = merkle.inclusion_proof(5, 8, lambda level, index: nodes[level, index])
    assert [p.hex() for p in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    proof = merkle.consistency_proof(6, 8, lambda level, index: nodes[level, index])
    assert [p.hex() for p in proof] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_frontier_gives_the_naive_root_at_every_size():
    frontier = merkle.Frontier()
    assert frontier.root() == ROOTS[0]
    for size, leaf in enumerate(LEAVES, start=1):
        frontier.append(leaf)
        assert frontier.root() == ROOTS[size]


def test_frontier_resumes_from_stored_nodes_at_every_size():
    for size in range(300):
        full = {level: get(level, index) for level, index in merkle.frontier_positions(size)}
        frontier = merkle.Frontier(size, full)
        assert frontier.root() == ROOTS[size]
        done = frontier.append(LEAVES[size])
        assert all(NODES[level, at] == value for level, at, value in done)
        assert frontier.root() == ROOTS[size + 1]


def test_every_node_is_the_root_of_its_leaves_and_none_is_missing():
    for (level, index), value in NODES.items():
        assert value == naive_root(LEAVES[index << level : (index + 1) << level])
    assert len(NODES) == sum(300 >> level for level in range(9))


def test_every_inclusion_proof_is_the_naive_path_and_verifies():
    for size in range(1, 301):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, get)
            assert merkle.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            if size % 7 == 0 or size < 70:  # the naive path costs size hashes
                assert proof == naive_path(index, LEAVES[:size])


def test_every_consistency_proof_is_the_naive_one_and_verifies():
    for second in [*range(1, 80), 127, 128, 129, 255, 256, 257, 299, 300]:
        for first in range(1, second + 1):
            proof = merkle.consistency_proof(first, second, get)
            assert proof == naive_subproof(first, LEAVES[:second], True)
            assert merkle.verify_consistency(first, second, ROOTS[first], ROOTS[second], proof)


@given(st.data())
def test_a_changed_inclusion_proof_fails(data: st.DataObject):
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, get)
    leaf, root = LEAVES[index], ROOTS[size]
    other = data.draw(st.integers(-2, 302).filter(lambda n: n != index))
    assert not merkle.verify_inclusion(leaf, other, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, leaf], root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, leaf if size > 1 else ROOTS[2])
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_inclusion(
            leaf, index, size, proof[:place] + proof[place + 1 :], root
        )
        bad = bytearray(proof[place])
        bad[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        changed = [*proof[:place], bytes(bad), *proof[place + 1 :]]
        assert not merkle.verify_inclusion(leaf, index, size, changed, root)
        changed = [*proof[:place], proof[place][:-1], *proof[place + 1 :]]
        assert not merkle.verify_inclusion(leaf, index, size, changed, root)


@given(st.data())
def test_a_changed_consistency_proof_fails(data: st.DataObject):
    second = data.draw(st.integers(2, 300))
    first = data.draw(st.integers(1, second - 1))
    proof = merkle.consistency_proof(first, second, get)

    def holds(a=first, b=second, old=ROOTS[first], new=ROOTS[second], with_=proof):
        return merkle.verify_consistency(a, b, old, new, with_)

    assert holds()
    assert not holds(old=ROOTS[first - 1])
    assert not holds(new=ROOTS[second - 1])
    assert not holds(with_=proof[:-1])
    assert not holds(with_=[*proof, ROOTS[1]])
    assert not holds(with_=[])
    assert not holds(a=0) and not holds(a=-1) and not holds(b=first - 1)
    assert not holds(old=ROOTS[first][:31]) and not holds(new=ROOTS[second] + b"\0")
    place = data.draw(st.integers(0, len(proof) - 1))
    bad = bytearray(proof[place])
    bad[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    assert not holds(with_=[*proof[:place], bytes(bad), *proof[place + 1 :]])


def test_same_size_needs_the_same_root_and_no_proof():
    assert merkle.verify_consistency(5, 5, ROOTS[5], ROOTS[5], [])
    assert not merkle.verify_consistency(5, 5, ROOTS[5], ROOTS[6], [])
    assert not merkle.verify_consistency(5, 5, ROOTS[5], ROOTS[5], [ROOTS[5]])


def test_an_inner_node_is_never_accepted_as_a_leaf():
    data = LEAVES[0] + LEAVES[1]
    assert merkle.leaf_hash(data) != NODES[1, 0]


def test_the_empty_tree_includes_nothing():
    assert not merkle.verify_inclusion(LEAVES[0], 0, 0, [], merkle.EMPTY_ROOT)
    assert not merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 4), (4, 4), (5, 4)])
def test_no_proof_is_made_for_a_leaf_outside(index: int, size: int):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, get)


@pytest.mark.parametrize(("first", "second"), [(0, 4), (-1, 4), (5, 4)])
def test_no_consistency_proof_backwards_or_from_nothing(first: int, second: int):
    with pytest.raises(ValueError, match="no consistency"):
        merkle.consistency_proof(first, second, get)
