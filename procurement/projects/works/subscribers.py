"""What follows around works: opened by a contract, permit and report printed, filed, closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from kernel.documents import forms
from kernel.documents.services import Signatory
from kernel.events.procurement_completion import CompletionFiled, CompletionUseStopped
from kernel.events.procurement_contracts import ContractSigned, ContractTerminated
from kernel.events.procurement_projects import ProjectPartyChanged
from kernel.events.procurement_works import (
    WorksAcceptanceFailed,
    WorksCompletionReported,
    WorksPermitted,
    WorksPermitVoided,
)
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from procurement.projects import naming
from procurement.projects.printing import print_for, take_back
from procurement.projects.works import papers
from procurement.projects.works.machine import WORKS
from procurement.projects.works.models import Works
from procurement.projects.works.selectors import PARTY_COLUMNS

_SIGNERS = (
    ("owner_clerk", "owner_uscc"),
    ("contractor_clerk", "contractor_uscc"),
    ("chief_supervisor", "supervision_uscc"),
    ("survey_clerk", "survey_uscc"),
    ("design_clerk", "design_uscc"),
)


@subscribe(ContractSigned, "procurement.works.open")
def works_are_opened(envelope: Envelope, _prepared: Any) -> None:
    """A signed contract is one permit unit; it has its number from here on."""
    event = envelope.event
    assert isinstance(event, ContractSigned)
    follow(
        WORKS.code,
        None,
        "open",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={
            "contract_id": event.contract_id,
            "contract_number": event.number,
            "project_number": event.project_number,
            "name": event.works_name,
            "region": event.region,
            "owner_uscc": event.owner_uscc,
            "contractor_uscc": event.contractor_uscc,
            "supervision_uscc": event.supervision_uscc,
            "price_fen": event.price_fen,
            "period_days": event.period_days,
            "project_manager": event.project_manager,
        },
    )


def print_permit(envelope: Envelope) -> int:
    """Draft and print the permit for the officer's signature; idempotent."""
    event = envelope.event
    assert isinstance(event, WorksPermitted)
    issuer = Works.objects.values_list("permitted_by", flat=True).get(pk=event.works_id)
    return print_for(
        papers.PERMIT,
        WORKS.code,
        event.works_id,
        event.permit_number,
        envelope.occurred_at,
        issuer=issuer,
    )


@subscribe(WorksPermitted, "procurement.works.permit", prepare=print_permit)
def permit_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""


def print_acceptance(envelope: Envelope) -> int:
    """Draft and print the acceptance report for its five parties; idempotent."""
    event = envelope.event
    assert isinstance(event, WorksCompletionReported)
    case = Works.objects.get(pk=event.works_id)
    return print_for(
        papers.ACCEPTANCE,
        WORKS.code,
        case.pk,
        event.document_number,
        envelope.occurred_at,
        issuer=naming.organisation_key(case.owner_uscc),
        signatories=[
            Signatory(role, naming.organisation_key(getattr(case, column)))
            for role, column in _SIGNERS
        ],
    )


@subscribe(WorksCompletionReported, "procurement.works.acceptance_report", prepare=print_acceptance)
def acceptance_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""


@subscribe(WorksPermitVoided, "procurement.works.permit_taken_back")
def permit_is_taken_back(envelope: Envelope, _prepared: Any) -> None:
    """Whoever checks the paper of a permit that lapsed reads that it did."""
    event = envelope.event
    assert isinstance(event, WorksPermitVoided)
    take_back(
        WORKS.code,
        event.works_id,
        event.permit_number,
        because=gettext("逾期未开工，施工许可证自行废止"),
        at=envelope.occurred_at,
        issued=True,
    )


@subscribe(ContractTerminated, "procurement.works.abandoned")
def unbuilt_works_are_abandoned(envelope: Envelope, _prepared: Any) -> None:
    """Works that nobody began end with their contract; what was begun is somebody's to finish."""
    event = envelope.event
    assert isinstance(event, ContractTerminated)
    for case in Works.objects.filter(contract_number=event.number):
        follow(WORKS.code, case.pk, "abandon", key=f"event:{envelope.id}", at=envelope.occurred_at)


@subscribe(WorksAcceptanceFailed, "procurement.works.acceptance_taken_back")
def acceptance_is_taken_back(envelope: Envelope, _prepared: Any) -> None:
    """Nobody signs the report of an acceptance that failed."""
    event = envelope.event
    assert isinstance(event, WorksAcceptanceFailed)
    take_back(
        WORKS.code,
        event.works_id,
        event.document_number,
        because=gettext("验收不合格"),
        at=envelope.occurred_at,
    )


def accept(issued: forms.Issued) -> None:
    """Five signatures under the report of the present attempt are the acceptance."""
    case = Works.objects.get(pk=int(issued.case.pk))
    if issued.number == case.acceptance_number:
        follow(WORKS.code, case.pk, "accept", key=f"document:{issued.document_id}", at=issued.at)


forms.on_issued(papers.ACCEPTANCE, accept)


@subscribe(ProjectPartyChanged, "procurement.works.party_changed")
def party_is_changed(envelope: Envelope, _prepared: Any) -> None:
    """Works that are not accepted yet follow the project's record; before a permit they fill up."""
    event = envelope.event
    assert isinstance(event, ProjectPartyChanged)
    column = PARTY_COLUMNS.get(event.role, "")
    if not column or not event.uscc:
        return
    for case in Works.objects.filter(project_number=event.number, **{column: event.left_uscc}):
        follow(
            WORKS.code,
            case.pk,
            "note_party",
            key=f"event:{envelope.id}",
            at=envelope.occurred_at,
            payload={"column": column, "uscc": event.uscc},
        )


@subscribe(CompletionUseStopped, "procurement.works.acceptance_annulled")
def acceptance_is_annulled(envelope: Envelope, _prepared: Any) -> None:
    """An order to stop the use of works is one to accept them again."""
    event = envelope.event
    assert isinstance(event, CompletionUseStopped)
    follow(
        WORKS.code,
        event.works_id,
        "take_back_acceptance",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
    )


@subscribe(CompletionFiled, "procurement.works.filed")
def works_are_filed(envelope: Envelope, _prepared: Any) -> None:
    """A completion filing files its works."""
    event = envelope.event
    assert isinstance(event, CompletionFiled)
    follow(
        WORKS.code,
        event.works_id,
        "file",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={"filing_id": event.filing_id},
    )
