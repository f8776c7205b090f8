"""Guards of an evaluation before and around the session: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.errors import Refusal
from procurement.evaluation import draw
from procurement.evaluation.counting import Score, Vote
from procurement.evaluation.inputs import Fault, LotTerms, Opened, OpenedBid

CALLED, PRESENT, GONE = "called", "present", "gone"
EXPERT, REPRESENTATIVE = "expert", "representative"


@dataclass(frozen=True)
class Seat:
    """A place on the committee. kind: expert or representative. status: called, present, gone.

    code: of the expert, empty for a representative. called_at: when this member was called. short:
    this member holds the time to be too short. signing: empty, or ``refused`` where the member will
    not sign the report.
    """

    number: int
    person_id: int
    kind: str
    status: str
    employments: tuple[draw.Employment, ...] = ()
    code: str = ""
    short: bool = False
    opinion: str = ""
    signing: str = ""
    called_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """A question to a bidder. answered: whether there is an answer. recalled: taken back."""

    pk: int
    bid_id: int
    uscc: str
    reply_by: datetime
    answered: bool
    recalled: bool = False


@dataclass(frozen=True)
class Numbers:
    """What the rule set of the moment says; articles by key, as they are shown."""

    values: Mapping[str, Any]
    articles: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


@dataclass(frozen=True)
class EvaluationFacts:
    """All that the guards of an evaluation look at, loaded once per act.

    today: the legal day. state: of the case. terms, opened: None where the lot or its opening is
    not known. others: live evaluations of the same lot.
    late_draw: whether the supervising authority allowed a draw after the opening. strangers: chosen
    representatives who are not the owner's. drawable: experts whom nothing bars. reserve: how many
    the draw still has.
    faults: on record against the bid that is voted on. absences, grounds: codes of the lists.
    actor_person, actor_uscc: who acts; supervises: for the authority. acts_for: credit codes of all
    for whom the actor acts on the platform, or did; told_at_draw: the actor's employers as the
    pool had them. ends_at: until when the owner lets the review take.
    result_sha256, counted_sha256: of the stored result, and of what comes out when it is counted
    now.
    """

    at: datetime
    today: date
    state: str
    numbers: Numbers
    terms: LotTerms | None
    opened: Opened | None
    others: int = 0
    late_draw: bool = False
    experts: int = 0
    representatives: int = 0
    strangers: tuple[int, ...] = ()
    drawable: int = 0
    reserve: int = 0
    seats: tuple[Seat, ...] = ()
    leader: int = 0
    votes: tuple[Vote, ...] = ()
    scores: tuple[Score, ...] = ()
    asked: tuple[Asked, ...] = ()
    faults: tuple[Fault, ...] = ()
    grounds: frozenset[str] = frozenset()
    absences: frozenset[str] = frozenset()
    actor_person: int = 0
    actor_uscc: str = ""
    supervises: bool = False
    acts_for: frozenset[str] = frozenset()
    told_at_draw: tuple[draw.Employment, ...] = ()
    result_sha256: str = ""
    counted_sha256: str = ""
    ends_at: datetime | None = None

    @property
    def short_of_time(self) -> int:
        """How many members hold the time to be too short."""
        return sum(seat.short for seat in self.members)

    @property
    def members(self) -> tuple[Seat, ...]:
        """The seats that count: everybody who was not replaced and did not step back."""
        return tuple(seat for seat in self.seats if seat.status != GONE)

    @property
    def mine(self) -> Seat | None:
        """The actor's own seat, None where they have none."""
        return next((s for s in self.members if s.person_id == self.actor_person), None)

    @property
    def bids(self) -> tuple[OpenedBid, ...]:
        """The opened bids."""
        return self.opened.bids if self.opened else ()

    def bid(self, bid_id: int) -> OpenedBid | None:
        """An opened bid by its key."""
        return next((one for one in self.bids if one.bid_id == bid_id), None)


def refuse(
    facts: EvaluationFacts, what: str, key: str = "", field: str = "", **said: Any
) -> Refusal:
    """A refusal of this machine with the article that a key of the rule set rests on."""
    article = facts.numbers.articles.get(key, "平台规则")
    return Refusal(f"procurement.evaluation.{what}", said, article, field)


