"""A log that exists in memory, and can lie in every way that a server could."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kernel.evidence import formats, merkle
from kernel.evidence.keys import FileSigner
from kernel.evidence.witnessing.asking import Denied, Unreachable
from kernel.sealing import canonical
from tests.kernel.evidence.support import AT, new_signer

NOW = AT + timedelta(minutes=1)


@dataclass
class FakeLog:
    """Answers as a server of the log does."""

    signer: FileSigner = field(default_factory=new_signer)
    leaves: list[bytes] = field(default_factory=list)
    at: datetime = AT
    posted: list[dict[str, Any]] = field(default_factory=list)
    denies: set[str] = field(default_factory=set)
    down: bool = False

    def grow(self, count: int, tag: bytes = b"") -> FakeLog:
        first = len(self.leaves)
        self.leaves += [
            merkle.leaf_hash(tag + n.to_bytes(4, "big")) for n in range(first, first + count)
        ]
        self.at += timedelta(seconds=1)
        return self

    def fork(self, at: int, tag: bytes = b"other") -> FakeLog:
        made = FakeLog(self.signer, self.leaves[:at], self.at, self.posted)
        return made.grow(len(self.leaves) - at, tag)

    def head(self, size: int | None = None, **changes: Any) -> dict[str, Any]:
        size = len(self.leaves) if size is None else size
        facts = {"size": size, "root": merkle.root(self.leaves[:size]), "at": self.at, **changes}
        data = formats.head_bytes(**facts, log=self.signer.key_id)
        return {
            "format": formats.PROOF_FORMAT,
            "head": {**canonical.decode(data), "signature": formats.b64(self.signer.sign(data))},
            "key": formats.b64(self.signer.spki),
            "entries": [],
        }

    def newest(self) -> bytes:
        self._answer("newest")
        return canonical.encode(self.head())

    def consistency(self, first: int, second: int) -> bytes:
        self._answer("consistency")
        proof = merkle.consistency_proof(first, second, self._node)
        return canonical.encode(formats.consistency(first, second, proof))

    def post(self, cosignature: bytes) -> None:
        self._answer("post")
        self.posted.append(canonical.decode(cosignature))

    def _answer(self, what: str) -> None:
        if self.down:
            raise Unreachable("down")
        if what in self.denies:
            raise Denied(404, b"no")

    def _node(self, level: int, index: int) -> bytes:
        return merkle.root(self.leaves[index << level : (index + 1) << level])
