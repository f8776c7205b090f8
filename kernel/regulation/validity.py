"""On which days a version of a rule set is valid, and that no two are on one day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A version of a rule set with its validity, both days included."""

    @property
    def code(self) -> str:
        """Which rule set."""

    @property
    def region(self) -> str:
        """Six digits; empty for the State."""

    @property
    def version(self) -> str:
        """Which version."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date | None:
        """Last day, None while open."""

    @property
    def supersedes(self) -> str:
        """The version that this one ends, or empty."""


D = TypeVar("D", bound=Dated)


def last_valid_day(one: Dated, others: Iterable[Dated]) -> date | None:
    """Last day of validity; a version that supersedes this one ends it on the day before."""
    ends = [] if one.valid_to is None else [one.valid_to]
    ends += [
        other.valid_from - timedelta(days=1)
        for other in others
        if (other.code, other.region, other.supersedes) == (one.code, one.region, one.version)
    ]
    return min(ends, default=None)


def overlaps(sets: Sequence[D]) -> list[tuple[D, D]]:
    """Pairs of versions of one code and region that would both be valid on some day."""
    found: list[tuple[D, D]] = []
    ordered = sorted(sets, key=lambda s: (s.code, s.region, s.valid_from, s.version))
    for index, one in enumerate(ordered):
        group = [s for s in ordered[index + 1 :] if (s.code, s.region) == (one.code, one.region)]
        end = last_valid_day(one, group)
        found += [(one, s) for s in group if end is None or s.valid_from <= end]
    return found
