"""Every rule set has cases worked by hand, and gives what they say."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import calendars, schemas, selectors
from kernel.regulation.due import Due, due, earliest_allowed, latest_before
from kernel.regulation.gaps import violations
from kernel.regulation.precedences import Act
from kernel.regulation.rule_sets import library

TESTS = Path(__file__).parents[2]
# The kernel's cases stand here, a package's beside its own tests.
GOLDEN = sorted(
    path for path in TESTS.glob("*/*/golden/*.toml") if path.name.partition(".")[0] in schemas.KINDS
)
ASK = {"due": due, "earliest": earliest_allowed, "latest": latest_before}


def _items(kind: str, table: str) -> list[Any]:
    return [
        pytest.param(path.stem, item, id=f"{path.stem}-{number}")
        for path in GOLDEN
        if path.name.partition(".")[0] == kind
        for number, item in enumerate(tomllib.loads(path.read_text("utf-8"))[table], start=1)
    ]


def _asked(case: dict[str, Any]) -> Due:
    moment = case.get("moment")
    return ASK[case["ask"]](
        datetime.fromisoformat(case["start"]),
        case["key"],
        subject=case.get("subject", {}),
        moment=moment and datetime.fromisoformat(moment),
    )


def test_every_rule_set_has_golden_cases() -> None:
    assert {s.code for s in library.sets} == {path.stem for path in GOLDEN}


@pytest.mark.parametrize(("code", "case"), _items("periods", "case"))
def test_period_falls_due_as_worked_by_hand(code: str, case: dict[str, Any]) -> None:
    if refused := case.get("refused"):
        with pytest.raises(Refused) as raised:
            _asked(case)
        assert raised.value.refusals[0].code == refused
        return
    found = _asked(case)
    assert (found.rule_code, found.last_day) == (code, case["last_day"])
    if at := case.get("at"):
        assert found.at == datetime.fromisoformat(at)
    if version := case.get("version"):
        assert found.rule_version == version


@pytest.mark.parametrize(("_code", "days"), _items("workdays", "day"))
def test_day_is_worked_or_not_as_the_notices_say(_code: str, days: dict[str, Any]) -> None:
    assert [day for day in days["worked"] if not calendars.working_day(day)] == []
    assert [day for day in days["rest"] if calendars.working_day(day)] == []


@pytest.mark.parametrize(("code", "expected"), _items("codes", "list"))
def test_code_list_has_its_codes_in_both_languages(code: str, expected: dict[str, Any]) -> None:
    name = code.removeprefix("codes.")
    chinese, english = (selectors.options(name, clock.now(), lang) for lang in ("zh-hans", "en-gb"))
    assert len(chinese) == len(english) == expected["count"]
    assert chinese[0] == (expected["first"], expected["zh"])
    assert english[0] == (expected["first"], expected["en"])
    assert selectors.label(name, expected["first"], clock.now(), "en") == expected["en"]


@pytest.mark.parametrize(("code", "expected"), _items("values", "value"))
def test_value_is_what_the_law_was_read_to_say(code: str, expected: dict[str, Any]) -> None:
    (row,) = (r for r in selectors.resolve(code, clock.now()).rows if r.key == expected["key"])
    found = {"key": row.key, "value": row["value"], "article": row.article, "source": row.source}
    assert found == expected


@pytest.mark.parametrize(("_code", "log"), _items("precedences", "log"))
def test_log_violates_what_it_should_and_nothing_else(_code: str, log: dict[str, Any]) -> None:
    acts = [
        Act(a["name"], a["case"], "P", a["at"], links=frozenset(a.get("links", ())))
        for a in log["acts"]
    ]
    found = [f"{v.act.name} {v.reason}" for v in violations(acts, acts[-1].at)]
    assert sorted(found) == sorted(log["violations"])
