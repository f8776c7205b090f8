"""Guards of opening policies, bids and openings. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kernel.errors import Refusal

ARTICLE_ORDER20 = "《电子招标投标办法》（国家发展改革委令第20号）"
ARTICLE_RECEIPT = "《电子招标投标办法》第27条"
ARTICLE_WITHDRAW = "《招标投标法》第29条"
ARTICLE_LATE = "《招标投标法》第28条、《招标投标法实施条例》第36条"
ARTICLE_OPENING = "《招标投标法》第34条、第36条"
ARTICLE_FEW = "《招标投标法实施条例》第44条"
ARTICLE_VOID = "《招标投标法》第53条、第54条"
ARTICLE_PLATFORM = "平台开标规则"

# What a lot must be in for bids to come, and after its end.
OPEN_FOR_BIDS = frozenset({"published"})
BEFORE_NOTICE = frozenset({"draft", "approved"})
CLOSING = "closing"


@dataclass(frozen=True)
class PolicyFacts:
    """What the guards of an opening policy look at.

    faults: what was found wrong with what the act brings along, form and signature. missing_*:
    the parties (USCC) of whom something is awaited.
    """

    lot_number: str = ""
    lot_found: bool = False
    lot_state: str = ""
    lot_parties: frozenset[str] = frozenset()
    lot_deadline: datetime | None = None
    actor_uscc: str = ""
    other_policy: bool = False
    unknown: tuple[str, ...] = ()
    faults: tuple[Refusal, ...] = ()
    missing_keys: tuple[str, ...] = ()
    missing_rehearsals: tuple[str, ...] = ()
    missing_signatures: tuple[str, ...] = ()
    deadline: datetime | None = None
    at: datetime | None = None


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


@dataclass(frozen=True)
class OpeningFacts:
    """What the guards of an opening look at.

    signed, revealed, marked, released: trustees (USCC) who did so; rehearsed: before a later stage.
    threshold: k. earlier_state: of the stage before, where there is one (later). drawn: the draw is
    over. uncured: envelopes with fewer than k good marks, of the first round and of their cures.
    protested: bids (manifest hashes) of founded protests that the list does not answer.
    """

    lot_found: bool = False
    lot_state: str = ""
    other_opening: bool = False
    actor_uscc: str = ""
    threshold: int = 2
    trustees: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    released: frozenset[str] = frozenset()
    draws: bool = False
    reveal_over: bool = False
    drawn: bool = False
    later: bool = False
    earlier_state: str = ""
    rehearsed: frozenset[str] = frozenset()
    uncured: frozenset[tuple[str, str]] = frozenset()
    cure_over: bool = False
    protested: frozenset[str] = frozenset()
    faults: tuple[Refusal, ...] = ()
    reason: str = ""


# Anything -------------------------------------------------------------------------------------


def brought_is_sound(facts: Any, _payload: Any) -> Iterator[Refusal]:
    """Form, signature and content of what the act brings along hold."""
    yield from facts.faults


def reason_is_given(_facts: Any, payload: Any) -> Iterator[Refusal]:
    """An act that ends something says why."""
    if payload is not None and not payload.reason.strip():
        yield Refusal("workflow.reason.missing", {}, ARTICLE_PLATFORM, "reason")


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


# Opening policy -------------------------------------------------------------------------------


def lot_is_there(facts: PolicyFacts, payload: Any) -> Iterator[Refusal]:
    """A policy is of a lot that exists, and that the actor's organisation runs."""
    if payload is None:
        return
    if not facts.lot_found or facts.actor_uscc not in facts.lot_parties:
        yield Refusal(
            "procurement.policy.lot_unknown",
            {"lot": facts.lot_number},
            ARTICLE_PLATFORM,
            "lot_number",
        )


def lot_has_deadline(facts: PolicyFacts, payload: Any) -> Iterator[Refusal]:
    """The policy repeats the lot's deadline for bids."""
    if payload is not None and facts.lot_found and facts.lot_deadline is None:
        yield Refusal(
            "procurement.policy.no_deadline",
            {"lot": facts.lot_number},
            ARTICLE_OPENING,
            "lot_number",
        )


def lot_has_no_policy(facts: PolicyFacts, payload: Any) -> Iterator[Refusal]:
    """A lot has one policy at a time."""
    if payload is not None and facts.other_policy:
        yield Refusal(
            "procurement.policy.exists", {"lot": facts.lot_number}, ARTICLE_PLATFORM, "lot_number"
        )


