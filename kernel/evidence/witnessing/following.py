"""One look at a log: does its newest head continue what was kept? Then it is signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, Protocol

from kernel.errors import Refused
from kernel.evidence import anchors, formats, merkle, reading
from kernel.evidence.reading import Head, Unsound
from kernel.evidence.witnessing import contradiction
from kernel.evidence.witnessing.asking import Denied, Unreachable
from kernel.evidence.witnessing.keep import Keep, Kept, read_consistency, spki_of
from kernel.sealing import canonical

Say = Callable[..., None]


class Log(Protocol):
    """Where heads and proofs come from."""

    def newest(self) -> bytes:
        """The file of the newest head."""

    def consistency(self, first: int, second: int) -> bytes:
        """The proof between two sizes."""

    def post(self, cosignature: bytes) -> None:
        """Hand a cosignature over."""


class Alarm(Exception):  # noqa: N818  (a finding)
    """The log does not continue what was kept. what: a code of the words; evidence: the file."""

    def __init__(self, what: str, facts: dict[str, str], evidence: Path) -> None:
        super().__init__(what)
        self.what, self.facts, self.evidence = what, facts, evidence


class Stale(Exception):  # noqa: N818
    """The newest head is older than a log in order would show. It convicts nobody."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True)
class Bounds:
    """How far a head's time may be from this machine's clock; None: not looked at (a sandbox)."""

    ahead: timedelta = timedelta(minutes=5)
    behind: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class Witness:
    """A witness at one log."""

    keep: Keep
    log: Log
    known: anchors.Anchors
    bounds: Bounds | None
    now: Callable[[], datetime]
    tell: Say

    def look(self) -> Kept | None:
        """Look once; the head that was signed, None where nothing is new.

        Raises Alarm, also for one that nobody acknowledged yet; Stale; Unreachable.
        """
        with self.keep.alone():
            if (standing := self.keep.alarm()) is not None:
                raise Alarm(standing["what"], standing["facts"], Path(standing["evidence"]))
            last = self.keep.newest()
            kept = self._next(last)
            newest = kept or last
            if newest is not None and not newest.posted:
                self._post(newest)
            return kept

    def _next(self, last: Kept | None) -> Kept | None:
        answer = self._answered(self.log.newest, last)
        head = self._head(answer, last)
        proof = self._continues(head, last)
        self._check_time(head, last)
        if last is not None and head.signed == last.head.signed:
            self.tell("nothing_new", size=head.size, at=head.at)
            return None
        kept = self.keep.add(head, last.head.size if last else 0, proof)
        self.tell("kept", size=head.size, at=head.at)
        return kept

    def _answered(self, ask: Callable[[], bytes], last: Kept | None) -> bytes:
        try:
            return ask()
        except Denied as denied:
            if last is None:  # a log that has no head yet owes nobody one
                raise Unreachable(str(denied)) from denied
            heads = [last.head]
            self._raise("denied", heads, denied.body.decode(errors="replace"), status=denied.status)

    def _head(self, answer: bytes, last: Kept | None) -> Head:
        before = [last.head] if last else []
        try:
            document = reading.of_format(_json(answer), formats.PROOF_FORMAT, "newest.json")
            head = reading.read_head(document, "newest.json")
        except Unsound as found:
            self._raise(found.code, before, answer.decode(errors="replace"), **found.facts)
        try:
            contradiction.check_signed(head)
            anchors.vouching(head, self.known)
        except Unsound as found:
            self._raise(found.code, [*before, head], "", **found.facts)
        return head

    def _continues(self, head: Head, last: Kept | None) -> list[bytes] | None:
        if last is None:
            return None
        old, both = last.head, [last.head, head]
        try:
            contradiction.check_pair(old, head)
        except Unsound as found:
            self._raise(found.code, both, "", **found.facts)
        if head.at < old.at or head.size < old.size:
            self._raise("older", both, first=old.size, second=head.size)
        if head.size == old.size:
            return []
        if old.size == 0:  # an empty tree commits to nothing
            return None
        answer = self._proof(old, head, both)
        try:
            first, second, proof = read_consistency(_json(answer), "consistency.json")
        except Unsound as found:
            self._raise(found.code, both, answer.decode(errors="replace"), **found.facts)
        holds = merkle.verify_consistency(old.size, head.size, old.root, head.root, proof)
        if (first, second) != (old.size, head.size) or not holds:
            self._raise(
                "inconsistent", both, answer.decode(errors="replace"),
                first=old.size, second=head.size,
            )  # fmt: skip
        return list(proof)

    def _proof(self, old: Head, head: Head, both: list[Head]) -> bytes:
        try:
            return self.log.consistency(old.size, head.size)
        except Denied as denied:
            self._raise(
                "no_proof", both, denied.body.decode(errors="replace"),
                first=old.size, second=head.size,
            )  # fmt: skip

    def _check_time(self, head: Head, last: Kept | None) -> None:
        if self.bounds is None:
            return
        try:
            at = datetime.strptime(head.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        except ValueError:
            self._raise("shape", [head], name="newest.json", field="at")
        now = self.now()
        if at > now + self.bounds.ahead:
            heads = [last.head, head] if last else [head]
            self._raise("future", heads, at=head.at, now=formats.instant(now))
        if at < now - self.bounds.behind:
            raise Stale(head.at)

    def _post(self, kept: Kept) -> None:
        try:
            self.log.post(cosignature(kept, formats.key_id(spki_of(self.keep.key()))))
        except Denied as denied:
            # The head is kept and signed all the same; the operator has yet to enter the key.
            self.tell("not_taken", mark="note", status=denied.status, size=kept.head.size)
            return
        except Unreachable as fault:
            self.tell("not_posted", mark="note", reason=fault, size=kept.head.size)
            return
        self.keep.note_posted(kept)
        self.tell("posted", size=kept.head.size)

    def _raise(self, what: str, heads: list[Head], answer: str = "", **facts: object) -> NoReturn:
        told = {name: str(fact) for name, fact in facts.items()}
        path = self.keep.raise_alarm(what, told, contradiction.value(what, heads, answer))
        raise Alarm(what, told, path)


def cosignature(kept: Kept, witness: str) -> bytes:
    """What is posted of a kept head."""
    return canonical.encode(
        {
            "format": formats.COSIGNATURE_FORMAT,
            "size": kept.head.size,
            "root": kept.head.root.hex(),
            "at": kept.head.at,
            "witness": witness,
            "signature": formats.b64(kept.signature),
        }
    )


def _json(data: bytes) -> Any:
    try:
        return canonical.decode(data.strip())
    except Refused as fault:
        raise Unsound("not_canonical", name="answer", reason=str(fault)) from fault
