"""What follows in an evaluation: clearing, counting, the report, what its signatures cause."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.documents import forms
from kernel.documents import services as documents
from kernel.documents.models import Document, DocumentState
from kernel.events.procurement_bids import BidVoided
from kernel.events.procurement_evaluation import (
    EvaluationScored,
    EvaluationSummarised,
    EvaluationUndone,
    EvaluationVoted,
)
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from procurement.evaluation import clearing_rules, inputs, rules, selectors
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import CommitteeSeat, Evaluation
from procurement.evaluation.report import FORM, number_of
from procurement.evaluation.states import DETAILED, FAILED, PRELIMINARY, PRICED, SUMMARY


def look_at_bills(envelope: Envelope) -> list[dict[str, Any]]:
    """All that clearing points out; slow, for it reads whole bills, so outside any transaction."""
    event = envelope.event
    assert isinstance(event, EvaluationVoted)
    case = Evaluation.objects.get(pk=event.evaluation_id)
    return _findings(selectors.facts(case, envelope.occurred_at), envelope)


def _findings(facts: rules.EvaluationFacts, envelope: Envelope) -> list[dict[str, Any]]:
    found, terms = list(clearing_rules.price_findings(facts)), facts.terms
    for bid in facts.bids:
        if terms is None:
            break
        told = inputs.bill_findings(terms, bid, envelope.occurred_at)
        found += [(bid.bid_id, one) for one in told]
    return [{"bid_id": bid_id} | _plain(one) for bid_id, one in found]


def _plain(one: Any) -> dict[str, Any]:
    return asdict(one) | {"facts": dict(one.facts)}


@subscribe(EvaluationVoted, "procurement.evaluation.clear", prepare=look_at_bills)
def bills_are_cleared(envelope: Envelope, found: Any) -> None:
    """All votes are in: clearing follows by itself."""
    event = envelope.event
    assert isinstance(event, EvaluationVoted)
    follow(
        EVALUATION.code,
        event.evaluation_id,
        "clear",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={"findings": found},
    )


@subscribe(EvaluationScored, "procurement.evaluation.score_price")
def prices_are_scored(envelope: Envelope, _prepared: Any) -> None:
    """All points are in: prices are counted by themselves."""
    event = envelope.event
    assert isinstance(event, EvaluationScored)
    follow(
        EVALUATION.code,
        event.evaluation_id,
        "score_price",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
    )


def look_again(envelope: Envelope) -> tuple[int, str, Any] | None:
    """What follows of itself where a void bid was the last that anything waited for."""
    event = envelope.event
    assert isinstance(event, BidVoided)
    case = Evaluation.objects.filter(lot_number=event.lot_number).exclude(state=FAILED).last()
    if case is None or case.state not in (PRELIMINARY, DETAILED, PRICED, SUMMARY):
        return None
    facts = selectors.facts(case, envelope.occurred_at)
    act = {PRELIMINARY: "clear", DETAILED: "score_price"}.get(case.state, "recount")
    found = EVALUATION.transition(act)
    assert found is not None
    # Where it is not its turn yet, the last vote or the last points make it so.
    if any(True for guard in found.guards for _reason in guard(facts, None)):
        return None
    said = {"findings": _findings(facts, envelope)} if act == "clear" else None
    return case.pk, act, said


@subscribe(BidVoided, "procurement.evaluation.voided", prepare=look_again)
def void_bid_is_left_out(envelope: Envelope, prepared: Any) -> None:
    """Nobody waits for votes and points of a void bid, and no result counts it."""
    if prepared is not None:
        pk, act, said = prepared
        follow(
            EVALUATION.code, pk, act, key=f"event:{envelope.id}", at=envelope.occurred_at,
            payload=said,
        )  # fmt: skip


def print_report(envelope: Envelope) -> int | None:
    """Draft and print the report for all who sign it; None where a later issue has overtaken it."""
    event = envelope.event
    assert isinstance(event, EvaluationSummarised)
    case = Evaluation.objects.get(pk=event.evaluation_id)
    if case.state != SUMMARY or case.report_issue != event.issue:
        return None
    signing = CommitteeSeat.objects.filter(evaluation=case, signing="").exclude(status=rules.GONE)
    document = documents.draft(
        form=FORM,
        case_machine=EVALUATION.code,
        case_pk=str(case.pk),
        number=number_of(case, event.issue),
        language="zh-hans",
        at=envelope.occurred_at,
        signatories=[
            documents.Signatory("expert", seat.organisation_id, seat.person_id) for seat in signing
        ],
    )
    documents.render(document.pk, at=envelope.occurred_at)
    return document.pk


@subscribe(EvaluationSummarised, "procurement.evaluation.report", prepare=print_report)
def report_is_printed(envelope: Envelope, document_id: int | None) -> None:
    """The newest issue waits for signatures; earlier ones are taken back."""
    event = envelope.event
    assert isinstance(event, EvaluationSummarised)
    if document_id is None:
        return
    states = (DocumentState.AWAITING_SIGNATURE, DocumentState.ISSUED)
    for old in _reports(event.evaluation_id, *states).filter(pk__lt=document_id):
        documents.revoke(old.pk, because=_("由新版评标报告代替"), at=envelope.occurred_at)


@subscribe(EvaluationUndone, "procurement.evaluation.undone")
def report_is_taken_back(envelope: Envelope, _prepared: Any) -> None:
    """Nobody signs a report whose result is void (Regulations of the Tendering Law, art. 48)."""
    event = envelope.event
    assert isinstance(event, EvaluationUndone)
    for old in _reports(event.evaluation_id, DocumentState.AWAITING_SIGNATURE):
        documents.revoke(
            old.pk, because=_("评标委员会成员已更换，结果作废"), at=envelope.occurred_at
        )


def _reports(evaluation_id: int, *states: DocumentState) -> QuerySet[Document]:
    return Document.objects.filter(
        form=FORM,
        case_machine=EVALUATION.code,
        case_pk=str(evaluation_id),
        state__in=states,
    )


def report_is_signed(issued: forms.Issued) -> None:
    """Everybody who signs has signed: the report stands, in the same transaction."""
    case = Evaluation.objects.get(pk=int(issued.case.pk))
    if case.state == SUMMARY and issued.number == number_of(case, case.report_issue):
        follow(
            EVALUATION.code, case.pk, "report", key=f"document:{issued.document_id}", at=issued.at
        )


forms.on_issued(FORM, report_is_signed)
