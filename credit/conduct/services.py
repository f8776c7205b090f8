"""Writes of conduct records: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.events.credit import ConductEnded, ConductPublished
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number


@RECORD.effect("capture")
@RECORD.effect("capture_event")
def _capture(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    payload, day = doing.payload, clock.legal_date(doing.at)
    for name in (
        "uscc", "name", "item", "fact", "article", "occurred_on", "document_number",
        "document_sha256", "decided_by", "project_number", "region", "source",
    ):  # fmt: skip
        setattr(case, name, getattr(payload, name))
    case.severity = doing.facts.items[payload.item]
    case.number = f"XW-{day:%Y}-{next_number(f'conduct:{day:%Y}'):06d}"
    return []


@RECORD.effect("verify")
def _verify(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.verified_by = doing.actor.person_id
    return []


@RECORD.effect("publish")
def _publish(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    case.published_at = doing.at
    case.shown_until = _shown_until(case, doing.at)
    return [_published(case, doing.at)]


def _proposes(code: str, act: str) -> None:
    @RECORD.effect(code)
    def propose(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
        case.proposed, case.proposed_by = act, doing.actor.person_id
        case.proposal_reason = doing.payload.reason
        return []


for _code, _act in (
    ("propose_revocation", "revoke"),
    ("propose_repair", "repair"),
    ("propose_removal", "remove"),
):
    _proposes(_code, _act)


def _drop_proposal(case: ConductRecord) -> None:
    case.proposed, case.proposed_by, case.proposal_reason = "", 0, ""


@RECORD.effect("decline_proposal")
@RECORD.effect("reject_repair")
@RECORD.effect("propose_list")
def _decided_otherwise(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
    """An officer decides otherwise than was proposed; what the firm does leaves it waiting."""
    _drop_proposal(case)
    return []


@RECORD.effect("uphold")
def _uphold(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    _drop_proposal(case)
    # Disputed before its publication, it is published now.
    if case.published_at is not None:
        return []
    case.published_at = doing.at
    case.shown_until = _shown_until(case, doing.at)
    return [_published(case, doing.at)]


@RECORD.effect("amend")
def _amend(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
    _drop_proposal(case)
    case.item = doing.payload.item
    case.severity = doing.facts.items[case.item]
    if case.published_at is None:
        case.published_at = doing.at
    case.shown_until = _shown_until(case, case.published_at)
    return [_published(case, doing.at, amended=True)]


def _ends(code: str, how: str) -> None:
    @RECORD.effect(code)
    def end(case: ConductRecord, _doing: Doing) -> list[DomainEvent]:
        _drop_proposal(case)
        return [ConductEnded(case.pk, case.number, case.uscc, how)]


for _code, _how in (
    ("revoke", "revoked"),
    ("repair", "repaired"),
    ("expire", "expired"),
    ("remove", "expired"),
    ("remove_on_time", "expired"),
):
    _ends(_code, _how)


def _published(case: ConductRecord, at: datetime, *, amended: bool = False) -> ConductPublished:
    return ConductPublished(
        record_id=case.pk,
        number=case.number,
        uscc=case.uscc,
        item=case.item,
        effective_on=clock.legal_date(at),
        document_number=case.document_number,
        article=case.article,
        amended=amended,
    )


def _shown_until(case: ConductRecord, at: datetime) -> datetime:
    """Bad conduct as long as its class says; good conduct as long as the scheme lets it weigh."""
    if case.severity:
        return due(
            at, "conduct.show_longest", subject={"class": case.severity}, provisional=True
        ).at
    days = scoring.scheme(at).items[case.item].days
    return clock.end_of(clock.legal_date(at) + timedelta(days=days))
