"""Tokens from the first authority that answers; and a token from outside for every signed head."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.evidence.authorities import Authority, Lists, all_of_them, lists
from kernel.evidence.models import HeadToken, TreeHead
from kernel.sealing import timestamps

_LOG = logging.getLogger(__name__)
# An authority that could not be reached is left alone for so long, in real seconds.
REST_SECONDS = 30.0
_AT_ONCE = 8
_HEADS_AT_ONCE = 20


# Of an authority that was named before and is configured no more.
CODE = "evidence.timestamp.unconfigured"


@dataclass(frozen=True)
class Failure:
    """Why an authority's answer is not used, as a code."""

    authority: str
    code: str

    def as_json(self) -> dict[str, str]:
        """As it is kept and told."""
        return {"authority": self.authority, "code": self.code}


@dataclass(frozen=True)
class Stamp:
    """A token that holds, and the name of the authority that made it."""

    authority: str
    token: bytes
    gen_time: datetime


@dataclass(frozen=True)
class Outcome:
    """stamp: None where no authority answered well; failures: of those asked in vain before."""

    stamp: Stamp | None
    failures: tuple[Failure, ...] = ()


def obtain(
    digest: bytes, names: Collection[str] | None = None, near: datetime | None = None
) -> Outcome:
    """A token over a SHA-256 from the first authority whose token holds; slow, no transaction.

    names: only these count. near: a token further than a minute from this instant is not used
    while another authority is left; where all are, the nearest is given with the failures.
    """
    everyone = [each for each in all_of_them() if names is None or each.name in names]
    return _obtain(digest, everyone, lists(), near)


# Digest, names and instant, as :func:`obtain` takes them.
Want = tuple[bytes, Collection[str] | None, datetime | None]


def obtain_many(wanted: Sequence[Want]) -> list[Outcome]:
    """The same for several, some at a time."""
    everyone, known = all_of_them(), lists()

    def one(want: Want) -> Outcome:
        digest, names, near = want
        mine = [each for each in everyone if names is None or each.name in names]
        return _obtain(digest, mine, known, near)

    # The own authority costs a third of a millisecond and asks the database for the time.
    if len(wanted) < 2 or all(each.own for each in everyone):
        return [one(want) for want in wanted]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda want: _closing(one, want), wanted))


def _closing(one: Callable[[Want], Outcome], want: Want) -> Outcome:
    try:
        return one(want)
    finally:
        connection.close()


def _obtain(
    digest: bytes, everyone: Sequence[Authority], known: Lists, near: datetime | None
) -> Outcome:
    failures: list[Failure] = []
    spare: Stamp | None = None
    for authority in everyone:
        try:
            stamp = _ask(authority, digest, known)
        except Refused as refused:
            failures.append(Failure(authority.name, refused.refusals[0].code))
            continue
        if near is None or abs(stamp.gen_time - near) <= timestamps.WITHIN:
            return Outcome(stamp, tuple(failures))
        failures.append(Failure(authority.name, "sealing.timestamp.time"))
        if spare is None or abs(stamp.gen_time - near) < abs(spare.gen_time - near):
            spare = stamp
    return Outcome(spare, tuple(failures))


_resting: dict[str, float] = {}
_lock = threading.Lock()


def _ask(authority: Authority, digest: bytes, known: Lists) -> Stamp:
    with _lock:
        if time.monotonic() < _resting.get(authority.name, 0.0):
            raise Refused.because("evidence.timestamp.resting")
    asked = timestamps.request(digest, authority.policy)
    try:
        answer = authority.answer(asked.encode())
        token = timestamps.verify(
            timestamps.read_response(answer), digest, authority.anchors,
            crls=known.crls, intermediates=known.issuers, asked=asked,
        )  # fmt: skip
        timestamps.check_named(token, [authority.name])
    except Refused as refused:
        _LOG.warning("time-stamp authority %s: %s", authority.name, refused)
        if refused.refusals[0].code == "evidence.timestamp.unreachable":
            with _lock:
                _resting[authority.name] = time.monotonic() + REST_SECONDS
        raise
    return Stamp(authority.name, token.data, token.gen_time)


def forget_failures() -> None:
    """Ask everybody again at once."""
    with _lock:
        _resting.clear()


# Heads ------------------------------------------------------------------------------------------


def stamp_heads(limit: int = _HEADS_AT_ONCE) -> int:
    """Get tokens for the newest heads that have none; how many got one. Slow, no transaction."""
    rows = list(TreeHead.objects.filter(tokens=None).order_by("-pk")[:limit])
    done = 0
    for row, outcome in zip(
        rows, obtain_many([(head_digest(row), None, None) for row in rows]), strict=True
    ):
        if outcome.stamp is not None:
            done += _keep(row, outcome.stamp)
    return done


def head_digest(head: TreeHead) -> bytes:
    """What a head's token is over: SHA-256 of the bytes that the log's key signed."""
    return hashlib.sha256(
        formats.head_bytes(size=head.size, root=bytes(head.root), at=head.at, log=head.key_id)
    ).digest()


def _keep(head: TreeHead, stamp: Stamp) -> int:
    with transaction.atomic():
        _row, new = HeadToken.objects.get_or_create(
            head=head,
            authority=stamp.authority,
            defaults={"token": stamp.token, "gen_time": stamp.gen_time},
        )
    return int(new)


# Whatever else waits for a token: each room brings its own work.
_work: dict[str, Callable[[], int]] = {}


def work(code: str, what: Callable[[], int]) -> None:
    """Let the worker do this, too, whenever it stamps. what: how many things it did."""
    if _work.setdefault(code, what) is not what:
        raise ValueError(f"two kinds of stamping work named {code}")


def run() -> int:
    """Everything that waits, once; how many things were done. One kind never stops another."""
    done = 0
    for code, what in (*sorted(_work.items()), ("kernel.evidence.heads", stamp_heads)):
        try:
            done += what()
        except Exception:
            _LOG.exception("stamping %s failed and comes again", code)
    return done


__all__ = [
    "Failure",
    "Outcome",
    "Stamp",
    "forget_failures",
    "head_digest",
    "obtain",
    "obtain_many",
    "run",
    "stamp_heads",
    "work",
]
