"""Writes of the log, and its front door: append, sign, erase; proofs are handed on from here."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kernel.errors import Conflict, Refused
from kernel.evidence import filling, formats, merkle, selectors, storage
from kernel.evidence.models import LogEntry, TreeHead
from kernel.evidence.proofs import bundle, dossier, prove, prove_consistency
from kernel.evidence.selectors import head
from kernel.sealing import canonical

__all__ = [
    "NewEntry",
    "Placed",
    "append",
    "append_many",
    "bundle",
    "dossier",
    "erase",
    "head",
    "place",
    "prove",
    "prove_consistency",
    "rotate_key",
    "sign_head",
]

_KIND_LENGTH, _CASE_LENGTH = 80, 120
_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be logged.

    kind: dotted, stable, e.g. ``workflow.act``; case: ``<package>.<model>:<key>``, empty for the
    platform itself; at: legal instant, aware; body: what canonical JSON can carry.
    """

    kind: str
    case: str
    at: datetime
    body: Mapping[str, Any]
    public: bool = True


def append(
    *, kind: str, case: str, at: datetime, body: Mapping[str, Any], public: bool = True
) -> LogEntry:
    """Append one entry, as the last write of the caller's transaction.

    The log's one lock is held from here to the commit, so nothing slow may follow. Raises
    TransactionManagementError outside a transaction, ``sealing.canonical.*`` for a bad body.
    """
    row = _append([NewEntry(kind, case, at, body, public)])[0]
    entry = LogEntry(
        index=row.position,
        kind=row.kind,
        case=row.case,
        at=row.at,
        body=row.body,
        salt=row.salt,
        leaf=row.leaf,
        public=row.public,
    )
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def append_many(entries: Sequence[NewEntry]) -> range:
    """Append entries in their order under one lock; their indexes."""
    rows = _append(entries)
    return range(rows[0].position, rows[-1].position + 1) if rows else range(0)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry as it was written. proof: of it in the tree that ends with it."""

    index: int
    leaf: bytes
    salt: bytes
    data: bytes
    proof: tuple[bytes, ...]


def place(entries: Sequence[NewEntry]) -> list[Placed]:
    """As :func:`append_many`, for whoever hands the proofs on once the transaction is committed."""
    placed: list[Placed] = []
    _append(entries, placed)
    return placed


def erase(index: int, *, at: datetime, reason: str) -> LogEntry:
    """Empty an entry's body and salt for ever (PIPL art. 47); the entry that records it.

    The leaf stays and stays provable; the record names it and may hold no personal data itself.
    Whether a kind of entry may be erased at all is the caller's to decide. Refused:
    ``evidence.entry.unknown``, ``.erased``, ``.not_erasable``.
    """
    storage.lock()
    entry = selectors.entry(index)
    if entry.erased_by is not None:
        raise Conflict.because("evidence.entry.erased", index=index, by=entry.erased_by)
    if entry.kind == "evidence.erased":
        raise Refused.because("evidence.entry.not_erasable", index=index)
    body = {"index": index, "leaf": bytes(entry.leaf).hex(), "reason": reason}
    record = append(kind="evidence.erased", case=entry.case, at=at, body=body, public=entry.public)
    LogEntry.objects.filter(pk=index).update(body="", salt=b"", erased_by=record.index)
    return record


def sign_head(now: datetime, signer: formats.Signer, *, rotated: bool = False) -> TreeHead:
    """Sign the tree as it is committed; in a transaction of its own, never inside another.

    Where something must not be counted the tree is filled up first, in the same transaction; see
    :mod:`kernel.evidence.filling`. A head over entries that are rolled back later would be a signed
    lie about our own log. Raises RuntimeError inside a transaction, Conflict
    ``evidence.key.changed`` where the newest head is of another key (see :func:`rotate_key`).
    """
    key_id = formats.key_id(signer.spki)
    with transaction.atomic(durable=True):
        fill = filling.maker(now)  # it asks others' tables, and nothing slow stands under the lock
        storage.lock()
        last = selectors.head()
        if last is not None and last.key_id != key_id and not rotated:
            raise Conflict.because("evidence.key.changed", now=key_id, before=last.key_id)
        tree = storage.frontier()
        # Whoever read its clock first may get the lock last; heads never run backwards in time.
        now = max(now, last.at) if last is not None else now
        if last is not None and (last.size, last.at) == (tree.size, now):
            return last
        if fill is not None:
            _append(fill(now, filling.missing(tree.size, last.size if last is not None else 0)))
            tree = storage.frontier()
        root = tree.root()
        signed = formats.head_bytes(size=tree.size, root=root, at=now, log=key_id)
        return TreeHead.objects.create(
            size=tree.size,
            root=root,
            at=now,
            signature=signer.sign(signed),
            key_id=key_id,
            spki=signer.spki,
        )


def rotate_key(now: datetime, signer: formats.Signer) -> TreeHead:
    """Go over to another signing key: logged first, then a head under the new key."""
    last = selectors.head()
    if last is None or last.key_id == formats.key_id(signer.spki):
        return sign_head(now, signer)
    body = {"log": formats.key_id(signer.spki), "key": formats.b64(signer.spki)}
    with transaction.atomic(durable=True):
        append(kind="evidence.key_changed", case="", at=now, body={**body, "before": last.key_id})
    return sign_head(now, signer, rotated=True)


def _check_names(entry: NewEntry) -> None:
    # SQLite keeps whatever length it is given, and a log must not depend on its database.
    if len(entry.kind) > _KIND_LENGTH or not _KIND.fullmatch(entry.kind):
        raise ValueError(f"not a kind of entry: {entry.kind!r}")
    if type(entry.case) is not str or len(entry.case) > _CASE_LENGTH:
        raise ValueError(f"not the name of a case: {entry.case!r}")


def _append(entries: Sequence[NewEntry], placed: list[Placed] | None = None) -> list[storage.Row]:
    for entry in entries:
        _check_names(entry)
    # Everything that does not need the index is done before the lock.
    bodies = [canonical.encode(dict(entry.body)) for entry in entries]
    salts = os.urandom(formats.SALT_SIZE * len(entries))
    storage.lock()
    tree = storage.frontier()
    rows: list[storage.Row] = []
    nodes: list[merkle.Node] = []
    for place, (entry, body) in enumerate(zip(entries, bodies, strict=True)):
        salt = salts[place * formats.SALT_SIZE : (place + 1) * formats.SALT_SIZE]
        data = formats.entry_bytes(
            index=tree.size, kind=entry.kind, case=entry.case, at=entry.at, body=body
        )
        leaf = formats.entry_leaf(salt, data)
        rows.append(
            storage.Row(
                tree.size, entry.kind, entry.case, entry.at, body.decode(), salt, leaf, entry.public
            )
        )
        if placed is not None:
            placed.append(Placed(tree.size, leaf, salt, data, tree.neighbours()))
        nodes += tree.append(leaf)
    storage.insert(rows, nodes)
    return rows
