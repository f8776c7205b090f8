"""A signed contract, a permitted site, a crew; and short ways to bring a worker or payroll on."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from kernel import clock
from kernel.access.actors import Actor
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.procurement_works import WorksPermitted
from kernel.identifiers import resident_id, uscc
from kernel.parties.models import Person
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.firing import fire
from kernel.workflow.machines import machine
from labour.accounts.services import record_transfer
from tests.conftest import member

CONTRACT, SITE, OTHER = "HT-1", "P1-W01", "P2-W01"
CONTRACTOR = uscc.demonstration("230102", 31)
FIVE = 500_000_00
_keys = itertools.count(1)


def people() -> dict[str, Actor]:
    """A contractor's labour clerk, a bank, a crew of four, strangers, an inspector."""
    city = {"region": "230100", "authority": "city"}
    found = {
        "clerk": member("clerk", "labour_clerk", serial=31, username="roster-clerk"),
        "strange_clerk": member("strange_clerk", "labour_clerk", serial=32),
        "bank": member("bank", "bank_clerk", serial=41),
        "leader": member("leader", "crew_leader", serial=45),
        "strange_leader": member("strange_leader", "crew_leader", serial=46),
        "inspector": member("inspector", "wage_officer", serial=47, **city),
        "operator": member("mover", "operator", serial=6),
    }
    for number in range(1, 5):
        found[f"worker{number}"] = worker(f"worker{number}", date(1985, 3, number), number)
    return found


def worker(name: str, born: date, serial: int) -> Actor:
    """A worker of the crew with a sound identity number; odd serials are men."""
    found = member(name, "worker", serial=45)
    identify(found, resident_id.generate("230102", born, 100 + serial))
    return found


def identify(actor: Actor, number: str) -> None:
    Person.objects.filter(pk=actor.person_id).update(resident_id=number, phone="19900001234")


def last_four(actor: Actor) -> str:
    return Person.objects.get(pk=actor.person_id).resident_id[-4:]


def tell(*told: Any) -> None:
    """Events of cases that are not there: to labour, and not to who would look for the cases."""
    with transaction.atomic():
        events.publish(told, case="", at=clock.now())
    Delivery.objects.filter(state="pending").exclude(subscriber__startswith="labour.").delete()
    settle()


def signed(number: str = CONTRACT, project: str = "P1") -> None:
    """Procurement tells of a signed contract."""
    told = ContractSigned(
        contract_id=1, number=number, lot_id=1, project_number=project, works_name="示例楼",
        region="230102", owner_uscc=uscc.demonstration("230102", 1), contractor_uscc=CONTRACTOR,
        supervision_uscc="", price_fen=10**10, period_days=300, project_manager="示例",
        signed_on=clock.today(),
    )  # fmt: skip
    tell(told)


def permitted(site: str = SITE, contract: str = CONTRACT, project: str = "P1") -> None:
    """Procurement tells of works with a permit."""
    told = WorksPermitted(
        works_id=1, number=site, contract_number=contract, project_number=project, name="示例楼",
        region="230102", owner_uscc=uscc.demonstration("230102", 1), contractor_uscc=CONTRACTOR,
        supervision_uscc="", occurred_on=clock.today(), permit_number="X1",
    )  # fmt: skip
    tell(told)


def world() -> dict[str, Actor]:
    """People, a contract with its account and money, a site."""
    found = people()
    signed()
    open_account(found)
    permitted()
    record_transfer(CONTRACT, FIVE, "R-1", clock.now())
    return found


def act(code: str, pk: int | None, transition: str, actor: Actor, data: Any = None) -> Any:
    """Do an act as somebody who has just looked; the case as it is then."""
    model: Any = machine(code).model  # type: ignore[union-attr]
    version = model.objects.get(pk=pk).version if pk else None
    receipt = fire(
        code, pk, transition, actor=actor, payload=data, key=f"l-{next(_keys)}",
        seen_version=version,
    )  # fmt: skip
    return model.objects.get(pk=receipt.case_pk)


