"""Every scheme gives what its cases say, each worked by hand; a new scheme brings its own file.

A case: the day asked (``on``), as known at its end, the facts (``on``: since when each weighs; the
ledger learns of it on that day unless ``known`` says another, and takes it back on ``revoked``),
the score in hundredths and the grade; ``held_back`` where a rise has to wait; instead of both
``unscored``, the fact because of which there is no score.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credit.scoring import formulas, rules, selectors
from kernel import clock
from kernel.regulation.rule_sets import library

GOLDEN = sorted((Path(__file__).parent / "golden").glob("schemes.*.toml"))
CASES = [(path.stem, case) for path in GOLDEN for case in tomllib.loads(path.read_text())["case"]]
_KEYS = {"why", "on", "facts", "score", "grade", "held_back", "unscored"}
_OF_FACT = {"item", "on", "known", "revoked", "until", "points", "days", "section", "price_fen"}

_MORNING = timedelta(hours=9)


def facts(told: list[dict[str, Any]]) -> list[rules.Entry]:
    """Rows of the ledger; what takes one back stands behind them all."""
    found, gone = [], []
    for number, fact in enumerate(told, start=1):
        assert fact.keys() <= _OF_FACT
        said = {k: v for k, v in fact.items() if k not in ("item", "on", "known", "revoked")}
        learnt = clock.start_of(fact.get("known", fact["on"])) + _MORNING
        found.append(rules.Entry(number, fact["item"], f"文书{number}", fact["on"], learnt, **said))
        if day := fact.get("revoked"):
            back = len(told) + number, fact["item"], f"文书{number}", fact["on"]
            gone.append(rules.Entry(*back, clock.start_of(day) + _MORNING, revokes=number))
    return [*found, *gone]


def hold(code: str, case: dict[str, Any]) -> None:
    """The scheme in force on the case's day gives what the case says."""
    assert case.keys() <= _KEYS
    on = case["on"]
    scheme = selectors.scheme(clock.start_of(on), code)
    found = formulas.score(facts(case["facts"]), scheme, on, clock.end_of(on))
    if because := case.get("unscored"):
        assert (found.told, found.grade, found.unscored) == (None, case.get("grade", ""), because)
        assert "score" not in case
        return
    told = case["score"], case["grade"], case.get("held_back", ""), ""
    assert (found.hundredths, found.grade, found.held_back, found.unscored) == told


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{c}: {k['why']}" for c, k in CASES])
def test_score_is_as_worked_by_hand(code: str, case: dict[str, Any]) -> None:
    hold(code, case)


@pytest.mark.parametrize(("code", "case"), CASES[::7], ids=[c for c, _k in CASES[::7]])
@pytest.mark.parametrize("wrong", [{"score": 1}, {"grade": "no such"}, {"held_back": "A+"}])
def test_a_case_that_is_wrong_is_found(code: str, case: dict[str, Any], wrong: Any) -> None:
    with pytest.raises(AssertionError):
        hold(code, case | wrong)


@pytest.mark.parametrize(
    "held",
    [s for s in library.sets if s.kind == "schemes" and not library.is_corrected(s)],
    ids=lambda s: f"{s.code} {s.version}",
)
def test_every_version_of_a_scheme_has_a_case_of_its_days(held: Any) -> None:
    last = library.last_valid_day(held)
    days = [case["on"] for code, case in CASES if code == held.code]
    assert any(held.valid_from <= day and (last is None or day <= last) for day in days)
