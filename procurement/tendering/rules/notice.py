"""What must hold when a lot's notice appears. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.tendering.facts import LotFacts
from procurement.tendering.rules.common import CODE, refusal, told
from procurement.tendering.rules.drafting import COMPLETE


def is_not_direct(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A direct award is not announced for bids."""
    if facts.procedure and facts.form.method not in facts.procedure.announced:
        yield refusal(facts, "direct_not_published", "method", "method")


def sale_is_long_enough(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Documents can be had for five whole days at least, and before bids fall due."""
    ends, earliest = facts.form.sale_ends_at, facts.sale_earliest_at
    if ends and earliest and ends < earliest:
        yield refusal(facts, "sale_short", "sale", "sale_ends_at", earliest=told(earliest))
    if ends and facts.form.bid_deadline_at and ends > facts.form.bid_deadline_at:
        yield refusal(facts, "sale_after_deadline", "sale", "sale_ends_at")


def bidders_have_time(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Twenty days at least lie between issuing the documents and the deadline."""
    deadline, earliest = facts.form.bid_deadline_at, facts.deadline_earliest_at
    if deadline and earliest and deadline < earliest:
        yield refusal(
            facts, "deadline_early", "deadline", "bid_deadline_at", earliest=told(earliest)
        )


def policy_is_signed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A notice says who can open the bids: the policy is signed by all before it appears."""
    if not facts.policy_sha256:
        yield refusal(facts, "policy_unsigned", "opening_policy")


def policy_is_stamped(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """And time-stamped, where it names authorities: from then on no signer stops it alone.

    Before the notice a policy whose signer fell first is replaced; nobody bids under it yet.
    """
    if facts.policy_sha256 and facts.unstamped:
        waits = facts.unstamped == "waiting"
        yield refusal(facts, "policy_unstamped" if waits else "policy_fallen", "opening_policy")


def drawings_are_reviewed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Works alone are tendered over reviewed drawings, where a row of the place says so."""
    over_drawings = facts.procedure is not None and facts.procedure.over_drawings
    construction_only = over_drawings and not facts.form.epc
    if construction_only and facts.limits.drawings_first and not facts.drawings_passed:
        yield Refusal(CODE + "drawings_unreviewed", {}, facts.limits.drawings_article)


PUBLISHED = (
    *COMPLETE,
    is_not_direct,
    sale_is_long_enough,
    bidders_have_time,
    policy_is_signed,
    policy_is_stamped,
    drawings_are_reviewed,
)
