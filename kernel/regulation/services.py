"""Publish the law: what is new is recorded, what was published must still be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from kernel.errors import Conflict, Refusal
from kernel.regulation import validity
from kernel.regulation.models import PublishedRuleSet
from kernel.regulation.rows import RuleSet
from kernel.regulation.rule_sets import Library, library

_Held = Mapping[tuple[str, str], PublishedRuleSet]


def _held() -> _Held:
    return {(row.code, row.version): row for row in PublishedRuleSet.objects.all()}


def _changed(sets: Sequence[RuleSet], held: _Held) -> Iterator[Refusal]:
    for one in sets:
        row = held.get((one.code, one.version))
        if row is not None and row.sha256 != one.sha256:
            yield Refusal(
                "regulation.rule_set.changed", {"rule_set": one.code, "version": one.version}
            )


def _record(one: RuleSet, now: datetime) -> PublishedRuleSet:
    return PublishedRuleSet(
        code=one.code,
        version=one.version,
        region=one.region,
        supersedes=one.supersedes,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        sha256=one.sha256,
        text=one.text,
        published_at=now,
    )


def _overlapping(held: _Held, new: Sequence[PublishedRuleSet]) -> Iterator[Refusal]:
    for one, other in validity.overlaps([*held.values(), *new]):
        yield Refusal(
            "regulation.rule_set.overlaps",
            {"rule_set": one.code, "version": one.version, "other": other.version},
        )


def publish(now: datetime, source: Library = library) -> tuple[PublishedRuleSet, ...]:
    """Record every loaded rule set that is not recorded yet, all or none; answers the new ones.

    now: the legal moment of publication. Refuses, with every reason at once,
    ``regulation.rule_set.changed`` (a published version's text is another) and
    ``regulation.rule_set.overlaps`` (two versions valid on one day, also with a published one
    whose file is gone). Publishing again changes nothing.
    """
    sets = source.sets
    with transaction.atomic():
        held = _held()
        new = [_record(s, now) for s in sets if (s.code, s.version) not in held]
        refusals = [*_changed(sets, held), *_overlapping(held, new)]
        if refusals:
            raise Conflict(refusals)
        # Another process may publish the same at this moment: its rows stay, and are compared.
        PublishedRuleSet.objects.bulk_create(new, ignore_conflicts=True)
        if refusals := [*_changed(sets, _held())]:
            raise Conflict(refusals)
    return tuple(new)