# Opening and the draw


def lot_is_known(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """The lot exists and is published."""
    if facts.terms is None and (payload is not None or facts.state != "forming"):
        yield refuse(facts, "lot_unknown", field="lot_number")


def opener_is_its_owner(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """The committee is formed by the procuring entity or its agency."""
    if facts.terms is not None and facts.actor_uscc not in {
        facts.terms.owner_uscc,
        facts.terms.agency_uscc,
    }:
        yield refuse(facts, "not_your_lot", "committee.smallest")


def only_one_committee(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """A lot has one committee at a time, so that nobody draws until the draw pleases them."""
    if facts.others:
        yield refuse(facts, "committee_exists", "committee.drawn", "lot_number")


def committee_is_lawful(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Five or more, an odd number, two thirds of them experts (Tendering Law, art. 37)."""
    if payload is None:
        return
    key, number = "committee.smallest", facts.experts + facts.representatives
    if number < facts.numbers["committee.smallest"]:
        yield refuse(
            facts, "committee_small", key, "experts", number=number, least=facts.numbers[key]
        )
    if number % 2 == 0:
        yield refuse(facts, "committee_even", key, "experts", number=number)
    share = facts.numbers["committee.experts_of_three"]
    if facts.experts * 3 < number * share:
        yield refuse(
            facts, "experts_few", "committee.experts_of_three", "experts",
            experts=facts.experts, number=number,
        )  # fmt: skip


def representatives_are_the_owners(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Representatives are people of the owner."""
    for person in facts.strangers:
        yield refuse(
            facts, "representative_strange", "committee.smallest", "representatives", person=person
        )


def nonce_is_given(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """The procuring entity's part of the seed cannot be empty or guessed at once."""
    if payload is not None and len(payload.nonce) < 8:
        yield refuse(facts, "nonce_short", "committee.drawn", "nonce", least=8)


def pool_suffices(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """The bank has enough experts of the lot's specialties whom nothing keeps from it."""
    if facts.state == "forming" and facts.terms is not None and not facts.terms.specialties:
        yield refuse(facts, "trade_unmapped", "expert.specialty")
    if facts.state == "forming" and facts.drawable < facts.experts:
        yield refuse(
            facts, "pool_small", "committee.drawn", free=facts.drawable, needed=facts.experts
        )


# Checking in, stepping back, the leader


def bids_are_opened(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Bids are evaluated after they are opened; only then bidders are known to anybody."""
    if not facts.bids:
        yield refuse(facts, "not_opened", "draw.after_opening")


def actor_is_called(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Who checks in was called and has not checked in."""
    if facts.mine is not None and facts.mine.status == PRESENT:
        yield refuse(facts, "already_present", "committee.drawn")


def everybody_is_present(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """All members checked in."""
    absent = sum(seat.status != PRESENT for seat in facts.members)
    if absent or not facts.members:
        yield refuse(facts, "members_absent", "committee.smallest", absent=absent)


def actor_is_present(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Who acts in the session has checked in."""
    if facts.mine is None or facts.mine.status != PRESENT:
        yield refuse(facts, "not_checked_in", "committee.conflict")


def leader_is_a_member(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """The leader is one of the members present."""
    if payload is not None and payload.leader not in {
        seat.number for seat in facts.members if seat.status == PRESENT
    }:
        yield refuse(facts, "seat_unknown", "committee.smallest", "leader", seat=payload.leader)


def there_is_no_leader(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """A leader is elected once."""
    if facts.leader:
        yield refuse(facts, "leader_elected", "committee.smallest")


def there_is_a_leader(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """The committee has elected its leader."""
    if not facts.leader:
        yield refuse(facts, "leader_missing", "committee.smallest")


def actor_leads(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """The leader acts for the committee."""
    if facts.leader and (facts.mine is None or facts.mine.number != facts.leader):
        yield refuse(facts, "not_the_leader", "committee.smallest")


def reason_is_given(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A reason stands in writing."""
    if payload is not None and not payload.reason:
        yield refuse(facts, "reason_missing", "committee.replaced", "reason")
