"""What a lot's events cause on paper: drafted and printed for the owner's signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kernel.documents import services as documents
from kernel.events.procurement_tendering import (
    LotAwarded,
    LotAwardReported,
    LotClarified,
    LotPublicised,
    LotPublished,
    ObjectionAnswered,
)
from kernel.events.registry import DomainEvent, Envelope, subscribe
from kernel.parties.models import Organisation
from procurement.tendering import documents as forms
from procurement.tendering import papers
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot, Objection
from procurement.tendering.objections.machine import OBJECTION


@dataclass(frozen=True)
class _Paper:
    form: str
    number: str
    machine: str = LOT.code
    pk: int = 0
    data: dict[str, Any] | None = None


def _papers(event: DomainEvent) -> Iterator[_Paper]:
    """The papers that an event asks for; each has one number, so that twice is once."""
    if isinstance(event, LotPublished):
        yield _Paper(forms.NOTICE, f"ZB-{event.number}", pk=event.lot_id)
    elif isinstance(event, LotClarified):
        lot = Lot.objects.get(pk=event.lot_id)
        said = papers.clarification(lot, lot.clarifications[event.serial - 1], forms.name_of)
        number = f"CQ-{event.number}-{event.serial:02d}"
        yield _Paper(forms.CLARIFICATION, number, pk=event.lot_id, data=said)
    elif isinstance(event, LotPublicised):
        number = forms.numbered(event.number, event.evaluation_id, event.serial)
        yield _Paper(forms.CANDIDATES, number, pk=event.lot_id)
    elif isinstance(event, LotAwarded):
        for form, code in (
            (forms.AWARD_NOTICE, "ZT"),
            (forms.LOSERS_NOTICE, "JG"),
            (forms.RESULT, "GS"),
        ):
            yield _Paper(form, f"{code}-{event.number}-{event.bid_id}", pk=event.lot_id)
    elif isinstance(event, LotAwardReported):
        yield _Paper(forms.AWARD_REPORT, f"BG-{event.number}", pk=event.lot_id)
    elif isinstance(event, ObjectionAnswered) and event.outcome != "withdrawn":
        objection = Objection.objects.get(pk=event.objection_id)
        number = f"DF-{objection.reference}"
        yield _Paper(forms.ANSWER, number, OBJECTION.code, objection.pk)


def print_papers(envelope: Envelope) -> None:
    """Draft and print; both are idempotent, so a killed worker starts over."""
    event: Any = envelope.event
    for paper in _papers(event):
        owner = Lot.objects.filter(pk=event.lot_id).values_list("owner_uscc", flat=True).get()
        document = documents.draft(
            form=paper.form,
            case_machine=paper.machine,
            case_pk=str(paper.pk),
            number=paper.number,
            language="zh-hans",
            at=envelope.occurred_at,
            data=paper.data,
            issuer=Organisation.objects.get(uscc=owner).pk,
        )
        documents.render(document.pk, at=envelope.occurred_at)


def _printed(_envelope: Envelope, _prepared: Any) -> None:
    """Nothing is left to write: the documents' own services wrote it."""


for _event, _name in (
    (LotPublished, "published"),
    (LotClarified, "clarified"),
    (LotPublicised, "publicised"),
    (LotAwarded, "awarded"),
    (LotAwardReported, "award_reported"),
    (ObjectionAnswered, "objection_answered"),
):
    subscribe(_event, f"procurement.tendering.print_{_name}", prepare=print_papers)(_printed)
