"""Everybody's scores on a day: how grades spread, and who would move under another scheme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from credit.scoring import bulk, formulas, population, rules, selectors, shadow
from credit.scoring.bulk import Column
from credit.scoring.models import CreditStudy
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from kernel.events import services as events
from kernel.events.credit import CreditStudyAsked
from kernel.regulation.reading import parse
from kernel.regulation.rows import LawFault

LONGEST_DRAFT = 200_000  # characters; the longest scheme we hold has a tenth of it
_BIN = 5 * 100 * rules.HUNDREDTH  # five points
_LOWEST = 20
# Each keeps a worker for half a minute: so many wait for one person at a time, for a day at most.
_WAITING, _GIVEN_UP = 3, timedelta(days=1)
_FAULTS = 100  # of a draft, told at once
# What the formula of sections reads of a scheme's values.
_OF_SECTIONS = ("section.start", "section.floor", "weight.bidding", "weight.performance")


def ask(
    *, actor: Actor, at: datetime, valid_on: date, first: str, second: str = "", draft: str = ""
) -> CreditStudy:
    """Ask for a study; a worker makes it. The same one that still waits is not asked for again.

    Raises Refused ``credit.study.waiting`` for who has enough of them waiting,
    ``credit.study.ahead`` for a day to come, ``credit.scheme.draft_faulty`` with every fault of a
    draft, and what ``selectors.scheme`` raises for a code.
    """
    if valid_on > clock.legal_date(at):
        raise Refused.because("credit.study.ahead", on=valid_on.isoformat(), field="valid_on")
    for code in filter(None, (first, second)):
        selectors.scheme(clock.start_of(valid_on), code)
    if draft:
        drafted(draft)
    waiting = CreditStudy.objects.filter(asked_by=actor.person_id, done_at=None)
    same = waiting.filter(valid_on=valid_on, first=first, second=second, draft=draft)
    if (found := same.first()) is not None:
        return found
    if waiting.filter(asked_at__gt=at - _GIVEN_UP).count() >= _WAITING:
        raise Refused.because("credit.study.waiting", most=_WAITING)
    with transaction.atomic():
        study = CreditStudy.objects.create(
            asked_by=actor.person_id, asked_at=at, valid_on=valid_on, first=first, second=second,
            draft=draft,
        )  # fmt: skip
        events.publish([CreditStudyAsked(study.pk)], case=f"credit.study:{study.pk}", at=at)
    return study


def drafted(text: str) -> rules.Scheme:
    """The scheme of a draft's text; refused with every fault, each a reason of its own."""
    if len(text) > LONGEST_DRAFT:
        raise Refused.because("credit.scheme.draft_long", longest=LONGEST_DRAFT, field="draft")
    try:
        found = parse(text, "scheme.toml")
        if found.kind != "schemes":
            raise LawFault([f"{found.code}: a scheme's code begins with schemes."])
        scheme = selectors.scheme_of(found)
        if missing := list(_missing(scheme)):
            raise LawFault(missing)
        return scheme
    except LawFault as fault:
        refusals = [
            Refusal("credit.scheme.draft_faulty", {"fault": each}, "", "draft")
            for each in fault.faults[:_FAULTS]
        ]
    except (KeyError, IndexError) as missing:
        refusals = [
            Refusal("credit.scheme.draft_faulty", {"fault": f"{missing} is needed"}, "", "draft")
        ]
    raise Refused(refusals)


def _missing(scheme: rules.Scheme) -> Iterator[str]:
    """What the engine needs of a scheme as a whole, and a draft does not have."""
    if not scheme.bands:
        yield "a scheme has bands"
    yield from _odd(scheme)
    if scheme.inertia_steps and not scheme.inertia_months:
        yield "inertia.months is needed"
    if scheme.formula != "sections":
        return
    if not scheme.mean_months:
        yield "mean.months is needed"
    for key in _OF_SECTIONS:
        if key not in scheme.values:
            yield f"{key} is needed"
        elif key.startswith("weight.") and not scheme.values[key]:
            yield f"{key} is above nought"


def _odd(scheme: rules.Scheme) -> Iterator[str]:
    """What can be read and makes no sense."""
    lower, upper = scheme.lower, scheme.upper
    if lower is not None and upper is not None and lower > upper:
        yield _("最低分高于最高分")
    elif (lower is not None and scheme.base < lower) or (upper is not None and scheme.base > upper):
        yield _("基础分不在最低分和最高分之间")
    if scheme.bands and lower is not None and scheme.bands[-1][1] > lower:
        yield _("最低一级的最低分高于方案的最低分，其间没有等级")
    if any(value < 0 for value in scheme.caps.values()) or (scheme.good_cap or 0) < 0:
        yield _("加分上限小于零")
    if any(value > 0 for value in scheme.floors.values()):
        yield _("扣分下限大于零")
    if not scheme.items and scheme.formula == "ledger":
        yield _("方案没有评价项")


def make(study_id: int, at: datetime) -> dict[str, Any]:
    """Compute a study as known at an instant."""
    study = CreditStudy.objects.get(pk=study_id)
    ledger = population.everybody()
    first = selectors.scheme(clock.start_of(study.valid_on), study.first)
    told: dict[str, Any] = {
        "enterprises": len(ledger.holders),
        "first": _named(first),
        "silent": shadow.silent(ledger, first, at),
    }
    if not (study.second or study.draft):
        totals = _totals(ledger, first, study.valid_on, at)
        bands = shadow.grades(ledger, first, study.valid_on, at, selectors.ledgers)
        return told | _spread(ledger, first, totals, bands)
    second = (
        drafted(study.draft)
        if study.draft
        else selectors.scheme(clock.start_of(study.valid_on), study.second)
    )
    found = shadow.compare(ledger, first, second, study.valid_on, at, ledgers=selectors.ledgers)
    return told | {
        "second": _named(second),
        "second_silent": shadow.silent(ledger, second, at),
        "rows": list(found.first),
        "columns": list(found.second),
        "counts": [list(row) for row in found.counts],
        "moved": [list(row) for row in found.moved],
    }


def keep(study_id: int, result: dict[str, Any]) -> None:
    """Put a result where it was asked for."""
    CreditStudy.objects.filter(pk=study_id, done_at=None).update(done_at=clock.now(), result=result)


def _named(scheme: rules.Scheme) -> dict[str, str]:
    return {"code": scheme.code, "version": scheme.version, "sha256": scheme.sha256}


def _totals(ledger: bulk.Ledger, scheme: rules.Scheme, valid_on: date, at: datetime) -> Column:
    if scheme.formula == "ledger":
        return shadow.totals(ledger, scheme, valid_on, at)
    rows = selectors.ledgers(ledger.holders)
    return np.array(
        [formulas.score(rows[uscc], scheme, valid_on, at).millionths for uscc in ledger.holders],
        np.int64,
    )


def _spread(
    ledger: bulk.Ledger, scheme: rules.Scheme, totals: Column, bands: Column
) -> dict[str, Any]:
    """How many have each grade, how many lie in each five points, and who is lowest."""
    counts = np.bincount(bands, minlength=len(scheme.bands))
    bins, many = np.unique(totals // _BIN, return_counts=True)
    lowest = np.lexsort((np.array(ledger.holders, str), totals))[:_LOWEST]
    return {
        "grades": [
            [grade, int(count)] for (grade, _least), count in zip(scheme.bands, counts, strict=True)
        ],
        "points": [[int(place) * 5, int(count)] for place, count in zip(bins, many, strict=True)],
        "lowest": [
            [ledger.holders[place], int(totals[place]), scheme.bands[bands[place]][0]]
            for place in lowest
        ],
    }