def parties_are_registered(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Trustees and supervisor are organisations of this platform."""
    for uscc in facts.unknown:
        yield Refusal(
            "procurement.policy.party_unknown", {"uscc": uscc}, ARTICLE_PLATFORM, "trustees"
        )


def keys_are_announced(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Everybody who draws has committed, everybody who opens has a key."""
    for uscc in facts.missing_keys:
        yield Refusal("procurement.policy.key_missing", {"uscc": uscc}, ARTICLE_PLATFORM)


def rehearsals_are_passed(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Every trustee has shown that it can open."""
    for uscc in facts.missing_rehearsals:
        yield Refusal("procurement.policy.rehearsal_missing", {"uscc": uscc}, ARTICLE_PLATFORM)


def signatures_are_there(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Entity and every trustee have signed."""
    for uscc in facts.missing_signatures:
        yield Refusal("procurement.policy.signature_missing", {"uscc": uscc}, ARTICLE_PLATFORM)


def deadline_moves_later(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """An extension follows a lot whose deadline was put off; it is never earlier."""
    if facts.lot_deadline is None or facts.deadline is None or facts.lot_deadline <= facts.deadline:
        yield Refusal("procurement.policy.not_later", {}, "《招标投标法实施条例》第21条")


def notice_is_not_out(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Trustees change only before the notice: bids are sealed to them."""
    if facts.lot_found and facts.lot_state not in BEFORE_NOTICE:
        yield Refusal("procurement.policy.notice_is_out", {}, ARTICLE_PLATFORM)


# Bid ------------------------------------------------------------------------------------------


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


# Opening --------------------------------------------------------------------------------------


def lot_is_closing(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A list is made of a lot whose deadline is over, or whose earlier stage is judged; once."""
    ready = facts.earlier_state == "concluded" if facts.later else facts.lot_state == CLOSING
    if not facts.lot_found or not ready:
        yield Refusal(
            "procurement.opening.lot_not_closing", {"state": facts.lot_state}, ARTICLE_OPENING
        )
    if facts.other_opening:
        yield Refusal("procurement.opening.exists", {}, ARTICLE_OPENING)


def trustee_is_new(done: str) -> Any:
    """A guard: each trustee does it once, and only a trustee of the policy does."""

    def guard(facts: OpeningFacts, payload: Any) -> Iterator[Refusal]:
        if facts.actor_uscc and facts.actor_uscc in getattr(facts, done):
            yield Refusal(
                "procurement.opening.done_before", {"uscc": facts.actor_uscc}, ARTICLE_PLATFORM
            )

    guard.__name__ = f"{done}_once"
    return guard


def list_is_countersigned(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """At least k trustees signed the closing list before anything is told."""
    if len(facts.signed) < facts.threshold:
        yield Refusal(
            "procurement.opening.list_unsigned",
            {"found": len(facts.signed), "needed": facts.threshold},
            ARTICLE_PLATFORM,
        )


def nonces_are_there(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Everybody has revealed, or the time to reveal is over; where nothing is drawn, at once."""
    if facts.draws and not facts.reveal_over and facts.parties - facts.revealed:
        yield Refusal(
            "procurement.opening.nonces_missing",
            {"parties": ", ".join(sorted(facts.parties - facts.revealed))},
            ARTICLE_PLATFORM,
        )


def marks_are_there(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """At least k trustees marked every bid before any share leaves."""
    if len(facts.marked) < facts.threshold:
        yield Refusal(
            "procurement.opening.marks_missing",
            {"found": len(facts.marked), "needed": facts.threshold},
            ARTICLE_PLATFORM,
        )


def own_marks_are_there(facts: OpeningFacts, payload: Any) -> Iterator[Refusal]:
    """A trustee releases what it has marked."""
    if facts.actor_uscc and facts.actor_uscc not in facts.marked:
        yield Refusal("procurement.opening.own_marks_missing", {}, ARTICLE_PLATFORM)


def releases_are_there(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """At least k trustees released their shares."""
    if len(facts.released) < facts.threshold:
        yield Refusal(
            "procurement.opening.releases_missing",
            {"found": len(facts.released), "needed": facts.threshold},
            ARTICLE_PLATFORM,
        )


def stage_is_later(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Only before a later stage is a rehearsal repeated here."""
    if not facts.later:
        yield Refusal("procurement.opening.stage_first", {}, ARTICLE_PLATFORM)


def rehearsal_is_repeated(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Before a later stage a trustee shows again that it can open."""
    if facts.later and facts.actor_uscc and facts.actor_uscc not in facts.rehearsed:
        yield Refusal(
            "procurement.policy.rehearsal_missing", {"uscc": facts.actor_uscc}, ARTICLE_PLATFORM
        )


def nothing_is_drawn(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """What is drawn stays drawn: nobody reveals a nonce after it has seen the outcome."""
    if facts.drawn:
        yield Refusal("procurement.opening.drawn", {}, ARTICLE_PLATFORM)


def nothing_is_released(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """After the first share has left, nothing changes that could be chosen by what it shows."""
    if facts.released:
        yield Refusal("procurement.opening.released_already", {}, ARTICLE_PLATFORM)


def cure_is_in_time(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A cure comes within its part of the window and before any release of the lot."""
    yield from nothing_is_released(facts, _payload)
    if facts.cure_over:
        yield Refusal("procurement.opening.cure_over", {}, ARTICLE_PLATFORM)


def nothing_awaits_a_cure(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """While a bidder may still cure, no share leaves; then the others are not held up."""
    if facts.uncured and not facts.cure_over and not facts.released:
        yield Refusal(
            "procurement.opening.cure_awaited", {"found": len(facts.uncured)}, ARTICLE_PLATFORM
        )


def no_protest_is_open(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A founded protest is answered by a corrected list before any share leaves."""
    if facts.protested:
        yield Refusal(
            "procurement.opening.protest_open", {"found": len(facts.protested)}, ARTICLE_PLATFORM
        )


def a_protest_is_open(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A list is corrected for a founded protest and for nothing else."""
    if not facts.protested:
        yield Refusal("procurement.opening.no_protest", {}, ARTICLE_PLATFORM)
