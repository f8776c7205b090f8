"""The draw of experts: pure, so that anybody may draw again what was drawn.

Regulations of the Tendering Law, art. 46: drawn at random from the bank. The platform commits to
a nonce and to a snapshot of the pool when the case is opened; the procuring entity brings its own
nonce when it draws; from the two comes the seed. Neither side alone decides anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from kernel.sealing import canonical

_DOMAIN = b"zhuxin-expert-draw/1\n"


@dataclass(frozen=True)
class Employment:
    """Somebody worked for an organisation. until: last day in ISO, empty while it lasts."""

    uscc: str
    until: str = ""


@dataclass(frozen=True)
class Candidate:
    """An expert as the snapshot of the pool has them.

    code: the expert's code. served: (owner's credit code, day in ISO) of the committees sat on.
    """

    code: str
    specialties: tuple[str, ...]
    region: str
    valid_until: str
    employments: tuple[Employment, ...] = ()
    served: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Filters:
    """Whom a lot cannot have. The numbers come from the rule set of the day of the draw.

    day: ISO. region: leading digits of the places that experts may come from. former_years: how
    long an ex-employer counts. load_cap committees within load_days are enough for anybody.
    cooling_days: how long after a committee of this owner.
    """

    day: str
    specialties: tuple[str, ...]
    region: str
    parties: tuple[str, ...]
    owner: str
    former_years: int
    cooling_days: int
    load_cap: int
    load_days: int


def pool_sha256(pool: Iterable[Candidate]) -> str:
    """Hash of a pool, whatever order it is given in; hex."""
    rows = sorted((_plain(one) for one in pool), key=lambda row: str(row["code"]))
    return canonical.digest(rows).hex()


def _plain(one: Candidate) -> dict[str, Any]:
    return asdict(one) | {
        "specialties": sorted(one.specialties),
        "employments": sorted([e.uscc, e.until] for e in one.employments),
        "served": sorted([owner, day] for owner, day in one.served),
    }


def to_json(one: Candidate) -> dict[str, Any]:
    """A candidate as plain JSON, for the snapshot that is kept."""
    return _plain(one)


def from_json(row: Mapping[str, Any]) -> Candidate:
    """A candidate out of a kept snapshot."""
    return Candidate(
        code=row["code"],
        specialties=tuple(row["specialties"]),
        region=row["region"],
        valid_until=row["valid_until"],
        employments=tuple(Employment(uscc, until) for uscc, until in row["employments"]),
        served=tuple((owner, day) for owner, day in row["served"]),
    )


def commitment(nonce: str) -> str:
    """What is published of a nonce (hex) before it is revealed; hex."""
    return hashlib.sha256(_DOMAIN + b"commit\n" + bytes.fromhex(nonce)).hexdigest()


def seed_of(platform_nonce: str, owner_nonce: str, pool: str) -> str:
    """The seed out of both nonces and the pool's hash; hex. owner_nonce: any text."""
    parts = canonical.encode([platform_nonce, owner_nonce, pool])
    return hashlib.sha256(_DOMAIN + b"seed\n" + parts).hexdigest()


def barred(one: Candidate, filters: Filters) -> str:
    """Why an expert cannot be drawn, as a code; empty where nothing stands against them."""
    today = date.fromisoformat(filters.day)
    if one.valid_until and one.valid_until < filters.day:
        return "expired"
    if filters.specialties and not set(one.specialties) & set(filters.specialties):
        return "specialty"
    if not one.region.startswith(filters.region):
        return "region"
    if conflicting(one.employments, filters.parties, today, filters.former_years):
        return "employer"
    if any(o == filters.owner and _within(d, today, filters.cooling_days) for o, d in one.served):
        return "cooling"
    if sum(_within(day, today, filters.load_days) for _owner, day in one.served) >= (
        filters.load_cap
    ):
        return "load"
    return ""


def conflicting(
    employments: Iterable[Employment], parties: Iterable[str], today: date, years: int
) -> tuple[str, ...]:
    """Parties for which somebody works or worked within so many years."""
    among = set(parties)
    since = years_before(today, years).isoformat()
    return tuple(
        sorted(
            {
                one.uscc
                for one in employments
                if one.uscc in among and (not one.until or one.until >= since)
            }
        )
    )


def years_before(day: date, years: int) -> date:
    """The same day so many years before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _within(day: str, today: date, days: int) -> bool:
    return timedelta() <= today - date.fromisoformat(day) < timedelta(days=days)


def draw(pool: Iterable[Candidate], filters: Filters, seed: str) -> tuple[str, ...]:
    """Codes of all who may be called, in the order in which they are called.

    The order is by the hash of seed and code: every order is equally likely to who does not know
    the seed, and the order of the pool does not matter. Who is barred has no place in it.
    """
    free = [one.code for one in pool if not barred(one, filters)]
    return tuple(sorted(free, key=lambda code: (_ticket(seed, code), code)))


def _ticket(seed: str, code: str) -> bytes:
    return hashlib.sha256(_DOMAIN + b"ticket\n" + canonical.encode([seed, code])).digest()
