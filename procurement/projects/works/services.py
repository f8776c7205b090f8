"""Writes of works: what each act changes besides the state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.events.procurement_works import (
    WorksAbandoned,
    WorksAcceptanceFailed,
    WorksAccepted,
    WorksClosed,
    WorksCompletionReported,
    WorksPermitted,
    WorksPermitVoided,
    WorksStarted,
)
from kernel.events.registry import DomainEvent
from kernel.identifiers import permit_number
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.projects.models import Project
from procurement.projects.works.machine import WORKS
from procurement.projects.works.models import Works
from procurement.projects.works.selectors import PARTY_COLUMNS


def _told(case: Works, at: datetime) -> dict[str, Any]:
    """What every event of works says."""
    return {
        "works_id": case.pk,
        "number": case.number,
        "contract_number": case.contract_number,
        "project_number": case.project_number,
        "name": case.name,
        "region": case.region,
        "owner_uscc": case.owner_uscc,
        "contractor_uscc": case.contractor_uscc,
        "supervision_uscc": case.supervision_uscc,
        "occurred_on": clock.legal_date(at),
    }


@WORKS.effect("open")
def _open(case: Works, doing: Doing) -> list[DomainEvent]:
    """Take over what the contract says; the site has its number from now on."""
    for name, value in doing.payload.model_dump().items():
        setattr(case, name, value)
    serial = next_number(f"works:{case.project_number}")
    case.number = f"{case.project_number}-W{serial:02d}"
    project = Project.objects.filter(number=case.project_number).first()
    for party in project.parties if project else ():
        column = PARTY_COLUMNS.get(party["role"], "")
        if column and not getattr(case, column):
            setattr(case, column, party["uscc"])
    return []


@WORKS.effect("apply")
def _apply(case: Works, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump(mode="json").items():
        setattr(case, name, value)
    return []


@WORKS.effect("permit")
def _permit(case: Works, doing: Doing) -> list[DomainEvent]:
    """Give the permit its number; the law's three months to begin run from today."""
    project = Project.objects.get(number=case.project_number)
    day = clock.legal_date(project.registered_at or doing.at)
    serial = next_number(f"permit:{case.region}:{day:%Y%m%d}")
    case.permit_number = permit_number.generate(case.region, day, serial, case.trade)
    case.permitted_on = clock.legal_date(doing.at)
    case.permitted_by_id = doing.actor.organisation_id
    # Of works whose permit lapsed this is another one, with extensions of its own.
    case.extensions = 0
    case.start_due_at = due(doing.at, "works.start", region=case.region, provisional=True).at
    return [WorksPermitted(**_told(case, doing.at), permit_number=case.permit_number)]


@WORKS.effect("void")
def _void(case: Works, _doing: Doing) -> list[DomainEvent]:
    case.start_due_at = None
    return [WorksPermitVoided(case.pk, case.permit_number)]


@WORKS.effect("abandon")
def _abandon(case: Works, doing: Doing) -> list[DomainEvent]:
    case.start_due_at = None
    return [WorksAbandoned(**_told(case, doing.at))]


@WORKS.effect("extend")
def _extend(case: Works, doing: Doing) -> list[DomainEvent]:
    # The period that ends at 24:00 ends on the day before; the next one is counted from it.
    assert case.start_due_at is not None
    end = case.start_due_at - timedelta(microseconds=1)
    case.start_due_at = due(end, "works.start_extension", region=case.region, provisional=True).at
    case.extensions += 1
    return []


@WORKS.effect("start")
def _start(case: Works, doing: Doing) -> list[DomainEvent]:
    case.started_on = clock.legal_date(doing.at)
    return [WorksStarted(**_told(case, doing.at))]


@WORKS.effect("suspend")
def _suspend(case: Works, doing: Doing) -> list[DomainEvent]:
    """A stop is reported within a month of its day; a later report is taken, and known as late."""
    case.suspended_on = doing.payload.suspended_on
    stopped = clock.start_of(case.suspended_on) if case.suspended_on else doing.at
    last = due(stopped, "works.suspension.report", region=case.region, provisional=True)
    if last.missed(doing.at):
        case.late_suspensions += 1
    return []


@WORKS.effect("resume")
@WORKS.effect("recheck")
def _go_on(case: Works, _doing: Doing) -> list[DomainEvent]:
    case.suspended_on = None
    return []


@WORKS.effect("notify_acceptance")
def _notify(case: Works, doing: Doing) -> list[DomainEvent]:
    case.acceptance_planned_on = doing.payload.planned_on
    case.acceptance_notified_at = doing.at
    return []


@WORKS.effect("report_completion")
def _report(case: Works, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump(mode="json").items():
        setattr(case, name, value)
    case.acceptance_round += 1
    return [WorksCompletionReported(case.pk, case.acceptance_number)]


@WORKS.effect("fail_acceptance")
def _fail(case: Works, _doing: Doing) -> list[DomainEvent]:
    return [WorksAcceptanceFailed(case.pk, case.acceptance_number)]


@WORKS.effect("accept")
def _accept(case: Works, doing: Doing) -> list[DomainEvent]:
    case.accepted_on = clock.legal_date(doing.at)
    # Of works that are accepted again the archive may be where it belongs already.
    if case.archived_on is None:
        case.archive_due_at = due(
            doing.at, "archive.hand_over", region=case.region, provisional=True
        ).at
    return [WorksAccepted(**_told(case, doing.at))]


@WORKS.effect("station_report")
def _station(case: Works, doing: Doing) -> list[DomainEvent]:
    case.station_reported_on = clock.legal_date(doing.at)
    case.station_conclusion = doing.payload.conclusion
    case.station_breach = doing.payload.breach
    case.report_sha256 = doing.payload.report_sha256
    return []


@WORKS.effect("take_back_acceptance")
def _take_back(case: Works, _doing: Doing) -> list[DomainEvent]:
    """Nothing of an acceptance that broke the rules holds: all that rested on it begins anew."""
    case.accepted_on = case.station_reported_on = case.archive_due_at = None
    case.station_conclusion = case.report_sha256 = ""
    case.station_breach = False
    case.acceptance_planned_on = case.acceptance_notified_at = None
    case.completion_papers = []
    return []


@WORKS.effect("note_party")
def _note_party(case: Works, doing: Doing) -> list[DomainEvent]:
    setattr(case, doing.payload.column, doing.payload.uscc)
    return []


@WORKS.effect("file")
def _filed(case: Works, doing: Doing) -> list[DomainEvent]:
    case.filing_id = doing.payload.filing_id
    return []


@WORKS.effect("hand_over_archive")
def _archive(case: Works, doing: Doing) -> list[DomainEvent]:
    case.archived_on = clock.legal_date(doing.at)
    case.archive_receipt = doing.payload.archive_receipt
    case.archive_due_at = None
    return []


@WORKS.effect("close")
def _close(case: Works, doing: Doing) -> list[DomainEvent]:
    return [WorksClosed(**_told(case, doing.at))]
