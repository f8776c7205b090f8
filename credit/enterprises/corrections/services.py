"""Writes of corrections: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from credit.enterprises import entries
from credit.enterprises.corrections import grave
from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.models import Correction, Enterprise
from credit.enterprises.rules import kept_in
from kernel import clock
from kernel.events.credit import CorrectionAccepted
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number

_HOME = "230000"


@CORRECTION.effect("file")
@CORRECTION.effect("file_import")
def _file(case: Correction, doing: Doing) -> list[DomainEvent]:
    payload, row = doing.payload, entries.find(doing.payload.entry)
    assert row is not None  # a guard has seen it
    for name in ("entry", "field", "should_be", "says", "document_sha256"):
        setattr(case, name, getattr(payload, name))
    case.uscc, case.was = row.uscc, doing.facts.now_says
    # What the platform signed may be of an enterprise that the archive has not entered yet.
    known = Enterprise.objects.filter(uscc=row.uscc).values_list("kept_in", flat=True).first()
    case.region = known or kept_in(row.uscc, _HOME)
    case.filed_by = getattr(payload, "filed_by", doing.actor.person_id)
    day = clock.legal_date(doing.at)
    case.number = f"GZ-{day:%Y}-{next_number(f'correction:{day:%Y}'):06d}"
    return []


@CORRECTION.effect("accept")
def _accept(case: Correction, doing: Doing) -> list[DomainEvent]:
    case.value, case.reason = doing.payload.value, doing.payload.reason
    return [_accepted(case)]


def _accepted(case: Correction) -> CorrectionAccepted:
    return CorrectionAccepted(case.pk, case.number, case.uscc, case.entry, case.field, case.value)


@CORRECTION.effect("file_licence")
def _file_licence(case: Correction, doing: Doing) -> list[DomainEvent]:
    """Who records a licence proposes with it what it says; another confirms."""
    _file(case, doing)
    case.value, case.evidence, case.proposed_by = case.should_be, grave.LICENCE, case.filed_by
    return []


@CORRECTION.effect("propose")
def _propose(case: Correction, doing: Doing) -> list[DomainEvent]:
    case.value, case.reason = doing.payload.value, doing.payload.reason
    case.evidence, case.proposed_by = doing.payload.evidence, doing.actor.person_id
    return []


@CORRECTION.effect("confirm")
def _confirm(case: Correction, _doing: Doing) -> list[DomainEvent]:
    return [_accepted(case)]


@CORRECTION.effect("decline")
def _decline(case: Correction, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    return []
