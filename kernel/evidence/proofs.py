"""Proofs out of the stored nodes, and the files that carry them to somebody without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding

from kernel.errors import Refused, Unavailable
from kernel.evidence import authorities, cosignatures, formats, merkle, selectors
from kernel.evidence.models import LogEntry, TreeHead
from kernel.queries import execute
from kernel.sealing import canonical, timestamps

T = TypeVar("T")
Position = tuple[int, int]

# One statement for both kinds of rows; two parameters a node, SQLite's oldest limit being 999.
_NODES = """
WITH wanted(level, place) AS (VALUES {})
SELECT 0, e."index", e.leaf FROM wanted JOIN kernel_logentry e
    ON wanted.level = 0 AND e."index" = wanted.place
UNION ALL
SELECT n.level, n."index", n.hash FROM wanted JOIN kernel_lognode n
    ON n.level = wanted.level AND n."index" = wanted.place
"""
_NODES_PER_QUERY = 400


def prove(index: int, size: int | None = None) -> list[bytes]:
    """Inclusion proof of an entry in the tree of the first ``size`` entries (default: all).

    Raises Refused ``evidence.proof.size`` for an entry or a tree that is not there.
    """
    wanted = selectors.log_size() if size is None else size
    try:
        return _prove_many([index], wanted)[0]
    except (ValueError, KeyError):
        raise Refused.because(
            "evidence.proof.size", index=index, size=wanted, entries=selectors.log_size()
        ) from None


def prove_consistency(first: int, second: int) -> list[bytes]:
    """Proof that the tree of ``second`` entries begins with that of ``first``.

    Raises Refused ``evidence.consistency.size`` for sizes that the log has not had.
    """
    try:
        return _with_nodes(lambda get: merkle.consistency_proof(first, second, get))
    except (ValueError, KeyError):
        raise Refused.because(
            "evidence.consistency.size", first=first, second=second, entries=selectors.log_size()
        ) from None


def prove_consistencies(firsts: Sequence[int], second: int) -> list[list[bytes]]:
    """The proofs from many sizes to one, all of which the log has had."""
    return _with_nodes(
        lambda get: [merkle.consistency_proof(first, second, get) for first in firsts]
    )


def bundle(index: int, *, disclose: bool = True, head: TreeHead | None = None) -> dict[str, Any]:
    """The proof file of one entry against a signed head (default: the newest).

    disclose: False leaves out the entry and its salt; the file then proves a leaf and no more.
    Raises NotFound ``evidence.entry.unknown``, Unavailable ``evidence.head.behind``.
    """
    return _bundle([selectors.entry(index)], disclose, head)


def dossier(
    case: str, *, include_private: bool = False, head: TreeHead | None = None
) -> dict[str, Any]:
    """The proof file of all entries of a case that the head covers.

    Entries that are not public are left out whole (their number is a secret too) unless
    ``include_private``. Raises Unavailable ``evidence.head.behind`` where nothing is signed yet.
    """
    head = head or selectors.head()
    rows = LogEntry.objects.filter(case=case, index__lt=head.size if head else 0).order_by("index")
    if not include_private:
        rows = rows.filter(public=True)
    return {**_bundle(list(rows), True, head), "case": case}


def bundle_of(
    rows: Sequence[LogEntry], head: TreeHead, disclose: Callable[[LogEntry], bool]
) -> dict[str, Any]:
    """The proof file of some entries, each with its content or without, as ``disclose`` says."""
    proofs = _prove_many([row.index for row in rows], head.size)
    entries = [
        _entry_value(row, proof, disclose(row)) for row, proof in zip(rows, proofs, strict=True)
    ]
    return _file(head, entries)


def head_value(head: TreeHead) -> dict[str, Any]:
    """A signed head as it stands in files."""
    signed: dict[str, Any] = canonical.decode(
        formats.head_bytes(size=head.size, root=bytes(head.root), at=head.at, log=head.key_id)
    )
    return {**signed, "signature": formats.b64(bytes(head.signature))}


def tokens_value(head: TreeHead) -> dict[str, Any]:
    """A head's time-stamps as they stand in files, with the lists they are judged by."""
    rows = list(head.tokens.all())
    if not rows:
        return {}
    tokens = [timestamps.read(bytes(row.token)) for row in rows]
    issuers = {c.issuer for token in tokens for c in token.certificates}
    return {
        formats.TIMESTAMPS: [
            {"authority": row.authority, "token": formats.b64(bytes(row.token))} for row in rows
        ],
        formats.CRLS: [
            formats.b64(crl.public_bytes(Encoding.DER))
            for crl in authorities.lists().crls
            if crl.issuer in issuers
        ],
    }


def head_file(head: TreeHead) -> dict[str, Any]:
    """The proof file of a head alone, for whoever compares two of them."""
    return _file(head, [])


def _file(head: TreeHead, entries: list[dict[str, Any]]) -> dict[str, Any]:
    signed = cosignatures.values(cosignatures.of([head])[head.pk])
    return {
        "format": formats.PROOF_FORMAT,
        "head": head_value(head),
        "key": formats.b64(bytes(head.spki)),
        "entries": entries,
        **({"cosignatures": signed} if signed else {}),
        **tokens_value(head),
    }


def _bundle(rows: Sequence[LogEntry], disclose: bool, head: TreeHead | None) -> dict[str, Any]:
    head = head or selectors.head()
    last = rows[-1].index if rows else 0
    if head is None or last >= head.size:
        raise Unavailable.because("evidence.head.behind", index=last)
    proofs = _prove_many([row.index for row in rows], head.size)
    return _file(
        head, [_entry_value(row, proof, disclose) for row, proof in zip(rows, proofs, strict=True)]
    )


def _entry_value(row: LogEntry, proof: Sequence[bytes], disclose: bool) -> dict[str, Any]:
    value: dict[str, Any] = {
        "index": row.index,
        "leaf": bytes(row.leaf).hex(),
        "proof": [step.hex() for step in proof],
    }
    if disclose and row.erased_by is None:
        value["salt"] = bytes(row.salt).hex()
        value["entry"] = canonical.decode(row_bytes(row))
    return value


def row_bytes(row: LogEntry) -> bytes:
    """The canonical bytes of a stored entry, body as it was hashed."""
    return formats.entry_bytes(
        index=row.index, kind=row.kind, case=row.case, at=row.at, body=row.body.encode()
    )


def _prove_many(indexes: Sequence[int], size: int) -> list[list[bytes]]:
    return _with_nodes(lambda get: [merkle.inclusion_proof(index, size, get) for index in indexes])


def _with_nodes(make: Callable[[merkle.Get], T]) -> T:
    """Run once to see which nodes are asked for, read them together, and run again with them."""
    wanted: dict[Position, None] = {}

    def note(level: int, index: int) -> bytes:
        wanted[level, index] = None
        return b""

    make(note)
    nodes = _read(wanted)
    return make(lambda level, index: nodes[level, index])


def _read(positions: Iterable[Position]) -> dict[Position, bytes]:
    everything = list(positions)
    found: dict[Position, bytes] = {}
    for start in range(0, len(everything), _NODES_PER_QUERY):
        part = everything[start : start + _NODES_PER_QUERY]
        values = ",".join(["(%s,%s)"] * len(part))
        rows = execute(_NODES.format(values), [number for pair in part for number in pair])
        found.update(((level, at), bytes(value)) for level, at, value in rows.fetchall())
    return found
