"""Which act must follow which: a log of acts held against the rule set ``precedences``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kernel.regulation import rules
from kernel.regulation.rows import Row, RuleSet


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a log. ``name`` is ``<package>.<machine>.<transition>``.

    case: the machine's own identity. project: what all its cases have in common. links: cases
    that this one rests on (the lot of a contract). subject, region: what rows may depend on.
    """

    name: str
    case: str
    project: str
    at: datetime
    links: frozenset[str] = frozenset()
    subject: Mapping[str, str] = field(default_factory=dict)
    region: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """An act that stands where it may not.

    reason: ``not_preceded``, ``too_early`` or ``too_late``. bound: the instant that was broken,
    for the latter two.
    """

    act: Act
    must_follow: tuple[str, ...]
    reason: str
    row: Row
    bound: datetime | None = None


class Gaps(Protocol):
    """Tells time between two acts by a period key."""

    def not_before(self, period_key: str, previous: Act, act: Act) -> datetime | None:
        """The bound if ``act`` came too soon after ``previous``."""

    def not_after(self, period_key: str, previous: Act, act: Act) -> datetime | None:
        """The bound if ``act`` came too late after ``previous``."""


def required(row: Row) -> tuple[str, ...]:
    """Acts of which one must have happened before."""
    names = row["must_follow"]
    return (names,) if isinstance(names, str) else tuple(names)


def _related(scope: str, previous: Act, act: Act) -> bool:
    if scope == "same_case":
        return previous.case == act.case
    if scope == "linked_case" and act.links:
        return previous.case in act.links
    return previous.project == act.project


def _previous(row: Row, act: Act, before: Sequence[Act]) -> Act | None:
    """The latest act before that satisfies the row."""
    names = required(row)
    for other in reversed(before):
        if other.name in names and other.at <= act.at and _related(row["scope"], other, act):
            return other
    return None


def _violations(
    row: Row, act: Act, before: Sequence[Act], gaps: Gaps | None
) -> Iterator[Violation]:
    previous = _previous(row, act, before)
    if previous is None:
        yield Violation(act, required(row), "not_preceded", row)
    elif gaps is not None:
        if row["min_gap"] and (bound := gaps.not_before(row["min_gap"], previous, act)):
            yield Violation(act, required(row), "too_early", row, bound)
        if row["max_gap"] and (bound := gaps.not_after(row["max_gap"], previous, act)):
            yield Violation(act, required(row), "too_late", row, bound)


def check(log: Sequence[Act], rule_set: RuleSet, gaps: Gaps | None = None) -> list[Violation]:
    """Every act of the log that is not where the law wants it, in the order of the log.

    log: acts in the order in which they were recorded. gaps: how time between acts is told; with
    None only the order is checked; ``gaps.PeriodGaps`` tells it by the periods of the law.
    """
    found: list[Violation] = []
    rows = _by_act(rule_set.rows)
    for index, act in enumerate(log):
        for row in rows.get(act.name, ()):
            if row.region in rules.region_chain(act.region) and rules.applies(row, act.subject):
                found += _violations(row, act, log[:index], gaps)
    return found


def _by_act(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["act"], []).append(row)
    return found
