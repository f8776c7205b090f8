"""Enter what everybody may find, and take it out again, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import IntegrityError, transaction

from kernel.search import index
from kernel.search.bigrams import runs
from kernel.search.kinds import Entry, kinds
from kernel.search.models import SearchEntry

# Longer texts are cut: what a notice is about stands on its first pages.
LONGEST_TEXT = 4_000
_PART = 400
_KEY_BITS = 30
_TRIES = 3


def put(entry: Entry) -> None:
    """Enter a public thing, or what it has become; the same entry twice is one.

    Raises ValueError for a kind that nobody registered. Of two writers of one new key at once the
    second waits for the first, and what it has to say holds.
    """
    put_many([entry])


def put_many(entries: Iterable[Entry]) -> int:
    """Enter many; how many. One transaction."""
    waiting, done = iter(entries), 0
    with transaction.atomic():
        while part := list(islice(waiting, _PART)):
            # Of one key the last one holds, as if they had come one by one.
            part = list({(entry.kind, entry.key): entry for entry in part}.values())
            _put(part)
            done += len(part)
    return done


def _put(part: list[Entry]) -> None:
    for entry in part:
        if entry.kind not in kinds():
            raise ValueError(f"no kind {entry.kind} is registered")
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                _replace(part)
            return
        except IntegrityError:
            # Somebody else entered one of them since we looked; now its row is there to be taken.
            if not left:
                raise


def _replace(part: list[Entry]) -> None:
    for kind in {entry.kind for entry in part}:
        _take_out(kind, [entry.key for entry in part if entry.kind == kind])
    rows = SearchEntry.objects.bulk_create(_row(entry) for entry in part)
    for row in rows:
        row.position = int(row.published_at.timestamp()) * 2**_KEY_BITS + row.pk
    index.add(rows)


def _row(entry: Entry) -> SearchEntry:
    text = entry.text[:LONGEST_TEXT]
    return SearchEntry(
        kind=entry.kind,
        key=entry.key,
        title=entry.title[:500],
        number=entry.number,
        text=text,
        url=entry.url,
        published_at=entry.published_at,
        region=entry.region,
        folded="\n".join(runs("\n".join((entry.title[:500], entry.number, text)))),
        position=0,  # until it has its key
    )


def remove(kind: str, key: str) -> bool:
    """Take a thing out that is public no more; whether it was there."""
    with transaction.atomic():
        return bool(_take_out(kind, [key]))


def _take_out(kind: str, keys: list[str]) -> int:
    found = SearchEntry.objects.filter(kind=kind, key__in=keys)
    rows = list(found.select_for_update())
    index.remove(rows)
    return SearchEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()[0] if rows else 0


def rebuild() -> dict[str, int]:
    """Make table and index anew from what every kind says is public; how many of each."""
    with transaction.atomic():
        index.clear()
        SearchEntry.objects.all().delete()
        return {code: put_many(kind.entries()) for code, kind in kinds().items()}
