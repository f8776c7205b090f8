"""Every refusal that has words is provoked by a test, or says here why none provokes it."""

from __future__ import annotations

import pytest

from kernel.errors import catalogue
from tests import provoked

_NEWS = "asked of a database or a service that no test may break; its judgement is tested"
_PYHANKO = "a finding of the PDF library that certificates of ours cannot be made to cause"
# Code -> why no test names it. A code that a test names, or that has no words, is a fault here.
UNPROVOKED: dict[str, str] = {}


@pytest.fixture(scope="module")
def named() -> set[str]:
    return provoked.named(catalogue.codes())


def test_every_refusal_is_named_by_a_test_that_waits_for_it(named: set[str]) -> None:
    assert sorted(catalogue.codes() - named - UNPROVOKED.keys()) == []


def test_the_list_holds_no_code_that_is_tested_meanwhile_or_gone(named: set[str]) -> None:
    assert sorted(UNPROVOKED.keys() & named) == []
    assert sorted(UNPROVOKED.keys() - catalogue.codes()) == []


def test_the_list_is_short_and_gives_reasons() -> None:
    assert all(len(reason) > 20 for reason in UNPROVOKED.values())
    assert len(UNPROVOKED) <= 40


@pytest.mark.parametrize(
    ("end", "texts", "so"),
    [
        ("late", {"late"}, True),
        ("late", {"procurement.bid.late"}, True),
        ("late", {"too_late"}, False),
        ("need_wage_bond", {"need_{", "wage_bond"}, True),
        ("need_wage_bond", {"need_{", "wage_account"}, False),
        ("need_wage_bond", {"wage_bond"}, False),
    ],
)
def test_an_end_is_named_whole_or_as_a_piece_and_a_name(
    end: str, texts: set[str], so: bool
) -> None:
    assert provoked.ends_so(end, frozenset(texts)) is so
