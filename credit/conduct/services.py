"""Writes of conduct records: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from credit.conduct import rules, selectors, showing
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from kernel import clock
from kernel.events.credit import ConductDismissed, ConductEnded, ConductPublished
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number


@RECORD.effect("capture")
@RECORD.effect("capture_event")
def _capture(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    payload, day = doing.payload, clock.legal_date(doing.at)
    for name in (
        "uscc", "item", "fact", "article", "occurred_on", "document_number",
        "document_sha256", "decided_by", "project_number", "region", "decided_on",
        "penalty_until", "bid_ban_until", "repair_barred_by", "section", "stated_points",
        "stated_days",
    ):  # fmt: skip
        setattr(case, name, getattr(payload, name))
    case.name = payload.name or doing.facts.known_name
    case.source = getattr(payload, "source", "")
    case.severity = rules.class_of(doing.facts, payload.item, payload.severity)
    case.publish_due_at = due(doing.at, "conduct.publish", provisional=True).at
    case.number = f"XW-{day:%Y}-{next_number(f'conduct:{day:%Y}'):06d}"
    return []


@RECORD.effect("verify")
def _verify(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.verified_by = doing.actor.person_id
    return []


@RECORD.effect("state")
def _state(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.statement = doing.payload.statement
    case.statement_sha256 = doing.payload.statement_sha256
    return []


@RECORD.effect("answer_statement")
def _answer(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    drop_proposal(case)
    case.answer = doing.payload.reason
    return []


@RECORD.effect("publish")
def _publish(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    drop_proposal(case)
    case.published_at, case.publish_due_at = doing.at, None
    case.shown_until = _shown_until(case, doing.at)
    case.kept_back = showing.is_kept_back(case.severity, doing.at)
    return [published(case)]


@RECORD.effect("store")
def _store(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    """Too old to be shown when it became known: kept, and neither published nor weighed."""
    drop_proposal(case)
    case.publish_due_at = None
    return []


def _proposes(code: str, act: str) -> None:
    @RECORD.effect(code)
    def propose(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
        propose_act(case, doing, act)
        return []


def propose_act(case: ConductRecord, doing: Doing, act: str) -> None:
    """Note that an officer proposes an act, and why: another confirms it."""
    case.proposed, case.proposed_by = act, doing.actor.person_id
    case.proposal_reason = doing.payload.reason
    case.proposal_document = getattr(doing.payload, "document_number", "")


for _code, _act in (
    ("propose_dismissal", "dismiss"),
    ("propose_revocation", "revoke"),
    ("propose_repair", "repair"),
    ("propose_suspension", "suspend"),
    ("propose_lifting", "lift_suspension"),
    ("propose_review_revocation", "review_revoke"),
    ("propose_keep", "keep"),
    ("propose_storage", "store"),
    ("propose_showing", "show"),
):
    _proposes(_code, _act)


def drop_proposal(case: ConductRecord) -> None:
    """What was proposed waits for nobody any more."""
    if case.proposed == "note_change":
        case.withdraw_due_at = None  # nobody has to confirm a change any more
    case.proposed, case.proposed_by = "", 0
    case.proposal_reason = case.proposal_document = ""


@RECORD.effect("confirm")
@RECORD.effect("decline_proposal")
@RECORD.effect("reject_repair")
@RECORD.effect("drop_proposal")
@RECORD.effect("keep")
def decided_otherwise(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    """An officer decides, as proposed or otherwise; what the firm does leaves it waiting."""
    drop_proposal(case)
    case.withdraw_due_at = case.hearing_ends_at = None
    return []


@RECORD.effect("dismiss")
def _dismiss(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    decided_otherwise(case, doing)
    return [ConductDismissed(case.pk, case.number, case.uscc)]


@RECORD.effect("apply_repair")
def _apply_repair(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.correction_document = doing.payload.correction_document
    case.commitment_sha256 = doing.payload.commitment_sha256
    case.exit_reason = ""  # both are of the repair from now on
    return []


@RECORD.effect("amend")
def _amend(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    _decided(case, doing)
    return _as_it_should_be(case, doing)


@RECORD.effect("correct")
def _correct(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    return _as_it_should_be(case, doing)


def _as_it_should_be(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """What it should have said weighs from the publication on; a suspension goes on."""
    drop_proposal(case)
    case.withdraw_due_at = case.decide_due_at = None
    case.item = doing.payload.item
    case.stated_points, case.stated_days = doing.payload.stated_points, doing.payload.stated_days
    case.severity = rules.class_of(doing.facts, case.item, doing.payload.severity)
    assert case.published_at is not None
    case.shown_until = _shown_until(case, case.published_at)
    case.kept_back = showing.is_kept_back(case.severity, case.published_at)
    return [] if case.suspended_by else [published(case, amended=True)]


def ended(case: ConductRecord, how: str) -> ConductEnded:
    """It weighs no longer, and why."""
    return ConductEnded(case.pk, case.number, case.uscc, how)


def _ends(code: str, how: str) -> None:
    @RECORD.effect(code)
    def end(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
        drop_proposal(case)
        return [ended(case, how)]


for _code, _how in (
    ("revoke", "revoked"),
    ("withdraw", "revoked"),
    ("withdraw_on_time", "revoked"),
    ("repair", "repaired"),
    ("expire", "expired"),
):
    _ends(_code, _how)


def published(
    case: ConductRecord, *, amended: bool = False, listed: bool = False
) -> ConductPublished:
    """It weighs from its first publication on, whatever was said of it later.

    listed: a list holds it, and its time of showing ends nothing meanwhile.
    """
    assert case.published_at is not None
    assert case.shown_until is not None
    return ConductPublished(
        record_id=case.pk,
        number=case.number,
        uscc=case.uscc,
        item=case.item,
        effective_on=clock.legal_date(case.published_at),
        document_number=case.document_number,
        article=case.article,
        amended=amended,
        points=case.stated_points,
        days=case.stated_days,
        section=case.section,
        shown_until=None if listed else clock.legal_date(case.shown_until),
        listed=listed,
    )


def _shown_until(case: ConductRecord, at: datetime) -> datetime:
    return selectors.term_ends_at(case.severity, case.term_starts_on, case.penalty_until, at)


@RECORD.effect("show")
def _show(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    case.kept_back = False
    drop_proposal(case)
    return []


def _give_up_list(case: ConductRecord) -> None:
    """Of a record that its enterprise doubts no list is proposed until that is decided."""
    if case.proposed == "list":
        drop_proposal(case)
        case.hearing_ends_at = None


@RECORD.effect("dispute")
def _dispute(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    _give_up_list(case)
    case.objection = doing.payload.reason
    return []


@RECORD.effect("accept_objection")
def _accept(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.accepted_by = doing.actor.person_id
    case.decide_due_at = due(doing.at, "conduct.objection.decide", provisional=True).at
    return []


@RECORD.effect("extend_objection")
def _extend(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    """The further days follow those that were to run anyway."""
    assert case.decide_due_at is not None
    case.extension_reason = doing.payload.reason
    last = case.decide_due_at - timedelta(microseconds=1)
    case.decide_due_at = due(last, "conduct.objection.extension", provisional=True).at
    return []


@RECORD.effect("refuse_objection")
@RECORD.effect("uphold")
def _uphold(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    drop_proposal(case)
    _decided(case, doing)
    return []


def _decided(case: ConductRecord, doing: Doing) -> None:
    case.objection_decided_at, case.decided_region = doing.at, doing.actor.region
    case.decide_due_at = None


@RECORD.effect("ask_review")
def _ask_review(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    _give_up_list(case)
    case.review_reason = doing.payload.reason
    return []


@RECORD.effect("review_uphold")
def _review_uphold(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    drop_proposal(case)
    case.review_document = doing.payload.document_number
    return []


@RECORD.effect("review_revoke")
def _review_revoke(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    case.review_document = case.proposal_document
    drop_proposal(case)
    return [ended(case, "revoked")]
