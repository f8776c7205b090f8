"""Writes of machines: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from datetime import date, timedelta

from equipment import citing
from equipment.registry import rules
from equipment.registry.machine import MACHINE
from equipment.registry.models import LiftingMachine, plate_key
from kernel import clock
from kernel.events.equipment import (
    InspectionLapsed,
    MachineFiled,
    MachineOffered,
    MachineReturned,
    MachineUseRegistered,
)
from kernel.events.registry import DomainEvent
from kernel.regulation.rules import add_months
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number


def _fill(case: LiftingMachine, doing: Doing, *names: str) -> None:
    for name in names:
        setattr(case, name, getattr(doing.payload, name))


def _told(case: LiftingMachine) -> tuple[int, str, str, str, str]:
    return (case.pk or 0, case.number, case.kind, case.model, case.owner_uscc)


@MACHINE.effect("open")
def _open(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    _fill(
        case, doing, "kind", "model", "maker", "serial", "special_licence", "capacity_knm",
        "manufactured_on", "purchased_on", "region", "address", "photo_sha256",
    )  # fmt: skip
    case.plate_key = plate_key(case.maker, case.serial)
    case.owner_uscc, case.owner_name = doing.actor.uscc, doing.actor.organisation_name
    years = rules.life_years(case.kind, case.capacity_knm, citing.values(doing.facts.today))
    case.life_ends_on = add_months(case.manufactured_on, 12 * years)
    case.life_over_at = clock.end_of(case.life_ends_on)
    return []


@MACHINE.effect("apply")
def _apply(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.papers = [paper.model_dump(mode="json") for paper in doing.payload.papers]
    return []


@MACHINE.effect("file")
def _file(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    """The number is the machine's for life."""
    year = clock.legal_date(doing.at).year
    series = f"machine:{case.region[:4]}:{year}"
    case.number = f"QZ{case.region[:4]}{year}{next_number(series):05d}"
    case.filed_at = doing.at
    return [MachineFiled(*_told(case), region=case.region)]


@MACHINE.effect("offer")
def _offer(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    _fill(case, doing, "daily_rent_fen", "address", "free_from")
    case.photo_sha256 = doing.payload.photo_sha256 or case.photo_sha256
    return [MachineOffered(*_told(case), daily_rent_fen=case.daily_rent_fen)]


@MACHINE.effect("rent")
def _rent(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    _fill(
        case, doing, "hire_id", "site_number", "project_number", "site_region", "contractor_uscc",
        "supervision_uscc",
    )  # fmt: skip
    case.hired_until = doing.payload.to_on
    return []


@MACHINE.effect("engage")
@MACHINE.effect("change_installer")
def _engage(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.installer_uscc = doing.payload.installer_uscc
    return []


@MACHINE.effect("recall_notice")
def _recall(case: LiftingMachine, _doing: Doing) -> list[DomainEvent]:
    case.installer_uscc = case.plan_number = ""
    case.notified_at = None
    return []


@MACHINE.effect("notify_installation")
def _notify(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.notified_at = doing.at
    case.plan_number = doing.payload.plan_number
    return []


@MACHINE.effect("test")
def _test(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.test_report = doing.payload.report_number
    case.inspection_ends_at = clock.end_of(doing.payload.next_due_on)
    case.blocked_by = ""
    return []


@MACHINE.effect("accept")
@MACHINE.effect("recheck")
def _accept(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.acceptance_number = doing.payload.number
    return []


@MACHINE.effect("register_use")
def _register_use(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    year = clock.legal_date(doing.at).year
    series = f"machine-use:{case.site_region[:4]}:{year}"
    case.use_number = f"SY{case.site_region[:4]}{year}{next_number(series):05d}"
    _take_operators(case, doing)
    return [
        MachineUseRegistered(
            *_told(case),
            site_number=case.site_number,
            use_number=case.use_number,
            contractor_uscc=case.contractor_uscc,
            inspected_until=_last_day(case),
        )
    ]


def _take_operators(case: LiftingMachine, doing: Doing) -> None:
    operators = doing.payload.operators
    case.operators = [one.model_dump(mode="json") for one in operators]
    until = rules.covered_until((one.trade, one.valid_to) for one in operators)
    case.operators_end_at = clock.end_of(until) if until is not None else None


@MACHINE.effect("change_operators")
def _change_operators(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    _take_operators(case, doing)
    return []


@MACHINE.effect("readmit")
def _readmit(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    _take_operators(case, doing)
    case.blocked_by = ""
    return []


@MACHINE.effect("lapse_operators")
def _lapse_operators(case: LiftingMachine, _doing: Doing) -> list[DomainEvent]:
    case.blocked_by = "operators"
    return []


@MACHINE.effect("block")
def _block(case: LiftingMachine, _doing: Doing) -> list[DomainEvent]:
    case.blocked_by = "order"
    return []


@MACHINE.effect("lapse_inspection")
def _lapse(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.blocked_by = "inspection"
    return [
        InspectionLapsed(
            *_told(case),
            site_number=case.site_number,
            contractor_uscc=case.contractor_uscc,
            project_number=case.project_number,
            lapsed_on=_last_day(case),
        )
    ]


@MACHINE.effect("return_idle")
def _return(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    told = MachineReturned(*_told(case), hire_id=case.hire_id or 0)
    case.hire_id = case.hired_until = case.notified_at = case.inspection_ends_at = None
    case.operators_end_at, case.blocked_by = None, ""
    # A life that ended on the site is over when the machine is back, not before.
    case.life_over_at = max(clock.end_of(case.life_ends_on), doing.at)
    for name in (
        "site_number", "project_number", "site_region", "contractor_uscc", "supervision_uscc",
        "installer_uscc", "plan_number", "test_report", "acceptance_number", "use_number",
    ):  # fmt: skip
        setattr(case, name, "")
    case.operators = []
    case.free_from = clock.legal_date(doing.at)
    return [told]


@MACHINE.effect("scrap")
@MACHINE.effect("fail_assessment")
def _scrap(case: LiftingMachine, _doing: Doing) -> list[DomainEvent]:
    case.scrapped = True
    return []


@MACHINE.effect("pass_assessment")
def _assessed(case: LiftingMachine, doing: Doing) -> list[DomainEvent]:
    case.life_ends_on = doing.payload.usable_until
    case.life_over_at = clock.end_of(case.life_ends_on)
    return []


def _last_day(case: LiftingMachine) -> date:
    assert case.inspection_ends_at is not None
    return clock.legal_date(case.inspection_ends_at - timedelta(seconds=1))
