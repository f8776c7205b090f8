"""Two witnesses compare what they kept: was each shown the same log?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kernel.evidence import anchors, merkle
from kernel.evidence.reading import Head, Unsound
from kernel.evidence.witnessing import contradiction
from kernel.evidence.witnessing.keep import Keep, Kept

# Gives the proof between two sizes; None where there is none to be had.
Prove = Callable[[int, int], Sequence[bytes] | None]


class Contradicting(Exception):  # noqa: N818  (a finding)
    """Two heads that cannot both be true, or that a proof does not join."""

    def __init__(self, what: Unsound, heads: tuple[Head, Head]) -> None:
        super().__init__(what.code)
        self.what, self.heads = what, heads


def check_keep(keep: Keep, known: anchors.Anchors) -> list[Kept]:
    """Everything that was kept, checked anew: signatures, and each head continues the last.

    Raises Unsound.
    """
    rows = keep.heads()
    before: Kept | None = None
    for row in rows:
        contradiction.check_signed(row.head)
        anchors.vouching(row.head, known)
        if before is not None:
            _check_step(before, row)
        before = row
    return rows


def _check_step(before: Kept, row: Kept) -> None:
    old, new = before.head, row.head
    contradiction.check_pair(old, new)
    if old.size == new.size or old.size == 0:
        return
    proof = row.proof
    if proof is None or row.first != old.size:
        raise Unsound("no_consistency", first=old.size, second=new.size)
    if not merkle.verify_consistency(old.size, new.size, old.root, new.root, proof):
        raise Unsound("inconsistent", first=old.size, second=new.size)


def compare(one: list[Kept], other: list[Kept], prove: Prove) -> bool:
    """Whether two keeps tell one history; False where a proof is missing to say so.

    Raises Contradicting with the two heads.
    """
    if not one or not other:
        return False
    for mine in one:
        for theirs in other:
            _check_pair(mine.head, theirs.head)
    short, long = sorted((one[-1].head, other[-1].head), key=lambda head: head.size)
    longer = other if long is other[-1].head else one
    # Each keep is one history by itself; one common tree makes them one together.
    if any(row.head.size == short.size for row in longer):
        return True
    if short.size == 0:
        return True
    proof = prove(short.size, long.size)
    if proof is None:
        return False
    if not merkle.verify_consistency(short.size, long.size, short.root, long.root, proof):
        raise Contradicting(
            Unsound("inconsistent", first=short.size, second=long.size), (short, long)
        )
    return True


def _check_pair(mine: Head, theirs: Head) -> None:
    try:
        contradiction.check_pair(mine, theirs)
    except Unsound as found:
        raise Contradicting(found, (mine, theirs)) from found
