"""The rule sets of bills hold what was worked by hand, and say how sure they are."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kernel import clock
from kernel.regulation import selectors as law
from procurement.cost import selectors
from tests.procurement.cost.samples import AT

GOLDEN = Path(__file__).parent / "golden"
VALUES = [
    pytest.param(path.stem, value, id=f"{path.stem}-{number}")
    for path in sorted(GOLDEN.glob("values.*.toml"))
    for number, value in enumerate(
        tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["dated"], start=1
    )
]


@pytest.mark.parametrize(("code", "case"), VALUES)
def test_a_value_is_as_worked_by_hand(code, case):
    row = law.row(code, case["key"], clock.start_of(case["day"]), subject=case.get("subject"))
    assert row["value"] == case["value"]
    assert type(row["value"]) is type(case["value"])


def test_rates_hold_every_check():
    rates = selectors.rates(AT, "230000")
    assert set(rates.severities) == set(rates.articles) == set(selectors.CHECKS)
    assert set(rates.severities.values()) == {"error", "warning"}
    assert rates.vat == {"general": 9, "simple": 3}
    assert rates.excludes_specialist == {"gbt50500-2024"}


def test_the_edition_in_force_changed_on_the_first_of_september_2025():
    for day, edition in ((31, "gb50500-2013"), (32, "gbt50500-2024")):
        at = clock.start_of(date.fromordinal(date(2025, 8, 1).toordinal() + day - 1))
        assert selectors.rates(at).current_edition == edition


def test_an_article_that_nobody_read_says_so():
    article = selectors.rates(AT).articles["C04"]
    assert article.startswith("平台") and article.endswith("）")
