"""Reads of corrections, and the one load of facts that their guards look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db.models import Q, QuerySet

from credit import citing
from credit.enterprises import entries
from credit.enterprises import rules as licences
from credit.enterprises.corrections import coded, grave
from credit.enterprises.corrections.machine import CORRECTION, FILED
from credit.enterprises.corrections.rules import CorrectionFacts, read_value
from credit.enterprises.corrections.schemas import AcceptPayload
from credit.enterprises.declarations import rules as declarations
from credit.enterprises.machine import VALID
from credit.enterprises.models import (
    Achievement,
    AchievementClaim,
    Correction,
    Enterprise,
    Licence,
    NationalImport,
    NationalRecord,
)
from credit.enterprises.national.tables import TABLES
from credit.enterprises.selectors import facts as licence_facts
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import works_for
from kernel.documents import scans
from kernel.errors import Refusal, Refused

VALUES, OFFICERS = "values.enterprise_archive", "values.archive_officers"
# How long a decided request stands on the desk of the enterprise that it spoke of.
TOLD_FOR = timedelta(days=30)


@CORRECTION.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> CorrectionFacts:
    """Everything that the guards of a correction look at."""
    entry = case.entry or getattr(payload, "entry", "")
    field = case.field or getattr(payload, "field", "")
    row, file = entries.find(entry), getattr(payload, "document_sha256", "")
    day = clock.legal_date(at)
    pending = Correction.objects.filter(
        entry=entry, field=field, should_be=getattr(payload, "should_be", ""), state=FILED
    )
    return CorrectionFacts(
        kind=entries.kind_of(entry) if row else "",
        field=field,
        now_says=entries.value_of(row, field) if row else "",
        codes=_codes(row, field, at),
        brought=bool(file and actor and not scans.missing(actor.organisation_id, [file])),
        pending=case.pk is None and pending.exists(),
        articles=citing.articles(VALUES, day, citing.language())
        | citing.articles(OFFICERS, day, citing.language()),
        person=actor.person_id if actor else 0,
        filed_by=case.filed_by,
        as_whole=_as_whole(row, field, payload, at),
        interested=works_for(actor, case.uscc, at),
        proposed_by=case.proposed_by,
        national_names=_national_names(row, payload),
    )


def _national_names(row: Any, payload: Any) -> frozenset[str]:
    """What lines in force call an enterprise, where a proposal rests on one."""
    if not isinstance(row, Enterprise) or getattr(payload, "evidence", "") != grave.LINE:
        return frozenset()
    lines = NationalRecord.objects.filter(
        uscc=row.uscc, imported__state=NationalImport.State.IN_FORCE
    )
    return frozenset(
        str(line.facts.get(TABLES[line.table].subject.replace("_uscc", "_name"), ""))
        for line in lines
    )


_WHOLE = (
    licences.number_fits_kind,
    licences.period_runs_forward,
    licences.person_is_named,
    licences.licence_is_new,
)


def _as_whole(row: Any, field: str, payload: Any, at: datetime) -> tuple[Refusal, ...]:
    """Why an entry with this field as it is to be is none that the archive takes."""
    if row is None or not isinstance(payload, AcceptPayload):
        return ()
    try:
        value = read_value(field, payload.value)
    except (Refused, ValueError):
        return ()  # that the value fits its field is a question of its own
    if isinstance(row, Achievement | AchievementClaim):
        return _days(row, field, value, at)
    if not isinstance(row, Licence):
        return ()
    names = ("kind", "number", "holder", "valid_from", "valid_to")
    wanted = SimpleNamespace(**{name: getattr(row, name) for name in names} | {field: value})
    same = Licence.objects.filter(
        kind=wanted.kind, number=wanted.number, holder=wanted.holder, state=VALID
    )
    held = replace(licence_facts(row, at, None, None), taken=same.exclude(pk=row.pk).exists())
    return tuple(fault for rule in _WHOLE for fault in rule(held, wanted))


def _days(row: Any, field: str, value: Any, at: datetime) -> tuple[Refusal, ...]:
    """Signed before completed, and neither of them to come."""
    day, last = clock.legal_date(at), "filed_on" if isinstance(row, Achievement) else "completed_on"
    named = {name: getattr(row, name) for name in ("signed_on", last)}
    if field not in named:
        return ()
    named[field] = value
    wanted = SimpleNamespace(signed_on=named["signed_on"], completed_on=named[last])
    held = declarations.DeclarationFacts(
        day, True, "", True, citing.articles(VALUES, day, citing.language())
    )
    return tuple(declarations.days_are_possible(held, wanted))


def _codes(row: Any, field: str, at: datetime) -> frozenset[str] | None:
    listed = coded.options(row, field, at)
    return None if listed is None else frozenset(code for code, _label in listed)


def concerning(uscc: str, at: datetime) -> QuerySet[Correction]:
    """Requests on an enterprise's entries that wait, or were decided not long ago."""
    waiting = Q(state=FILED) | Q(state__in=("accepted", "declined"), changed_at__gte=at - TOLD_FOR)
    found: QuerySet[Correction] = Correction.objects.filter(waiting, uscc=uscc)
    return found
