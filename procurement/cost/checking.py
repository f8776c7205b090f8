"""Runs the checks of a bill and parts what they found by severity. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.errors import Refusal
from procurement.cost import comparing, frames, rules
from procurement.cost.findings import Check, Outcome, Question, judged
from procurement.cost.rates import Rates
from procurement.cost.schemas import Bill

CHECKS: Mapping[str, Check] = dict(
    sorted(
        {
            **rules.OF_ONE,
            "C03": comparing.items_are_the_tenders,
            "C10": comparing.fixed_prices_are_the_tenders,
        }.items()
    )
)
_NEEDS_TENDER = ("C03", "C10")


def check(
    bill: Bill,
    rates: Rates,
    *,
    tender: Bill | None = None,
    ceiling: Bill | None = None,
    opening_total_fen: int | None = None,
    unit_ceilings: bool = False,
    ceiling_fen: int | None = None,
) -> Outcome:
    """Every check of a priced bill; those whose counterpart is not given are not in ``ran``."""
    asked = Question(
        frames.of(bill),
        rates,
        frames.of(tender) if tender else None,
        frames.of(ceiling) if ceiling else None,
        opening_total_fen,
        unit_ceilings,
        ceiling_fen,
    )
    left_out = {
        *(_NEEDS_TENDER if tender is None else ()),
        *(("C08",) if ceiling is None and ceiling_fen is None else ()),
    }
    return judged(
        ((code, made(asked)) for code, made in CHECKS.items() if code not in left_out), rates
    )


def check_tender(bill: Bill, rates: Rates) -> Outcome:
    """The checks of a bill that has no prices yet."""
    asked = Question(frames.of(bill), rates)
    return judged(((code, CHECKS[code](asked)) for code in rules.UNPRICED), rates)


def differences(tender: Bill, bid: Bill, rates: Rates) -> tuple[Refusal, ...]:
    """Every item in which a bid's bill differs from the tender's (C03)."""
    asked = Question(frames.of(bid), rates, tender=frames.of(tender))
    return tuple(comparing.items_are_the_tenders(asked))
