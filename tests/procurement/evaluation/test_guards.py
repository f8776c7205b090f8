"""Guards that a session meets rarely, on plain facts: prices, formulas, a result counted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from kernel import clock
from procurement.evaluation import clearing_rules, question_rules, rules, session_rules
from procurement.evaluation.counting import Vote
from procurement.evaluation.inputs import Opened
from tests.procurement.evaluation.samples import bidder, terms

AT = datetime(2025, 11, 3, 9, tzinfo=clock.LEGAL_ZONE)


class _Articles(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"《示例》{key}"


def facts(*prices: int, **changes: object) -> rules.EvaluationFacts:
    """A committee of one before bids at these prices in fen."""
    numbers = rules.Numbers(
        {
            "clearing.low_percent": 80,
            "formula.m2": "trimmed_mean_less_factor",
            "competition.fewest": 3,
        },
        _Articles(),
    )
    found = tuple(bidder(serial, price) for serial, price in enumerate(prices, start=1))
    base = rules.EvaluationFacts(
        at=AT, today=AT.date(), state="clearing", numbers=numbers,
        terms=terms(opens_at=AT, ceiling_fen=100_00), opened=Opened(found, 50, "ab" * 32),
        seats=(rules.Seat(1, 11, rules.EXPERT, rules.PRESENT),),
    )  # fmt: skip
    return replace(base, **changes)


def codes(found: object) -> list[str]:
    """Ends of codes, of refusals or of pairs of a bid and a refusal."""
    assert not isinstance(found, str)
    each = [one[1] if isinstance(one, tuple) else one for one in found]  # type: ignore[attr-defined]
    assert all(one.article for one in each)
    return [one.code.removeprefix("procurement.evaluation.") for one in each]


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ((80_00, 100_00), []),
        ((80_00, 100_01), ["price_above_ceiling"]),
        ((79_99, 90_00), ["price_low"]),
        ((90_00, 90_00), ["price_twin", "price_twin"]),
    ],
)
def test_clearing_tells_what_prices_alone_say(prices: tuple[int, ...], told: list[str]) -> None:
    assert codes(clearing_rules.price_findings(facts(*prices))) == told


def test_a_formula_nobody_knows_and_one_without_its_factor_count_nothing() -> None:
    known = facts(90_00)
    assert known.terms is not None and known.opened is not None
    ask = session_rules.what_the_formula_needs_was_drawn
    assert codes(ask(known, None)) == []
    assert codes(ask(replace(known, terms=replace(known.terms, formula="m9")), None)) == [
        "formula_unknown"
    ]
    undrawn = replace(known, opened=replace(known.opened, factor=None))
    assert codes(ask(undrawn, None)) == ["factor_missing"]


def test_where_every_bid_is_rejected_there_is_nothing_to_score() -> None:
    lost = facts(90_00, votes=(Vote(1, 1, ("price",)),))
    assert codes(session_rules.a_bid_is_left(lost, None)) == ["none_valid"]
    assert codes(session_rules.a_bid_is_left(facts(90_00), None)) == []


def test_a_result_is_counted_again_only_where_another_one_comes_out() -> None:
    same = facts(90_00, result_sha256="a" * 64, counted_sha256="a" * 64)
    assert codes(session_rules.result_differs(same, None)) == ["result_same"]
    assert codes(session_rules.result_differs(replace(same, counted_sha256="b" * 64), None)) == []


def test_candidates_that_are_public_are_looked_at_again_only_when_sent_back() -> None:
    found = facts(90_00)
    assert found.terms is not None
    public = replace(found, terms=replace(found.terms, publicised=True))
    assert codes(session_rules.candidates_are_not_public(public, None)) == ["candidates_public"]


def test_a_question_is_answered_once() -> None:
    asked = rules.Asked(7, 1, bidder(1, 1).uscc, AT + timedelta(hours=1), answered=True)
    found = facts(90_00, asked=(asked,), actor_uscc=asked.uscc)
    reply = SimpleNamespace(clarification=7, answer="三百日历天")
    assert codes(question_rules.question_is_open(found, reply)) == ["question_answered"]
