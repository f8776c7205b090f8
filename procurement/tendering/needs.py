"""What a lot asks of rooms that come later in a project's life: they answer, it does not import.

A room registers its answer when it is loaded. Where nobody answers, nothing is there: no signed
policy, no bill, no passed drawings, no report. A guard then refuses, it never lets pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, ParamSpec, TypeVar

from kernel.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")


class Need(Generic[P, R]):
    """One question with at most one room that answers it."""

    def __init__(self, name: str, nothing: R) -> None:
        self.name, self._nothing = name, nothing
        self._answer: Callable[P, R] | None = None

    def answered_by(self, answer: Callable[P, R]) -> Callable[P, R]:
        """Decorator: let a room's selector answer from now on; two rooms do not answer one."""
        if self._answer not in (None, answer):
            raise ValueError(f"two rooms answer {self.name}")
        self._answer = answer
        return answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer, or that there is nothing."""
        return self._answer(*args, **kwargs) if self._answer else self._nothing


@dataclass(frozen=True)
class BillFacts:
    """A bill of quantities as it was stored. standard: its edition; total in fen.

    projects: those for which it is on record; None where nobody brought it for any.
    """

    sha256: str
    standard: str
    total_fen: int
    projects: frozenset[str] | None = None


@dataclass(frozen=True)
class BillFile:
    """A tender bill without prices, as a file."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Candidate:
    """A ranked bid of an evaluation report. Money in fen, score in hundredths of a point.

    manager_certificate: number of the certificate that the archive has of the manager, as valid on
    the day of the report. qualification: numbers of the bidder's qualifications of the lot's trade.
    passed_by of voted: how many members found that the bid meets the qualification asked for.
    """

    rank: int
    bid_id: int
    uscc: str
    name: str
    price_fen: int
    period_days: int
    quality: str
    manager_name: str
    manager_certificate: str
    score: int
    qualification: str = ""
    passed_by: int = 0
    voted: int = 0


@dataclass(frozen=True)
class EvaluationReport:
    """What a committee handed over. losers: credit code and name of every other bidder. void: names
    of candidates whose bids an authority found void since.
    """

    evaluation_id: int
    reported_at: datetime
    document_number: str
    candidates: tuple[Candidate, ...]
    losers: tuple[tuple[str, str], ...] = ()
    void: tuple[str, ...] = ()


@dataclass(frozen=True)
class HowToBid:
    """What a bidder runs on its own machine for a lot, and where it uploads by hand."""

    seal: str
    submit: str
    upload_url: str
    policy_url: str


@dataclass(frozen=True)
class VoidDecision:
    """An authority's decision that a bid is void: its number, the hash of its scan, why."""

    document_number: str
    file_sha256: str
    reason: str


# (lot number) -> how bids are sealed and submitted, None before an opening policy is in force.
how_to_bid: Need[[str], HowToBid | None] = Need("how_to_bid", None)
# (lot number) -> hash of the opening policy in force that all its signers signed, or "".
signed_policy: Need[[str], str] = Need("signed_policy", "")
# (lot number) -> what keeps that policy from its time-stamp: "" nothing (it has one, or names no
# authority), "waiting", or the code by which a signature did not hold any more when one was asked.
unstamped_policy: Need[[str], str] = Need("unstamped_policy", "")
# (lot number) -> address of the page where what was read out stands for everybody, or "".
opening_page: Need[[str], str] = Need("opening_page", "")
# (lot number) -> address of the page where the ranking stands for everybody, or "".
result_page: Need[[str], str] = Need("result_page", "")
# (hash) -> the tender bill stored under it, or None.
bill: Need[[str], BillFacts | None] = Need("bill", None)
# (hash, format) -> the tender bill stored under it without its prices, or None.
bill_file: Need[[str, str], BillFile | None] = Need("bill_file", None)
# (credit code) -> (hash, label) of the tender bills that a firm may put out, newest first.
tender_bills: Need[[str], tuple[tuple[str, str], ...]] = Need("tender_bills", ())
# (project number, at) -> whether the drawings of the project passed review.
drawings_passed: Need[[str, datetime], bool] = Need("drawings_passed", False)
# (lot number, credit code) -> whether the enterprise has a bid that it did not withdraw.
has_bid: Need[[str, str], bool] = Need("has_bid", False)
# (lot number, credit code, at) -> why an enterprise may not bid for the lot any more.
bidder_refusals: Need[[str, str, datetime], tuple[Refusal, ...]] = Need("bidder_refusals", ())
# (lot number, credit code) -> the decision by which an enterprise's bid is void, or None.
void_decision: Need[[str, str], VoidDecision | None] = Need("void_decision", None)
# (lot number) -> the report of its committee, or None.
evaluation_report: Need[[str], EvaluationReport | None] = Need("evaluation_report", None)
