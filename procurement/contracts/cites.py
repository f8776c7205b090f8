"""What the rule sets of a day say about contracts: numbers, articles, code lists, interest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.citing import cited, language

CODE_LISTS = (
    "contract_adjustment",
    "contract_payer",
    "contract_quantity_option",
    "contract_supplement",
    "payment_kind",
    "variation_basis",
    "variation_reason",
)
_SHARES = (
    "retention.greatest",
    "progress.least",
    "prepayment.least",
    "prepayment.greatest",
    "quantity_deviation",
    "price_risk",
)
_NUMBERS = (
    "performance.greatest",
    "defect_months.greatest",
    "variation.extra_approval",
    "late_interest.sme_daily",
    "interest.days_of_year",
)


@lru_cache(maxsize=256)
def limits(day: date, region: str) -> dict[str, Decimal]:
    """Numbers of the law of a day, in the units of their rows."""
    at = clock.start_of(day)
    found = {key: law.row("values.price_adjustment", key, at, region) for key in _SHARES}
    found |= {key: law.row("values.contract", key, at, region) for key in _NUMBERS}
    return {key: Decimal(row["value"]) for key, row in found.items()}


@lru_cache(maxsize=256)
def _articles(day: date, region: str, words: str) -> dict[str, str]:
    rule_set = law.resolve("values.contract", clock.start_of(day), region)
    return {
        key: cited(row, words) for row in rule_set.rows if (key := row.key.partition("cite.")[2])
    }


def articles(day: date, region: str) -> dict[str, str]:
    """Rule -> the article it rests on, in the active language, marked where nobody read it."""
    return _articles(day, region, language())


@lru_cache(maxsize=256)
def codes(day: date) -> dict[str, frozenset[str]]:
    """Codes of the lists in force on a day."""
    at = clock.start_of(day)
    return {name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS}


@lru_cache(maxsize=4096)
def prime_rate(day: date) -> Decimal:
    """The loan prime rate of one year that is valid on a day, in percent a year."""
    return Decimal(law.row("values.loan_prime_rate", "one_year", clock.start_of(day))["value"])


def prime_rates(first: date, last: date) -> list[Decimal]:
    """The prime rate of every day from first to last, both included."""
    days = (last - first).days + 1
    return [prime_rate(first + timedelta(days=number)) for number in range(max(days, 0))]


# The standards by their own numbers, which every language writes alike.
STANDARDS = {"gbt50500-2024": "GB/T 50500-2024", "gb50500-2013": "GB 50500-2013"}


def label(name: str, code: str, day: date) -> str:
    """A code's label in the active language; the code itself where the list has none."""
    return dict(law.options(name, clock.start_of(day), language())).get(code, code)
