"""What the rule sets of a day say: the loan prime rate of each day, the bounds of the terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.contracts import cites


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2024, 7, 21), "3.45"),
        (date(2024, 7, 22), "3.35"),
        (date(2024, 10, 20), "3.35"),
        (date(2024, 10, 21), "3.10"),
        (date(2025, 5, 19), "3.10"),
        (date(2025, 5, 20), "3.00"),
    ],
)
def test_the_prime_rate_changes_on_its_day(day: date, percent: str) -> None:
    assert cites.prime_rate(day) == Decimal(percent)


def test_a_span_has_the_rate_of_each_of_its_days() -> None:
    rates = cites.prime_rates(date(2025, 5, 19), date(2025, 5, 21))
    assert rates == [Decimal("3.10"), Decimal("3.00"), Decimal("3.00")]
    assert cites.prime_rates(date(2025, 5, 21), date(2025, 5, 20)) == []


def test_an_article_that_nobody_read_is_marked() -> None:
    articles = cites.articles(date(2026, 1, 5), "230102")
    assert articles["sign"] == "《招标投标法》第四十六条"
    assert "（" in articles["settle"].removeprefix(
        "《建设工程价款结算暂行办法》（财建〔2004〕369号）"
    )
