"""The evidence log of a lot, in a list."""

import hashlib

from kernel.evidence import formats, merkle
from kernel.sealing import canonical
from kernel.sealing.bids import (
    receipts,
)


class Log:
    """Entries, their leaves and salts, and proofs over them."""

    def __init__(self):
        self.leaves, self.entries, self.salts = [], [], []

    def append(self, kind, body, at):
        index, salt = len(self.leaves), hashlib.sha256(b"salt%d" % len(self.leaves)).digest()
        entry = formats.entry_bytes(
            index=index, kind=kind, case="lot", at=at, body=canonical.encode(body)
        )
        self.leaves.append(formats.entry_leaf(salt, entry))
        self.entries.append(entry)
        self.salts.append(salt)
        return index

    def path(self, index, size=None):
        size = size or len(self.leaves)
        return merkle.inclusion_proof(index, size, self._node)

    def root(self, size=None):
        return merkle.root(self.leaves[: size or len(self.leaves)])

    def _node(self, level, index):
        return merkle.root(self.leaves[index << level : (index + 1) << level])

    def proof(self, index):
        return receipts.LogProof(
            log="ab" * 32, index=index, size=len(self.leaves), root=self.root(),
            leaf=self.leaves[index], salt=self.salts[index],
            entry=self.entries[index].decode(), proof=tuple(self.path(index)),
        )  # fmt: skip
