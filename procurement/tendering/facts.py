"""All that the guards of a lot look at, as plain values. Pure: no ORM, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kernel.errors import Refusal
from procurement.tendering.lint import Hit
from procurement.tendering.needs import BillFacts, EvaluationReport, VoidDecision
from procurement.tendering.procedures.registry import Procedure
from procurement.tendering.schemas import LotPayload


@dataclass(frozen=True)
class ProjectView:
    """The project of a lot. funding: (source, fen) pairs; money in fen."""

    registered: bool
    owner_uscc: str
    region: str
    project_class: str
    total_investment_fen: int
    funding: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Thresholds:
    """What makes a tender mandatory (order 16 of 2018). single: by kind, in fen."""

    single: Mapping[str, int]
    budget_fen: int
    budget_percent: int
    state_percent: int
    state_sources: frozenset[str]
    foreign_sources: frozenset[str]
    public_classes: frozenset[str]
    article: str


@dataclass(frozen=True)
class Limits:
    """Other numbers of the law at the case's moment. security_caps: by kind, in fen."""

    invitees_least: int
    bids_least: int
    candidates_most: int
    security_percent: int
    security_caps: Mapping[str, int]
    failures_before_other_method: int
    points_total: int
    publicity_days_least: int
    drawings_first: bool
    drawings_article: str


@dataclass(frozen=True)
class Retendered:
    """The failed lot that a new one follows. taken_by: the number of one that already does."""

    number: str
    state: str
    project_number: str
    failures: int
    approval_number: str
    method: str
    taken_by: str = ""


@dataclass(frozen=True)
class LotFacts:
    """Everything that the guards of a lot look at, at a legal moment.

    form: the lot as it stands, of a lot that is being opened the payload. agency_known: whom an
    entry names as agency has people who act as one. procedure: the one that
    serves it; None where none does, or while the draft does not say its method and kind. articles:
    rule -> the article it rests on, marked where nobody has read the text. same_kind_fen: estimates
    of the project's other lots of this kind, which count together. sale_earliest_at,
    deadline_earliest_at: when sale may end and bids may fall due if the notice is published at this
    moment. clarification_until: the last instant at which the documents may still be clarified
    without moving the deadline; clarified_deadline_at: the earliest deadline if they are clarified
    now. open_objections: those that nobody answered; objection_upheld: one to the public
    candidates. by_authority: a public authority acts. policy_sha256: the signed opening policy, or
    "". unstamped: what keeps it from its time-stamp, or "". unsigned_publicity: number of the
    notice of the public candidates while it is not issued, asked when an award is at hand.
    winner_refusals: why the candidate at hand may not bid any more. found_void: the decision that
    voids the bid of the candidate at hand, before the award or after.
    """

    at: datetime
    number: str
    state: str
    form: LotPayload
    project: ProjectView | None
    articles: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    thresholds: Thresholds
    limits: Limits
    procedure: Procedure | None = None
    actor_uscc: str = ""
    owner_uscc: str = ""
    same_kind_fen: int = 0
    hits: tuple[Hit, ...] = ()
    agency_known: bool = True
    missing_files: frozenset[str] = frozenset()
    unprintable: tuple[tuple[str, str], ...] = ()
    sale_earliest_at: datetime | None = None
    deadline_earliest_at: datetime | None = None
    clarification_until: datetime | None = None
    clarified_deadline_at: datetime | None = None
    policy_sha256: str = ""
    unstamped: str = ""
    bill: BillFacts | None = None
    drawings_passed: bool = False
    retendered: Retendered | None = None
    failures: int = 0
    open_objections: tuple[str, ...] = ()
    objection_upheld: bool = False
    by_authority: bool = False
    unsigned_publicity: str = ""
    winner_refusals: tuple[Refusal, ...] = ()
    found_void: VoidDecision | None = None
    suspended_from: str = ""
    report: EvaluationReport | None = None
    publicity_until: datetime | None = None
    publicity_earliest_end_at: datetime | None = None
    publicity_ends_at: datetime | None = None
    candidates: int = 0
    candidate_rank: int = 0
    award_reported: bool = False
    sale_ends_at: datetime | None = None
    plan_project: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
