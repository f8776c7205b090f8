"""The moments of an opening from which its times run, each under the operator's signature.

A moment is when enough had been said: k trustees signed the list, k marked, k released; and when
the factors were drawn. It names what it rests on. The times of :mod:`.windows` begin with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.errors import Refused
from kernel.sealing.bids import windows
from kernel.sealing.bids.draw import Draw
from kernel.sealing.bids.fields import choice, digest, instant, instant_text, listing, read, text
from kernel.sealing.bids.fields import write as written
from kernel.sealing.bids.policy import Policy

FORMAT = "zhuxin-opening-moment/1"
COUNTERSIGNED, DRAWN, MARKED, RELEASED = "countersigned", "drawn", "marked", "released"
NAMES = (COUNTERSIGNED, DRAWN, MARKED, RELEASED)
# By how much a signer's clock may be ahead of the operator's.
CLOCKS = timedelta(minutes=1)


@dataclass(frozen=True)
class Moment:
    """When enough had been said under a list.

    moment: one of :data:`NAMES`. said: SHA-256 (hex, sorted) of what it rests on: of the list's
    signatures (CMS bytes), of the marks or releases (their texts), of the draw (its text).
    """

    lot: str
    list_sha256: str
    moment: str
    at: datetime
    said: tuple[str, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        return written(
            FORMAT, **{**vars(self), "at": instant_text(self.at), "said": list(self.said)}
        )


def read_moment(data: bytes) -> Moment:
    """The moment in canonical bytes; refused by form with ``sealing.format.*``."""
    return Moment(**read(data, FORMAT, _MOMENT))


def named(said: Iterable[bytes]) -> tuple[str, ...]:
    """What a moment rests on, as it names it."""
    return tuple(sorted(hashlib.sha256(each).hexdigest() for each in said))


def when(every: Iterable[Moment], moment: str, list_sha256: str) -> datetime | None:
    """When a moment of a list was; None where it was not yet.

    Of two that contradict one another the later one: nobody's time is shortened by it.
    """
    found = [m.at for m in every if (m.moment, m.list_sha256) == (moment, list_sha256)]
    return max(found, default=None)


def sound(
    every: Iterable[Moment],
    closed: Mapping[str, datetime],
    signed: Mapping[str, datetime | None],
    list_sha256: str,
    now: datetime,
) -> tuple[Moment, ...]:
    """Those of the moments that can be: of a list that was, and not before what they rest on.

    closed: when each list of this opening was made, by its hash. signed: of the list in force
    (list_sha256), the SHA-256 of each signature with the time that it says, which counts where it
    is not still to come. Whoever dates a moment back cuts somebody's time short.
    """

    def can_be(made: Moment) -> bool:
        if made.list_sha256 not in closed or made.at < closed[made.list_sha256]:
            return False
        if (made.moment, made.list_sha256) != (COUNTERSIGNED, list_sha256):
            return True
        if not set(made.said) <= set(signed):
            return False
        said = (signed[each] for each in made.said)
        return not any(at and made.at + CLOCKS < at <= now + CLOCKS for at in said)

    return tuple(made for made in every if can_be(made))


def check_draw(drawn: Draw, text: bytes, policy: Policy, every: Iterable[Moment]) -> None:
    """Refuse a draw that somebody could have chosen, or that left somebody out before its time.

    ``sealing.draw.few``: it has the nonces of fewer than k trustees, so that none of them need be
    honest. ``sealing.draw.early``: a nonce is missing, and the time to reveal it was not over when
    the factors were drawn, or nothing signed says that it was.
    """
    trustees = {trustee.uscc for trustee in policy.trustees}
    found = len(trustees - set(drawn.withheld))
    if found < policy.threshold:
        raise Refused.because("sealing.draw.few", found=found, needed=policy.threshold)
    if not drawn.withheld:
        return
    known, digest_ = tuple(every), hashlib.sha256(text).hexdigest()
    for moment in known:
        if moment.moment != DRAWN or digest_ not in moment.said:
            continue
        since = when(known, COUNTERSIGNED, moment.list_sha256)
        if since and moment.at >= windows.reveal_until(since, policy.decrypt_window_minutes):
            return
    raise Refused.because("sealing.draw.early", parties=", ".join(sorted(drawn.withheld)))


_MOMENT = {
    "lot": text(80),
    "list_sha256": digest,
    "moment": choice(*NAMES),
    "at": instant,
    "said": listing(digest, 1, 32),
}