def account_payload(**changes: Any) -> dict[str, Any]:
    return {
        "contract_number": CONTRACT,
        "bank_uscc": uscc.demonstration("230102", 41),
        "account_number": "230100000000012345",
        "opened_on": clock.today(),
        "confirmation_number": "示例证 1 号",
        **changes,
    }


def open_account(who: dict[str, Actor], **changes: Any) -> Any:
    return act("labour.wage_account", None, "open", who["clerk"], account_payload(**changes))


def offer(who: dict[str, Actor], name: str, **changes: Any) -> dict[str, Any]:
    return {
        "site_number": SITE,
        "worker": who[name].person_id,
        "team": "钢筋一班",
        "trade": "mason",
        "wage_unit": "day",
        "rate_fen": 300_00,
        "contract_number": f"LD-{name}",
        "from_on": date(2025, 9, 1),
        "to_on": date(2026, 9, 1),
        **changes,
    }


def sign_payload(who: dict[str, Actor], name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id_last_four": last_four(who[name]),
        "bank_name": "示例银行",
        "card_number": f"62220000000{who[name].person_id:05d}",
        "consent": True,
        **changes,
    }


TRAINING = {"company_hours": 15, "project_hours": 15, "crew_hours": 20, "score": 85}
STEPS = ("sign", "real_name", "train", "admit", "work")


def brought(who: dict[str, Actor], name: str, until: str = "work", **terms: Any) -> Any:
    """A worker who was brought on until an act (``offer`` too)."""
    case = act("labour.worker", None, "offer", who["leader"], offer(who, name, **terms))
    if until == "offer":
        return case
    data = {
        "sign": sign_payload(who, name),
        "real_name": {"method": "card"},
        "train": TRAINING,
    }
    for step in STEPS[: STEPS.index(until) + 1]:
        if step == "work":
            later(who, 1)
            data["work"] = day_at(clock.today(), 8, 9)
        by = who[name] if step == "sign" else who["clerk"]
        case = act("labour.worker", case.pk, step, by, data.get(step))
    return case


def moment(day: date, hour: float) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)


def day_at(day: date, start: float = 7, end: float = 17, device: str = "GATE-1") -> dict[str, Any]:
    return {"in_at": moment(day, start), "out_at": moment(day, end), "device": device}


def attended(who: dict[str, Actor], case: Any, days: int) -> Any:
    """So many days at the gate, up to yesterday, in legal time that has passed."""
    records = [day_at(clock.today() - timedelta(days=n)) for n in range(days, 0, -1)]
    return act("labour.worker", case.pk, "attend", who["clerk"], {"records": records})


def line(case: Any, days: str = "10", **changes: Any) -> dict[str, Any]:
    return {"worker": case.pk, "days": days, **changes}


def listed(who: dict[str, Actor], *lines: dict[str, Any], **changes: Any) -> Any:
    payload = {
        "site_number": SITE, "month": "2025-09", "team": "钢筋一班", "lines": list(lines), **changes
    }  # fmt: skip
    return act("labour.payroll", None, "list", who["leader"], payload)


def crew_at_work(who: dict[str, Actor], *names: str, days: int = 10) -> list[Any]:
    """Workers who were at the gate for so many days, the first with ``work``."""
    cases = [brought(who, name) for name in names]
    later(who, days + 1)
    return [attended(who, case, days - 1) for case in cases]


def later(who: dict[str, Actor], days: int, hour: int = 18) -> None:
    """Until an hour of the day so many days from now, with what falls due and follows."""
    target = clock.start_of(clock.today() + timedelta(days=days)) + timedelta(hours=hour)
    sandbox.move_to(target, actor=who["operator"])
    run_due()
    settle()


def settle() -> None:
    while waiting := list(Delivery.objects.filter(state="pending").values_list("pk", flat=True)):
        for pk in waiting:
            assert events.deliver(pk), Delivery.objects.get(pk=pk).last_error
