"""Checks the whole log from its rows: leaves, nodes, heads, signatures, continuity, triggers.

Streams in bounded memory; reads only, takes no lock, and is right beside running appends, as it
fixes at its start how far it looks. What it cannot see, nobody can from the database alone: a tail
that no head covers yet and that vanished whole. Receipts and hourly heads bound that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from kernel.errors import Refused
from kernel.evidence import formats, proofs, selectors, triggers
from kernel.evidence.merkle import Frontier
from kernel.evidence.models import LogEntry, LogNode, TreeHead

_CHUNK = 2000

Progress = Callable[[int, int], None]


class Fault(Refused):
    """The first thing found wrong: ``evidence.audit.*`` with the facts that name the place."""


@dataclass(frozen=True)
class Summary:
    """What was checked: counts, and how many entries no signed head covers yet."""

    entries: int
    heads: int
    erased: int
    unsigned: int


def check(trusted: Mapping[str, bytes], progress: Progress = lambda done, total: None) -> Summary:
    """Check everything; ``trusted`` maps key ids to the log keys that may have signed.

    Raises Fault at the first thing that does not hold.
    """
    if gone := triggers.missing(connection):
        raise Fault.because("evidence.audit.trigger", names=", ".join(gone))
    # The newest head is fixed before the size: every head looked at covers entries looked at.
    newest = TreeHead.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    size = selectors.log_size()
    walk = _Walk(trusted, newest)
    for start in range(0, size, _CHUNK):
        walk.chunk(start, min(start + _CHUNK, size))
        progress(walk.tree.size, size)
    walk.finish()
    return Summary(size, walk.heads, walk.erased, size - walk.signed)


class _Walk:
    """The tree as it grows again, entry by entry."""

    def __init__(self, trusted: Mapping[str, bytes], newest: int) -> None:
        self.tree, self.heads, self.erased, self.signed = Frontier(), 0, 0, 0
        self._trusted = trusted
        self._waiting = _heads(newest)
        self._next = next(self._waiting, None)
        self._due: list[tuple[TreeHead, bytes]] = []
        self._heads_here()

    def chunk(self, start: int, end: int) -> None:
        """Entries start..end-1: continuity, leaves, then the nodes that they complete."""
        made: dict[tuple[int, int], bytes] = {}
        rows = LogEntry.objects.filter(index__gte=start, index__lt=end).order_by("index")
        for row in rows:
            if row.index != self.tree.size:
                break
            self._leaf(row)
            for level, index, value in self.tree.append(bytes(row.leaf)):
                made[level, index] = value
            self._heads_here()
        if self.tree.size != end:
            raise Fault.because("evidence.audit.gap", index=self.tree.size)
        _compare_nodes(made, start, end)
        # Only now, though the roots were taken on the way: a changed node is the better name.
        self._check_heads()

    def finish(self) -> None:
        """Nothing may be left over: neither heads of a longer tree nor nodes of one."""
        self._check_heads()
        if self._next is not None:
            raise Fault.because(
                "evidence.audit.short", size=self._next.size, entries=self.tree.size
            )
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT level, "index" FROM kernel_lognode WHERE level < 1 OR'
                ' "index" < 0 OR (("index" + 1) << level) >'
                ' (SELECT COALESCE(max("index"), -1) + 1 FROM kernel_logentry) LIMIT 1'
            )
            if stray := cursor.fetchone():
                raise Fault.because("evidence.audit.node", level=stray[0], index=stray[1])

    def _leaf(self, row: LogEntry) -> None:
        if row.erased_by is not None:
            self.erased += 1
            _check_erasure(row)
        elif formats.entry_leaf(bytes(row.salt), proofs.row_bytes(row)) != bytes(row.leaf):
            raise Fault.because("evidence.audit.entry", index=row.index)

    def _heads_here(self) -> None:
        while self._next is not None and self._next.size <= self.tree.size:
            self._due.append((self._next, self.tree.root()))
            self._next = next(self._waiting, None)

    def _check_heads(self) -> None:
        for head, root in self._due:
            self._head(head, root)
        self._due.clear()

    def _head(self, head: TreeHead, found: bytes) -> None:
        root, spki = bytes(head.root), bytes(head.spki)
        if root != found:
            raise Fault.because("evidence.audit.root", size=head.size, head=head.pk)
        if self._trusted.get(head.key_id) != spki:
            raise Fault.because("evidence.audit.key", log=head.key_id, head=head.pk)
        signed = formats.head_bytes(size=head.size, root=root, at=head.at, log=head.key_id)
        if not formats.signature_holds(spki, bytes(head.signature), signed):
            raise Fault.because("evidence.audit.signature", size=head.size, head=head.pk)
        self.heads += 1
        self.signed = head.size


def _heads(newest: int) -> Iterator[TreeHead]:
    """Heads up to a row id by size, page by page: no cursor stays open where a fault ends us."""
    size, pk = -1, 0
    while True:
        behind = Q(size__gt=size) | Q(size=size, pk__gt=pk)
        page = TreeHead.objects.filter(behind, pk__lte=newest).order_by("size", "pk")[:_CHUNK]
        for head in page:
            size, pk = head.size, head.pk
            yield head
        if len(page) < _CHUNK:
            return


def _compare_nodes(made: Mapping[tuple[int, int], bytes], start: int, end: int) -> None:
    """The stored nodes that end within start..end-1 are exactly those that were made again."""
    where, level = Q(level=0), 1
    while end >> level:
        where |= Q(level=level, index__gte=start >> level, index__lt=end >> level)
        level += 1
    stored = {
        (level, index): bytes(value)
        for level, index, value in LogNode.objects.filter(where).values_list(
            "level", "index", "hash"
        )
    }
    for place in sorted(made.keys() | stored.keys()):
        if made.get(place) != stored.get(place):
            raise Fault.because("evidence.audit.node", level=place[0], index=place[1])


def _check_erasure(row: LogEntry) -> None:
    record = LogEntry.objects.filter(pk=row.erased_by or 0, kind="evidence.erased").first()
    named = f'{{"index":{row.index},"leaf":"{bytes(row.leaf).hex()}",'
    if row.body or row.salt or record is None or not record.body.startswith(named):
        raise Fault.because("evidence.audit.erasure", index=row.index)
