"""Published conduct becomes rows of the ledger; what ends is taken back by rows of its own."""

from __future__ import annotations

from typing import Any

from credit.scoring import report, rules, sections, services, standings, studies
from credit.scoring.catching_up import ENDED, PUBLISHED
from kernel import clock
from kernel.events.credit import (
    ConductEnded,
    ConductPublished,
    CreditReportOrdered,
    CreditStudyAsked,
)
from kernel.events.models import Delivery
from kernel.events.procurement_completion import CompletionFiled
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.registry import Envelope, subscribe
from kernel.identifiers.text import document_key


class OutOfOrder(Exception):  # noqa: N818  (no fault: it is tried again)
    """What happened on a record before is not entered yet; this waits for it."""


def _in_order(envelope: Envelope) -> None:
    """An end that overtook its publication would take back nothing, and the fact weigh for ever."""
    before = Delivery.objects.filter(
        subscriber__in=(PUBLISHED, ENDED), event__case=envelope.case, event_id__lt=envelope.id
    )
    if before.exclude(state=Delivery.State.DONE).exists():
        raise OutOfOrder(f"{envelope.case}: an earlier event waits")


@subscribe(ConductPublished, PUBLISHED)
def conduct_weighs(envelope: Envelope, _prepared: Any) -> None:
    """A published record weighs from its publication on; amended, it weighs anew."""
    event = envelope.event
    assert isinstance(event, ConductPublished)
    _in_order(envelope)
    cause = f"event:{envelope.id}"
    at = envelope.occurred_at
    if event.amended:
        if not event.listed:  # off the list: on the days before it was on it
            services.end(
                record_id=event.record_id, on=clock.legal_date(at), at=at, cause=cause,
                only=rules.LISTED,
            )  # fmt: skip
        services.take_back(record_id=event.record_id, at=at, cause=cause, but=rules.LISTED)
    services.enter(
        uscc=event.uscc,
        item=event.item,
        group=document_key(event.document_number),
        effective_on=event.effective_on,
        at=at,
        cause=cause,
        record_id=event.record_id,
        article=event.article,
        document_number=event.document_number,
        points=event.points,
        days=event.days,
        section=event.section,
        until=event.shown_until,
    )
    if event.listed:
        services.hold_on_list(record_id=event.record_id, uscc=event.uscc, at=at, cause=cause)
    standings.refresh(event.uscc, clock.now())


@subscribe(ConductEnded, ENDED)
def conduct_weighs_no_more(envelope: Envelope, _prepared: Any) -> None:
    """Repaired, expired, suspended: it weighs no more from that day on, and did before.

    Revoked it never should have weighed: as known from now on it did on no day.
    """
    event, at = envelope.event, envelope.occurred_at
    assert isinstance(event, ConductEnded)
    _in_order(envelope)
    cause = f"event:{envelope.id}"
    if event.how == "revoked":
        services.take_back(record_id=event.record_id, at=at, cause=cause)
    else:
        services.end(record_id=event.record_id, on=clock.legal_date(at), at=at, cause=cause)
    standings.refresh(event.uscc, clock.now())


@subscribe(ContractSigned, "credit.scoring.section_contract")
def section_begins(envelope: Envelope, _prepared: Any) -> None:
    """A contract section that is performed, with its price: schemes by sections weigh by it."""
    event = envelope.event
    assert isinstance(event, ContractSigned)
    services.enter(
        uscc=event.contractor_uscc,
        item=sections.CONTRACT,
        group=event.number,
        effective_on=event.signed_on,
        at=envelope.occurred_at,
        cause=f"event:{envelope.id}:section",
        record_id=0,
        section=event.number,
        price_fen=event.price_fen,
    )


@subscribe(CompletionFiled, "credit.scoring.section_completed")
def section_ends(envelope: Envelope, _prepared: Any) -> None:
    """A contract section that is performed no longer."""
    event = envelope.event
    assert isinstance(event, CompletionFiled)
    services.enter(
        uscc=event.contractor_uscc,
        item=sections.COMPLETED,
        group=event.contract_number,
        effective_on=event.filed_on,
        at=envelope.occurred_at,
        cause=f"event:{envelope.id}:section",
        record_id=0,
        section=event.contract_number,
    )


def print_report(envelope: Envelope) -> int:
    """Print the report that was ordered: slow, and outside any transaction."""
    event = envelope.event
    assert isinstance(event, CreditReportOrdered)
    return report.print_report(event.number, envelope.occurred_at).pk


@subscribe(CreditReportOrdered, "credit.scoring.report", prepare=print_report)
def report_is_printed(_envelope: Envelope, _document_id: int) -> None:
    """The report is issued and sealed when it is printed: nothing is left to do."""


def make_study(envelope: Envelope) -> dict[str, Any]:
    """Compute it: slow where the province is large, and outside any transaction."""
    event = envelope.event
    assert isinstance(event, CreditStudyAsked)
    from credit.scoring import studying  # numpy, which web workers do without

    return studying.make(event.study_id, envelope.occurred_at)


@subscribe(CreditStudyAsked, "credit.scoring.study", prepare=make_study)
def study_is_made(envelope: Envelope, result: dict[str, Any]) -> None:
    """Its result stands where it was asked for."""
    event = envelope.event
    assert isinstance(event, CreditStudyAsked)
    studies.keep(event.study_id, result)
