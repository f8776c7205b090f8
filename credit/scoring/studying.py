"""Everybody's scores on a day: how grades spread, and who would move under another scheme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np

from credit.scoring import bulk, formulas, population, rules, selectors, shadow, studies
from credit.scoring.bulk import Column
from credit.scoring.models import CreditStudy
from kernel import clock

_BIN = 5 * 100 * rules.HUNDREDTH  # five points
_LOWEST = 20


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
        studies.drafted(study.draft)
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
