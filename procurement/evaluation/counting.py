"""Votes and scores counted: who is rejected, who deviates, the result. Pure and deterministic.

A result is a function of (version, inputs, drawn numbers) and nothing else: the same inputs give
the same canonical bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kernel.sealing import canonical
from procurement.evaluation import formulas

FORMAT = "zhuxin-evaluation/1"


@dataclass(frozen=True)
class Vote:
    """What a member found in the preliminary review of a bid; codes: why it fails, or none."""

    seat: int
    bid_id: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """What a member gave a bid, by criterion, in hundredths; reason: why it is so far off."""

    seat: int
    bid_id: int
    technical: int
    commercial: int
    reason: str = ""

    @property
    def total(self) -> int:
        """Both kinds together."""
        return self.technical + self.commercial


def missing(
    given: Iterable[Vote | Score], seats: Iterable[int], bids: Iterable[int]
) -> tuple[tuple[int, int], ...]:
    """(seat, bid) pairs for which nothing was given yet."""
    have = {(one.seat, one.bid_id) for one in given}
    return tuple((s, b) for s in sorted(seats) for b in sorted(bids) if (s, b) not in have)


def rejected_for(votes: Iterable[Vote], bid_id: int, members: int) -> tuple[str, ...]:
    """The reasons that more than half of all members found; a bid with none is valid."""
    found = Counter(code for v in votes if v.bid_id == bid_id for code in set(v.codes))
    return tuple(sorted(code for code, number in found.items() if 2 * number > members))


def undecided(votes: Sequence[Vote], bids: Iterable[int], members: int) -> tuple[int, ...]:
    """Bids that a majority rejects, but for no reason that a majority shares."""
    return tuple(
        bid
        for bid in sorted(bids)
        if 2 * sum(bool(v.codes) for v in votes if v.bid_id == bid) > members
        and not rejected_for(votes, bid, members)
    )


def valid_bids(votes: Sequence[Vote], bids: Iterable[int], members: int) -> tuple[int, ...]:
    """The bids that stay."""
    return tuple(bid for bid in sorted(bids) if not rejected_for(votes, bid, members))


def deviating(
    scores: Sequence[Score], bids: Iterable[int], percent: int
) -> tuple[tuple[int, int], ...]:
    """(seat, bid) whose total is further from the members' mean than so many percent of it."""
    found = []
    for bid in sorted(bids):
        given = [one for one in scores if one.bid_id == bid]
        if not given:
            continue
        mean = Fraction(sum(one.total for one in given), len(given))
        found += [(one.seat, bid) for one in given if abs(one.total - mean) * 100 > percent * mean]
    return tuple(sorted(found))


def unexplained(
    scores: Sequence[Score], bids: Iterable[int], percent: int
) -> tuple[tuple[int, int], ...]:
    """Those who deviate and have not written why."""
    said = {(one.seat, one.bid_id) for one in scores if one.reason}
    return tuple(pair for pair in deviating(scores, bids, percent) if pair not in said)


def price_result(inputs: Mapping[str, Any], frozen: Sequence[str] | None = None) -> dict[str, Any]:
    """Benchmark and price points of the valid bids.

    inputs: ``formula``, ``trim_above``, ``factor``, ``price_marks``, ``rise``, ``fall`` and
    ``bids`` with ``bid_id`` and ``price_fen``. frozen: numerator and denominator of a benchmark
    in fen that was confirmed before and stays (review).
    """
    prices = [one["price_fen"] for one in inputs["bids"]]
    base = (
        formulas.BENCHMARKS[inputs["formula"]](prices, inputs["trim_above"], inputs["factor"])
        if frozen is None
        else Fraction(int(frozen[0]), int(frozen[1]))
    )
    rows = []
    for one in sorted(inputs["bids"], key=lambda row: row["bid_id"]):
        off = formulas.deviation(one["price_fen"], base)
        given = formulas.price_points(off, inputs["price_marks"], inputs["rise"], inputs["fall"])
        rows.append({"bid_id": one["bid_id"], "deviation": off, "price_points": given})
    return {
        "benchmark_fen": formulas.fen(base),
        "benchmark": [str(base.numerator), str(base.denominator)],
        "bids": rows,
    }


def result(inputs: Mapping[str, Any], benchmark: Sequence[str] | None = None) -> dict[str, Any]:
    """The whole result out of inputs as :func:`normal` gives them.

    benchmark: numerator and denominator of a benchmark in fen that is frozen.
    """
    plain = normal(inputs)
    prices = price_result(plain, benchmark)
    by_bid = {row["bid_id"]: row for row in prices["bids"]}
    rows = [_row(one, by_bid[one["bid_id"]], plain) for one in plain["bids"]]
    ranked = sorted(rows, key=lambda row: _order(row, plain["seed"]))
    return {
        "format": FORMAT,
        "inputs_sha256": canonical.digest(plain).hex(),
        "formula": plain["formula"],
        "factor": plain["factor"],
        "benchmark_fen": prices["benchmark_fen"],
        "benchmark": prices["benchmark"],
        "ranking": [{"rank": place, **row} for place, row in enumerate(ranked, start=1)],
        "rejected": plain["rejected"],
    }


def _row(one: Mapping[str, Any], price: Mapping[str, Any], plain: Mapping[str, Any]) -> Any:
    technical = formulas.mean_points([given["technical"] for given in one["scores"]])
    commercial = formulas.mean_points([given["commercial"] for given in one["scores"]])
    credit = formulas.credit_points(one["credit"], plain["credit_full"], plain["credit_marks"])
    return {
        "bid_id": one["bid_id"],
        "uscc": one["uscc"],
        "price_fen": one["price_fen"],
        "deviation": price["deviation"],
        "price_points": price["price_points"],
        "technical_points": technical,
        "commercial_points": commercial,
        "credit_points": credit,
        "total": price["price_points"] + technical + commercial + credit,
    }


def _order(row: Mapping[str, Any], seed: str) -> tuple[Any, ...]:
    """Higher total; of equal ones the lower price, the higher technical points, the drawn lot."""
    lot = hashlib.sha256(canonical.encode([FORMAT, seed, row["uscc"]])).digest()
    return (-row["total"], row["price_fen"], -row["technical_points"], lot)


def normal(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs in the one order that they are hashed and counted in."""
    bids = [
        {
            "bid_id": one["bid_id"],
            "uscc": one["uscc"],
            "price_fen": one["price_fen"],
            "credit": one["credit"],
            "scores": sorted(
                (
                    {name: given[name] for name in ("seat", "technical", "commercial")}
                    for given in one["scores"]
                ),
                key=lambda given: given["seat"],
            ),
        }
        for one in sorted(inputs["bids"], key=lambda row: row["bid_id"])
    ]
    rejected = [
        {"bid_id": one["bid_id"], "uscc": one["uscc"], "codes": sorted(one["codes"])}
        for one in sorted(inputs["rejected"], key=lambda row: row["bid_id"])
    ]
    names = (
        "formula", "trim_above", "factor", "price_marks", "rise", "fall", "credit_marks",
        "credit_full", "seed",
    )  # fmt: skip
    return {
        "format": FORMAT,
        **{name: inputs[name] for name in names},
        "bids": bids,
        "rejected": rejected,
    }


def sha256(value: Mapping[str, Any]) -> str:
    """Hash of the canonical bytes of a result or of inputs; hex."""
    return canonical.digest(dict(value)).hex()
