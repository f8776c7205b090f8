"""Guards of bids. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from procurement.bids.rules.common import (
    ARTICLE_LATE,
    ARTICLE_PLATFORM,
    ARTICLE_RECEIPT,
    ARTICLE_VOID,
    CLOSING,
    brought_is_sound,
)

# What a lot must be in for bids to come.
OPEN_FOR_BIDS = frozenset({"published"})


@dataclass(frozen=True)
class BidFacts:
    """What the guards of a bid look at.

    lot: the lot itself. upload: what was found when the upload was checked; empty where the
    payload names none of this bidder. barred: why the enterprise may not bid, by its archive.
    missing_files: of those that a decision names, which its authority did not upload.
    stage_under_way: it passed a stage, and the record of the next is not made yet.
    """

    lot_found: bool = False
    lot_state: str = ""
    deadline: datetime | None = None
    at: datetime | None = None
    listed: bool = False
    lot: Any = None
    upload: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Refusal, ...] = ()
    newest_policy: bool = False
    invited: bool = True
    barred: tuple[Refusal, ...] = ()
    missing_files: frozenset[str] = frozenset()
    stage_under_way: bool = False
    reason: str = ""


def decision_is_there(facts: BidFacts, payload: Any) -> Iterator[Refusal]:
    """A bid is void by a decision that can be read, not by a suspicion."""
    if payload is None:
        return
    if not payload.document_number.strip():
        yield Refusal("procurement.bid.no_decision", {}, ARTICLE_VOID, "document_number")
    if not payload.file_sha256 or payload.file_sha256 in facts.missing_files:
        yield Refusal("procurement.bid.no_decision_file", {}, ARTICLE_VOID, "file_sha256")


def no_later_stage_is_under_way(facts: BidFacts, _payload: Any) -> Iterator[Refusal]:
    """What the signed result let pass is opened as it says, and the decision comes after.

    Trustees and verifiers hold the list against the result; nothing else takes a bid off it.
    """
    if facts.stage_under_way:
        yield Refusal("procurement.bid.stage_under_way", {}, ARTICLE_PLATFORM)


def lot_takes_bids(facts: BidFacts, _payload: Any) -> Iterator[Refusal]:
    """Bids come to a lot whose notice is out and that is not paused."""
    in_time = facts.at is not None and facts.deadline is not None and facts.at <= facts.deadline
    # The lot may have closed between the last byte and its being written down.
    takes = facts.lot_state in OPEN_FOR_BIDS or (facts.lot_state == CLOSING and in_time)
    if facts.lot_found and not takes:
        yield Refusal("procurement.bid.lot_not_open", {"state": facts.lot_state}, ARTICLE_RECEIPT)
    if not facts.lot_found:
        yield Refusal("procurement.bid.lot_unknown", {}, ARTICLE_RECEIPT)


def deadline_is_not_over(facts: BidFacts, _payload: Any) -> Iterator[Refusal]:
    """The last byte came in time."""
    if facts.at is not None and facts.deadline is not None and facts.at > facts.deadline:
        yield Refusal(
            "procurement.bid.too_late",
            {"at": facts.at.isoformat(), "deadline": facts.deadline.isoformat()},
            ARTICLE_LATE,
        )


def list_is_not_made(facts: BidFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing comes or goes once the closing list is made."""
    if facts.listed:
        yield Refusal("procurement.bid.list_made", {}, ARTICLE_LATE)


def upload_is_checked(facts: BidFacts, payload: Any) -> Iterator[Refusal]:
    """What is received was uploaded whole by this bidder, and checked."""
    if payload is not None and not facts.upload:
        yield Refusal("procurement.bid.upload_unknown", {}, ARTICLE_RECEIPT, "upload")


def policy_is_newest(facts: BidFacts, payload: Any) -> Iterator[Refusal]:
    """It was sealed under the newest version of the opening policy."""
    if payload is not None and facts.upload and not facts.newest_policy:
        yield Refusal("procurement.bid.old_policy", {}, ARTICLE_PLATFORM)


def bidder_is_invited(facts: BidFacts, _payload: Any) -> Iterator[Refusal]:
    """An invited tender takes bids of those whom it invited."""
    if not facts.invited:
        yield Refusal("procurement.bid.not_invited", {}, "《招标投标法》第17条")


def bidder_may_bid(facts: BidFacts, _payload: Any) -> Iterator[Refusal]:
    """The enterprise's archive says nothing against its bidding."""
    yield from facts.barred


RECEIVING = (
    lot_takes_bids,
    deadline_is_not_over,
    list_is_not_made,
    upload_is_checked,
    policy_is_newest,
    brought_is_sound,
    bidder_is_invited,
    bidder_may_bid,
)
WITHDRAWING = (deadline_is_not_over, list_is_not_made, brought_is_sound)
