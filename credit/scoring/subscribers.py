"""Published conduct becomes rows of the ledger; what ends is taken back by rows of its own."""

from __future__ import annotations

from typing import Any

from credit.scoring import sections, services
from credit.scoring.catching_up import ENDED, PUBLISHED
from kernel.events.credit import ConductEnded, ConductPublished
from kernel.events.procurement_completion import CompletionFiled
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.registry import Envelope, subscribe


@subscribe(ConductPublished, PUBLISHED)
def conduct_weighs(envelope: Envelope, _prepared: Any) -> None:
    """A published record weighs from its publication on; amended, it weighs anew."""
    event = envelope.event
    assert isinstance(event, ConductPublished)
    cause = f"event:{envelope.id}"
    if event.amended:
        services.take_back(record_id=event.record_id, at=envelope.occurred_at, cause=cause)
    services.enter(
        uscc=event.uscc,
        item=event.item,
        group=event.document_number,
        effective_on=event.effective_on,
        at=envelope.occurred_at,
        cause=cause,
        record_id=event.record_id,
        article=event.article,
        document_number=event.document_number,
        points=event.points,
        days=event.days,
        section=event.section,
    )


@subscribe(ConductEnded, ENDED)
def conduct_weighs_no_more(envelope: Envelope, _prepared: Any) -> None:
    """Revoked, repaired or expired: it weighs no more from now on, and did before."""
    event = envelope.event
    assert isinstance(event, ConductEnded)
    services.take_back(
        record_id=event.record_id, at=envelope.occurred_at, cause=f"event:{envelope.id}"
    )


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
