"""Everybody's scores on a day: how grades spread, and who would move under another scheme."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from credit.scoring import (
    bulk,
    draft_faults,
    formulas,
    population,
    rules,
    selectors,
    shadow,
    soundness,
)
from credit.scoring.bulk import Column
from credit.scoring.models import CreditStudy
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.events import services as events
from kernel.events.credit import CreditStudyAsked
from kernel.regulation.reading import parse
from kernel.regulation.rows import Fault, LawFault

LONGEST_DRAFT = 200_000  # characters; the longest scheme we hold has a tenth of it
_BIN = 5 * 100 * rules.HUNDREDTH  # five points
_LOWEST = 20
# Each keeps a worker for half a minute: so many wait for one person at a time, for a day at most.
_WAITING, _GIVEN_UP = 3, timedelta(days=1)
_FAULTS = 100  # of a draft, told at once


def ask(
    *, actor: Actor, at: datetime, valid_on: date, first: str, second: str = "", draft: str = ""
) -> CreditStudy:
    """Ask for a study; a worker makes it. The same one that still waits is not asked for again.

    Raises Refused ``credit.study.waiting`` for who has enough of them waiting,
    ``credit.study.ahead`` for a day to come, every fault of a draft, and what
    ``selectors.named`` raises for a code, or a code with its version (``code@version``).
    """
    if valid_on > clock.legal_date(at):
        raise Refused.because("credit.study.ahead", on=valid_on.isoformat(), field="valid_on")
    for name in filter(None, (first, second)):
        selectors.named(name, clock.start_of(valid_on))
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
            raise LawFault([Fault(f"{found.code} is no scheme", "no_kind", key="code")])
        if "base" not in found.by_key:
            raise LawFault([Fault("base is needed", "missing_row", row="base")])
        scheme = selectors.scheme_of(found)
        lines = {row.key: row.line for row in found.rows}
        if faults := [
            Fault.of(each, each, row=each.row, key=each.key, line=lines.get(each.row, 0))
            for each in soundness.faults(scheme)
        ]:
            raise LawFault(faults)
        return scheme
    except LawFault as fault:
        refused = draft_faults.refusals(fault.faults[:_FAULTS], text)
    raise Refused(refused)


def make(study_id: int, at: datetime) -> dict[str, Any]:
    """Compute a study as known at an instant."""
    study = CreditStudy.objects.get(pk=study_id)
    ledger = population.everybody()
    first = selectors.named(study.first, clock.start_of(study.valid_on))
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
        else selectors.named(study.second, clock.start_of(study.valid_on))
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
        return shadow.told(ledger, scheme, valid_on, at, selectors.ledgers)
    rows = selectors.ledgers(ledger.holders)
    return np.array(
        [formulas.score(rows[uscc], scheme, valid_on, at).millionths for uscc in ledger.holders],
        np.int64,
    )


def _spread(
    ledger: bulk.Ledger, scheme: rules.Scheme, totals: Column, bands: Column
) -> dict[str, Any]:
    """How many have each grade, how many lie in each five points, and who is lowest."""
    names = shadow.names_of(scheme)
    counts = np.bincount(bands, minlength=len(names))
    scored = np.flatnonzero(bands < len(scheme.bands))
    bins, many = np.unique(totals[scored] // _BIN, return_counts=True)
    order = np.lexsort((np.array(ledger.holders, str)[scored], totals[scored]))
    lowest = scored[order[:_LOWEST]]
    return {
        "grades": [[grade, int(count)] for grade, count in zip(names, counts, strict=True)],
        "points": [[int(place) * 5, int(count)] for place, count in zip(bins, many, strict=True)],
        "lowest": [
            [ledger.holders[place], int(totals[place]), scheme.bands[bands[place]][0]]
            for place in lowest
        ],
    }
