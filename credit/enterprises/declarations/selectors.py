"""Reads of declarations, and the loads of facts that their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from credit import citing
from credit.enterprises.declarations.machine import CLAIM, FINANCE, SHOWN
from credit.enterprises.declarations.rules import DeclarationFacts
from credit.enterprises.declarations.schemas import AchievementPayload, FinancePayload
from credit.enterprises.models import (
    Achievement,
    AchievementClaim,
    Enterprise,
    FinanceSummary,
)
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import works_for
from kernel.documents import scans
from kernel.workflow.models import Act

VALUES = "values.enterprise_archive"


@CLAIM.facts
@FINANCE.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> DeclarationFacts:
    """Everything that the guards of a declaration look at."""
    uscc = case.uscc or (actor.uscc if actor else "")
    file = getattr(payload, "document_sha256", "")
    day = clock.legal_date(at)
    return DeclarationFacts(
        today=day,
        known=Enterprise.objects.filter(uscc=uscc).exists(),
        taken=_taken(uscc, payload),
        brought=bool(file and actor and not scans.missing(actor.organisation_id, [file])),
        articles=citing.articles(VALUES, day, citing.language()),
        person=actor.person_id if actor else 0,
        declared_by=_declared_by(case) if case.pk else 0,
        interested=works_for(actor, case.uscc, at),
    )


def _declared_by(case: Any) -> int:
    """The person who declared; nought where nobody is on record."""
    acts = Act.objects.filter(machine=case.machine.code, case_pk=case.pk, transition="declare")
    return acts.values_list("person_id", flat=True).first() or 0


def _taken(uscc: str, payload: Any) -> str:
    if isinstance(payload, AchievementPayload):
        number = payload.contract_number
        if Achievement.objects.filter(uscc=uscc, contract_number=number, ended_at=None).exists():
            return "A"
        found = AchievementClaim.objects.filter(uscc=uscc, contract_number=number)
    elif isinstance(payload, FinancePayload):
        found = FinanceSummary.objects.filter(uscc=uscc, year=payload.year)
    else:
        return ""
    row = found.filter(state__in=SHOWN).first()
    return row.level if row else ""


def claims(uscc: str) -> list[AchievementClaim]:
    """Declared achievements that count, newest first; what is on record as A hides its claim."""
    proven = Achievement.objects.filter(uscc=uscc, ended_at=None).values("contract_number")
    found = AchievementClaim.objects.filter(uscc=uscc, state__in=SHOWN)
    return list(found.exclude(contract_number__in=proven))


def finances(uscc: str) -> QuerySet[FinanceSummary]:
    """Figures by year, newest first."""
    found: QuerySet[FinanceSummary] = FinanceSummary.objects.filter(uscc=uscc, state__in=SHOWN)
    return found
