"""A dossier's part of the log: entries under one signed head, and the trees that receipts named."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from kernel.errors import Refused
from kernel.evidence import formats, merkle, reading, verify
from kernel.evidence.dossiers import layout
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing import canonical
from kernel.sealing.bids.receipts import LogProof


def check(work: Work) -> None:
    """The head, every entry under it, and the consistency proofs to it."""
    name = layout.ENTRIES
    try:
        value = canonical.decode(work.data(name))
    except Refused as fault:
        raise Unsound("not_canonical", name=name, reason=str(fault)) from fault
    document = reading.of_format(value, formats.PROOF_FORMAT, name)
    proof = verify.checked(document, name, work.tell)
    verify.stamped(proof, work.known, work.tell)
    verify.check_entries(proof, False, _quiet)
    work.head = proof.head
    for row in document["entries"]:
        work.leaves[row["index"]] = bytes.fromhex(row["leaf"])
        if "entry" in row:
            work.entries[row["index"]] = row["entry"]
    work.tell("d_entries", entries=len(work.leaves), open=len(work.entries), size=proof.head.size)
    with work.about(layout.CONSISTENCIES):
        proofs = layout.read_consistencies(work.data(layout.CONSISTENCIES))
    work.proofs = proofs


def covers(work: Work, what: str, log: str, size: int, root: bytes) -> None:
    """Whether the dossier's tree begins with a tree that a signed file named."""
    head = work.head
    assert head is not None
    if log and log != head.log and (work.known is None or log not in work.known.logs):
        raise Unsound("d_other_log", file=what, log=log)
    if size == head.size:
        if root != head.root:
            raise Unsound("forked", size=size)
        return
    second, steps = work.proofs.get(size, (0, ()))
    if second != head.size or size > head.size:
        raise Unsound("no_consistency", first=size, second=head.size)
    if not merkle.verify_consistency(size, head.size, root, head.root, steps):
        raise Unsound("inconsistent", first=size, second=head.size)


def entry_of(work: Work, what: str, log: LogProof) -> dict[str, Any]:
    """The entry that a receipt carries, proven in its own tree and under the dossier's head."""
    data = log.entry.encode()
    if formats.entry_leaf(log.salt, data) != log.leaf:
        raise Unsound("bad_leaf", index=log.index)
    if not merkle.verify_inclusion(log.leaf, log.index, log.size, log.proof, log.root):
        raise Unsound("bad_inclusion", index=log.index, size=log.size)
    covers(work, what, log.log, log.size, log.root)
    if work.leaves.get(log.index) != log.leaf:
        raise Unsound("d_not_in_log", file=what, index=log.index)
    with work.about(what):
        entry: dict[str, Any] = canonical.decode(data)
    if entry.get("index") != log.index or not isinstance(entry.get("body"), dict):
        raise Unsound("d_entry_other", file=what, index=log.index)
    return entry


def acts(work: Work, names: Collection[str]) -> list[tuple[int, dict[str, Any]]]:
    """Index and entry of every act of these names, in the log's order."""
    return [
        (index, entry)
        for index, entry in sorted(work.entries.items())
        if entry["kind"] == layout.ACT
        and isinstance(entry["body"], dict)
        and entry["body"].get("act") in names
    ]


def payload(work: Work, index: int, entry: dict[str, Any]) -> dict[str, Any]:
    """What an act brought along, held against the hash that its entry binds."""
    name = f"log/payloads/{index}.json"
    data = work.data(name)
    # Salted since 2026-11-28: the file then holds the payload's salt and the payload.
    salted = entry["body"].get("payload_salted_sha256")
    if hashlib.sha256(data).hexdigest() != (salted or entry["body"].get("payload_sha256")):
        raise Unsound("d_payload", file=name, index=index)
    with work.about(name):
        value = canonical.decode(data)
    if salted and isinstance(value, list):
        value = value[-1]
    if not isinstance(value, dict):
        raise Unsound("d_payload", file=name, index=index)
    return value


def documents(work: Work) -> None:
    """Every paper is one that the log says was issued, byte for byte."""
    issued = {
        entry["body"].get("sha256")
        for entry in work.entries.values()
        if entry["kind"] == layout.ISSUED and isinstance(entry["body"], dict)
    }
    names = [f"documents/{name}" for name in work.dossier.under("documents")]
    for name in names:
        if work.dossier.row(name).sha256 not in issued:
            raise Unsound("d_not_issued", file=name)
    work.tell("d_documents", count=len(names))


def _quiet(_code: str, **_facts: object) -> None:
    """Entries by the hundred are told in one line."""
