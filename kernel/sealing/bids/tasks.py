"""Task and answer files: how a trustee works on a machine that is on no network at all.

The platform writes a task (all that its API tells this party), the trustee's tool gives back an
answer (signed statements, each with the body that the API takes). Neither is signed as a whole: a
task tells nothing that the tool does not check, and an answer's statements carry their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Refused
from kernel.sealing.bids.closing import MAX_BIDS
from kernel.sealing.bids.fields import (
    Shape,
    boolean,
    digest,
    instant,
    instant_text,
    listing,
    octets,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.receipts import read_log

TASK_FORMAT = "zhuxin-trustee-task/1"
ANSWER_FORMAT = "zhuxin-trustee-answer/1"
# A list of two thousand bids with their manifests and receipts.
MAX_TASK = 64 * 1024 * 1024
MAX_ANSWER = 16 * 1024 * 1024
_MAX_TEXT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Task:
    """All that one party of a lot is told.

    party: its USCC; share: whether it holds an opening key. time: the server's legal time; chain,
    crls, anchors, demonstration: as in the answer of ``GET /policy``. challenge: the rehearsal's;
    stage: the later stage before which it is asked, empty before the policy. draft: the policy
    that waits for signatures and those given, closing: ``GET /closing`` without the fields named
    here; each None where there is none now.
    """

    lot: str
    party: str
    share: bool
    time: datetime
    demonstration: bool
    chain: str
    crls: tuple[str, ...]
    anchors: str
    challenge: str | None = None
    stage: str = ""
    draft: Mapping[str, Any] | None = None
    closing: Mapping[str, Any] | None = None

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = {**vars(self), "time": instant_text(self.time), "crls": list(self.crls)}
        return write(TASK_FORMAT, **values)

    def surroundings(self) -> dict[str, Any]:
        """Whom the server believes, and its time, as they stand in every answer."""
        return {
            "chain": self.chain,
            "crls": list(self.crls),
            "anchors": self.anchors,
            "demonstration": self.demonstration,
            "time": instant_text(self.time),
        }


@dataclass(frozen=True)
class Answer:
    """What a party says: (kind, body) in the order in which it said them; see :data:`KINDS`."""

    lot: str
    party: str
    statements: tuple[tuple[str, Mapping[str, str]], ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        rows = [{"kind": kind, **body} for kind, body in self.statements]
        return write(ANSWER_FORMAT, lot=self.lot, party=self.party, statements=rows)


def read_task(data: bytes) -> Task:
    """The task in canonical bytes; refused by form with ``sealing.format.*``."""
    values = read(data, TASK_FORMAT, _TASK, MAX_TASK)
    return Task(**values)


def read_answer(data: bytes) -> Answer:
    """The answer in canonical bytes; a statement of one kind given twice is refused too."""
    values = read(data, ANSWER_FORMAT, _ANSWER, MAX_ANSWER)
    kinds = [kind for kind, _body in values["statements"]]
    if len(set(kinds)) < len(kinds):
        raise Refused.because("sealing.format.field", path="$.statements", expected="once")
    return Answer(**values)


def _said(least: int = 2) -> Shape[str]:
    def shape(value: Any, path: str) -> str:
        if type(value) is not str or not least <= len(value) <= _MAX_TEXT:
            raise _wrong(path, "text")
        return value

    return shape


def _as_text(shape: Shape[Any]) -> Shape[str]:
    """A text that is checked and stays as it is."""

    def same(value: Any, path: str) -> str:
        shape(value, path)
        return str(value)

    return same


def _or_none(shape: Shape[Any]) -> Shape[Any]:
    return lambda value, path: None if value is None else shape(value, path)


def _as_list(shape: Shape[Iterable[Any]]) -> Shape[list[Any]]:
    return lambda value, path: list(shape(value, path))


def _as_is(check: Callable[[Any], Any]) -> Shape[Any]:
    """A value that is checked and stays as it is."""

    def same(value: Any, _path: str) -> Any:
        check(value)
        return value

    return same


def _table(key: Shape[str], item: Shape[Any]) -> Shape[dict[str, Any]]:
    def shape(value: Any, path: str) -> dict[str, Any]:
        if type(value) is not dict:
            raise _wrong(path, "object")
        return {key(name, path): item(each, f"{path}.{name}") for name, each in value.items()}

    return shape


def _statement(value: Any, path: str) -> tuple[str, dict[str, str]]:
    kind = value.get("kind") if type(value) is dict else None
    if type(kind) is not str or kind not in KINDS:
        raise _wrong(f"{path}.kind", "|".join(KINDS)[:100])
    body = {name: each for name, each in value.items() if name != "kind"}
    return kind, record(**KINDS[kind])(body, path)


def _wrong(path: str, expected: str) -> Refused:
    return Refused.because("sealing.format.field", path=path[:200], expected=expected)


_P7S = _as_text(octets(1, 256 * 1024))
_SIGNATURES = _as_list(listing(record(uscc=uscc, p7s=_P7S), 0, 64))
# The fields of ``GET /closing`` that a task repeats.
CLOSING: dict[str, Shape[Any]] = {
    "state": text(40),
    "over": boolean,
    "list": _said(),
    "p7s": _P7S,
    "signatures": _SIGNATURES,
    "bids": _as_list(
        listing(
            record(
                bidder=uscc,
                manifest=_said(),
                p7s=_P7S,
                receipt=_said(),
                receipt_p7s=_P7S,
                proof=_as_list(listing(digest, 0, 64)),
            ),
            0,
            MAX_BIDS,
        )
    ),
    "sealed_shares": _table(digest, _table(text(80), _as_text(octets(1, 1024)))),
    "nonces": _as_list(listing(record(uscc=uscc, nonce=digest), 0, 64)),
    "draw": _or_none(_said()),
    "moments": _as_list(listing(record(moment=_said(), p7s=_P7S), 0, MAX_BIDS)),
    "timestamp": _or_none(record(authority=text(80), token=_as_text(octets(1, _MAX_TEXT)))),
    "marks": _as_list(listing(record(uscc=uscc, marks=_said(), p7s=_P7S), 0, 64)),
    "cures": _as_list(listing(record(uscc=uscc, cure=_said(), p7s=_P7S), 0, 4 * MAX_BIDS)),
    "cured_marks": _as_list(
        listing(record(uscc=uscc, cured_marks=_said(), p7s=_P7S), 0, 4 * MAX_BIDS)
    ),
    "protests": _as_list(listing(record(uscc=uscc, protest=_said(), p7s=_P7S), 0, MAX_BIDS)),
    "replaced": _as_list(listing(record(list=_said(), p7s=_P7S), 0, MAX_BIDS)),
    "earlier": _or_none(
        record(
            list=_said(),
            p7s=_P7S,
            signatures=_SIGNATURES,
            result=_said(),
            result_p7s=_P7S,
            log=_as_is(read_log),
            proof=_as_list(listing(digest, 0, 64)),
        )
    ),
}
_TASK: dict[str, Shape[Any]] = {
    "lot": text(80),
    "party": uscc,
    "share": boolean,
    "time": instant,
    "demonstration": boolean,
    "chain": _said(0),
    "crls": listing(_as_text(octets(1, _MAX_TEXT)), 0, 64),
    "anchors": _said(0),
    "challenge": _or_none(_said()),
    "stage": text(80, 0),
    "draft": _or_none(record(policy=_said(), signatures=_SIGNATURES)),
    "closing": _or_none(record(**CLOSING)),
}

# Each kind of statement with the body that the API takes for it.
KINDS: dict[str, dict[str, Shape[Any]]] = {
    "trustee-key": {"announcement": _said(), "p7s": _P7S},
    "rehearsal": {"answer": _said(), "p7s": _P7S},
    "policy-signature": {"p7s": _P7S},
    "closing-signature": {"p7s": _P7S},
    "nonce": {"nonce": digest},
    "marks": {"marks": _said(), "p7s": _P7S},
    "cured-marks": {"cured_marks": _said(), "p7s": _P7S},
    "shares": {"release": _said(), "p7s": _P7S},
}
_ANSWER: dict[str, Shape[Any]] = {
    "lot": text(80),
    "party": uscc,
    "statements": listing(_statement, 0, len(KINDS)),
}
