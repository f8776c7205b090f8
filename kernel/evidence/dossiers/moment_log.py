"""Where the log shows each moment of an opening: once, in order, between list and record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from kernel.evidence import formats
from kernel.evidence.dossiers import layout, logs
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing.bids import moments
from kernel.sealing.bids.closing import ClosingList
from kernel.sealing.bids.fields import instant
from kernel.sealing.bids.moments import Moment

# A moment, and the file that says it.
Told = tuple[Moment, str]


def check(work: Work, root: str, told: Sequence[Told], lists: Mapping[str, ClosingList]) -> None:
    """Every moment was logged when it came; none that was logged is kept back.

    Else an operator could date one back afterwards. lists: this stage's, by their hashes.
    """
    entries = _entries(work, lists)
    named = {hashlib.sha256(work.data(file)).hexdigest(): (made, file) for made, file in told}
    places: dict[tuple[str, str], int] = {}
    for digest, (made, file) in named.items():
        if digest not in entries:
            raise Unsound("d_no_act", act=f"{layout.MOMENT} ({file})")
        index, entry = entries[digest]
        said = {
            "lot": made.lot, "stage": lists[made.list_sha256].stage, "moment": made.moment,
            "list_sha256": made.list_sha256, "moment_sha256": digest,
        }  # fmt: skip
        if entry["body"] != said:
            raise Unsound("d_entry_other", file=file, index=index)
        with work.about(file):
            logged = instant(entry.get("at"), "$.at")
        if made.at < logged:
            raise Unsound("d_early", file=file, at=formats.instant(made.at))
        places[made.list_sha256, made.moment] = index
    for digest in entries:
        if digest not in named:
            raise Unsound("d_act_twice", act=layout.MOMENT)
    for sha256, (start, end) in _spans(work, root, lists).items():
        own = [places[sha256, name] for name in moments.NAMES if (sha256, name) in places]
        order = [start, *own, end]
        if order != sorted(order):
            raise Unsound("bad_order", index=start)


def _entries(work: Work, lists: Mapping[str, ClosingList]) -> dict[str, tuple[int, dict[str, Any]]]:
    """What the log tells of moments of these lists, by the hashes of their texts."""
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for index, entry in sorted(work.entries.items()):
        body = entry["body"]
        if entry["kind"] != layout.MOMENT or not isinstance(body, dict):
            continue
        if body.get("list_sha256") not in lists:
            continue
        digest = str(body.get("moment_sha256"))
        if digest in found:
            raise Unsound("d_act_twice", act=layout.MOMENT)
        found[digest] = index, entry
    return found


def _spans(work: Work, root: str, lists: Mapping[str, ClosingList]) -> dict[str, tuple[int, int]]:
    """Between which entries each list was the one in force: its own act's and the next one's."""
    acts = logs.acts(work, (*layout.LISTED, *layout.OPENED))
    indexes = [index for index, _entry in acts]
    found = {}
    for place, (index, entry) in enumerate(acts):
        if entry["body"]["act"] not in layout.LISTED:
            continue
        text = str(logs.payload(work, index, entry).get("text", "")).encode()
        sha256 = hashlib.sha256(text).hexdigest()
        if sha256 in lists and place + 1 < len(indexes):
            found[sha256] = index, indexes[place + 1]
    for listed in lists.keys() - found.keys():
        raise Unsound("d_no_act", act=f"{layout.LISTED[0]} ({root}: {listed[:16]})")
    return found
