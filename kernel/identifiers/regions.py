"""Regions by code (GB/T 2260), with the time in which each was in force and what followed it.

Heilongjiang stands here down to its counties, every other province by itself. A code may name
two divisions at different times: 232701 was 加格达奇区 and is 漠河市. So ask with the day that
matters.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from kernel.errors import Refusal, Refused
from kernel.identifiers.text import normalise

_ARTICLE = "GB/T 2260"
_CODE = re.compile(r"[0-9]{6}")
_FILE = Path(__file__).with_name("regions.csv")

# The State itself, where a national authority registers (91100000…); GB/T 2260 does not list it.
STATE = "100000"

Level = Literal["province", "prefecture", "county"]


@dataclass(frozen=True)
class Region:
    """One row of the table.

    english: its name in Latin letters, in pinyin but where another spelling is the usual one
    (Harbin, Dorbod), with what kind of place it is.
    kind: province, prefecture, county, urban (市辖区, a sum and not a division), statistical.
    valid_from, valid_to: inclusive; None = since before the lists begin, or still in force.
    successors: the codes that took the area over.
    basis: how the dates are known: list, year, deed, memory (the file explains each).
    """

    code: str
    name: str
    english: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]
    basis: str

    def in_force(self, on: date) -> bool:
        """Whether the row holds on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )

    @property
    def abolished(self) -> bool:
        """Whether the row has ended."""
        return self.valid_to is not None

    @property
    def official(self) -> bool:
        """Whether GB/T 2260 knows it as a division: not a sum, not a statistical area."""
        return self.kind in {"province", "prefecture", "county"}


def region(code: str, on: date | None = None) -> Region:
    """The region that a code named on a day; without a day, the one it names now or named last.

    Refused with ``identifiers.region.unknown``, ``.superseded`` (the refusal names the successors)
    or ``.not_in_force`` (not yet, or nothing known to have followed).
    """
    rows = _table().get(code, ())
    if not rows:
        raise Refused.because(
            "identifiers.region.unknown", article=_ARTICLE, field="region", region=code[:12]
        )
    if on is None:
        return rows[-1]
    # In the year of a change old and new overlap; the newer one wins.
    held = [row for row in rows if row.in_force(on)]
    if not held:
        raise _not_in_force(rows[-1], on)
    return held[-1]


def parse(text: str, on: date | None = None) -> Region:
    """The region of a code as somebody typed it."""
    return region(normalise(text), on)


def name(code: str, on: date | None = None) -> str:
    """Its own name: 伊美区."""
    return region(code, on).name


def full_name(code: str, on: date | None = None) -> str:
    """With the names of everything above it: 黑龙江省伊春市伊美区."""
    return "".join(part.name for part in (*ancestors(code, on), region(code, on)))


def level(code: str) -> Level:
    """How high a code stands, by its zeros."""
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def ancestors(code: str, on: date | None = None) -> tuple[Region, ...]:
    """The regions above, the province first; works for a county of any province."""
    above = [f"{code[:2]}0000", f"{code[:4]}00"]
    return tuple(region(up, on) for up in above if up != code and up in _table())


def province(code: str) -> Region:
    """The province that a code belongs to, be the code itself known or not."""
    return region(f"{code[:2]}0000")


def provinces() -> tuple[Region, ...]:
    """Every province of today, by code."""
    return tuple(row for row in everything() if row.kind == "province" and not row.abolished)


def place_name(code: str) -> str:
    """A place as far as the table knows it: an unknown county stands with its province's name.

    For codes of registers, which may be of development zones or abolished counties.
    """
    if not plausible(code) or code == STATE:
        return code
    if code in _table():
        return full_name(code)
    return f"{province(code).name} {code}"


def known(code: str) -> bool:
    """Whether the table has, or had, this code."""
    return code in _table()


def plausible(code: str) -> bool:
    """Whether six digits lie in a province that exists (or name the State itself).

    Registers of enterprises and residents use codes of development zones and of abolished
    counties, so that a code missing from the table is no fault.
    """
    return bool(_CODE.fullmatch(code)) and (code == STATE or f"{code[:2]}0000" in _table())


def everything() -> tuple[Region, ...]:
    """Every row of the table, ended ones too."""
    return tuple(row for rows in _table().values() for row in rows)


def children(code: str, on: date) -> tuple[Region, ...]:
    """The official divisions directly below a province or prefecture on a day, by code."""
    below: Level = "prefecture" if level(code) == "province" else "county"
    return tuple(
        row
        for rows in _table().values()
        for row in rows
        if row.official
        and level(row.code) == below
        and row.code != code
        and _lies_in(row.code, code)
        and row.in_force(on)
    )


def current(code: str, on: date | None = None) -> frozenset[str]:
    """The codes now in force for the area that a code named on a day: itself, or what followed it.

    Empty where nothing is known to have followed.
    """
    pending, found = [region(code, on)], set[str]()
    seen = set[Region]()
    while pending:
        row = pending.pop()
        if row in seen:
            continue
        seen.add(row)
        if row.abolished:
            pending.extend(_follower(code, row) for code in row.successors)
        else:
            found.add(row.code)
    return frozenset(found)


def within(code: str, other: str, on: date | None = None) -> bool:
    """Whether a region is another or lies in it, by its code or by what followed it.

    A case of the abolished 伊春区 is within 伊美区, which took it over. Regions of other provinces,
    of which the table has no counties, are judged by their code alone. on: as in `region`.
    """
    if _lies_in(code, other):
        return True
    return code in _table() and any(_lies_in(now, other) for now in current(code, on))


def _not_in_force(row: Region, on: date) -> Refused:
    facts = {"region": row.code, "name": row.name, "day": on.isoformat()}
    if row.valid_to is not None and row.valid_to < on and row.successors:
        after = [f"{_follower(code, row).name} {code}" for code in row.successors]
        reason = Refusal(
            "identifiers.region.superseded", {**facts, "successors": after}, _ARTICLE, "region"
        )
    else:
        reason = Refusal("identifiers.region.not_in_force", facts, _ARTICLE, "region")
    return Refused(reason)


def _follower(code: str, ended: Region) -> Region:
    """The first row of a code that outlives the ended one; a code may have had several lives."""
    return next(
        row
        for row in _table()[code]
        if row.valid_to is None or (ended.valid_to is not None and row.valid_to > ended.valid_to)
    )


def _lies_in(code: str, other: str) -> bool:
    if not (_CODE.fullmatch(code) and _CODE.fullmatch(other)):
        return False
    return other == STATE or code.startswith(re.sub(r"(00){1,2}$", "", other))


@cache
def _table() -> dict[str, tuple[Region, ...]]:
    """Rows by code, each code's in order of time."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    table: dict[str, tuple[Region, ...]] = {}
    for row in csv.DictReader(lines):
        read = Region(
            code=row["code"],
            name=row["name"],
            english=row["english"],
            kind=row["kind"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            successors=tuple(row["successors"].split()),
            basis=row["basis"],
        )
        rows = (*table.get(read.code, ()), read)
        table[read.code] = tuple(sorted(rows, key=lambda r: r.valid_from or date.min))
    return table
