"""A crane that lacks nothing, and short ways to bring it somewhere."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from credit.enterprises.machine import LICENCE
from equipment.leasing.machine import HIRE
from equipment.leasing.models import Hire
from equipment.registry.machine import MACHINE
from equipment.registry.models import LiftingMachine
from equipment.sites.models import MachineSite
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.identifiers import uscc
from kernel.workflow.firing import fire
from kernel.workflow.receipts import Receipt
from tests.conftest import member
from tests.credit.conduct.samples import later, settle
from tests.credit.enterprises.samples import document

__all__ = ["later", "settle"]
SITE = "2301022509010101-W01"
INSTALLER = uscc.demonstration("230110", 43)
_keys = itertools.count(1)


def people() -> dict[str, Actor]:
    """Everybody around a crane, with the installer's licences and a site that has its permit."""
    city = {"region": "230100", "authority": "city"}
    found = {
        "lessor": member("lessor", "lessor_clerk", region="230110", serial=42),
        "rival": member("rival", "lessor_clerk", region="230110", serial=52),
        "installer": member("installer", "installer_clerk", region="230110", serial=43),
        "unqualified": member("unqualified", "installer_clerk", region="230110", serial=53),
        "inspector": member("inspector", "inspector", region="230103", serial=44),
        "contractor": member("contractor", "contractor_clerk", serial=31),
        "stranger": member("stranger", "contractor_clerk", serial=32),
        "officer": member("officer", "equipment_officer", serial=46, **city),
        "credit": member("credit", "credit_officer", serial=3, **city),
        "operator": member("operator", "operator", serial=6),
    }
    qualified(found)
    MachineSite.objects.create(
        number=SITE,
        project_number="2301022509010101",
        name="示例住宅楼工程",
        region="230102",
        owner_uscc=uscc.demonstration("230102", 1),
        contractor_uscc=found["contractor"].uscc,
        supervision_uscc=uscc.demonstration("230103", 24),
    )
    return found


def qualified(found: dict[str, Actor], of: str = INSTALLER, serial: int = 43) -> None:
    """An installer with what it needs."""
    licence(
        found, "qualification", f"Q-{serial}", of,
        trade="lifting_installation", grade="second",
    )  # fmt: skip
    licence(found, "safety", f"(黑)JZ安许证字[2024]{serial:06d}", of)


def licence(
    found: dict[str, Actor], kind: str, number: str, of: str = INSTALLER, **more: Any
) -> None:
    payload = {
        "uscc": of,
        "name": "示例安装公司",
        "kind": kind,
        "number": number,
        "issuer": "示例厅",
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2027, 12, 31),
        "file_sha256": document(found["credit"]),
        **more,
    }
    fire(LICENCE.code, None, "record", actor=found["credit"], payload=payload, key=number)


def plate(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "tower_crane",
        "model": "QTZ80",
        "maker": "示例重工",
        "serial": f"示例-{next(_keys):03d}",
        "special_licence": "TS2410000-2027",
        "capacity_knm": 800,
        "manufactured_on": date(2022, 3, 1),
        "purchased_on": date(2022, 4, 1),
        "region": "230110",
        **changes,
    }


PAPERS = {
    "papers": [
        {"kind": kind, "number": f"示例{kind}"}
        for kind in (
            "licence", "manufacturing_licence", "conformity", "supervision_certificate", "purchase",
        )
    ]
}  # fmt: skip
OFFER = {"daily_rent_fen": 1_200_00, "address": "示例路 1 号", "free_from": date(2025, 9, 1)}
PLAN = {
    "plan_number": "方案-1",
    "signed_by": "示例甲",
    "reviewed_by_contractor": "示例乙",
    "reviewed_by_supervision": "示例丙",
    "planned_on": date(2025, 9, 10),
}
CHECK = {"passed": True, "technician": "示例丁", "report_number": "自检-1"}
TEST = {"passed": True, "report_number": "检-1", "next_due_on": date(2026, 9, 1)}
ACCEPT = {
    "number": "验-1",
    "lessor_signatory": "甲",
    "installer_signatory": "乙",
    "supervision_signatory": "丙",
}
CREW = {
    "operators": [
        {
            "name": "甲",
            "trade": "crane_driver",
            "certificate": "A1",
            "valid_to": date(2027, 1, 1),
        },
        {"name": "乙", "trade": "rigger", "certificate": "A2", "valid_to": date(2027, 1, 1)},
    ],
    "scheme_number": "维-1",
}


def act(one: Any, code: str, actor: Actor, payload: Any = None, machine: Any = MACHINE) -> Receipt:
    version = machine.model.objects.get(pk=one.pk).version if one is not None else None
    return fire(
        machine.code, one.pk if one is not None else None, code, actor=actor, payload=payload,
        key=f"e-{next(_keys)}", seen_version=version,
    )  # fmt: skip


def refused(
    one: Any, code: str, actor: Actor, payload: Any = None, machine: Any = MACHINE
) -> set[str]:
    """The codes for which an act is refused, without the machine's name."""
    with pytest.raises(Refused) as found:
        act(one, code, actor, payload, machine)
    return {reason.code.rpartition(".")[2] for reason in found.value.refusals}


def fresh(one: LiftingMachine) -> LiftingMachine:
    return LiftingMachine.objects.get(pk=one.pk)


def opened(found: dict[str, Actor], **changes: Any) -> LiftingMachine:
    receipt = act(None, "open", found["lessor"], plate(**changes))
    return LiftingMachine.objects.get(pk=receipt.case_pk)


def idle(found: dict[str, Actor], **changes: Any) -> LiftingMachine:
    one = opened(found, **changes)
    act(one, "apply", found["lessor"], PAPERS)
    act(one, "file", found["officer"])
    act(one, "offer", found["lessor"], OFFER)
    return fresh(one)


def asked(found: dict[str, Actor], one: LiftingMachine, **changes: Any) -> Hire:
    payload = {
        "machine_number": one.number,
        "site_number": SITE,
        "from_on": clock.today(),
        "to_on": clock.today() + timedelta(days=300),
        **changes,
    }
    receipt = act(None, "request", found["contractor"], payload, HIRE)
    return Hire.objects.get(pk=receipt.case_pk)


def rented(found: dict[str, Actor], **hire: Any) -> LiftingMachine:
    one = idle(found)
    act(asked(found, one, **hire), "agree", found["lessor"], {"contract_number": "租-1"}, HIRE)
    settle()
    act(one, "engage", found["contractor"], {"installer_uscc": INSTALLER})
    return fresh(one)


def installed(found: dict[str, Actor], **hire: Any) -> LiftingMachine:
    one = rented(found, **hire)
    act(one, "notify_installation", found["installer"], PLAN)
    later(found, 4)
    act(one, "install", found["installer"], CHECK)
    return fresh(one)


def in_use(found: dict[str, Actor]) -> LiftingMachine:
    one = installed(found)
    act(one, "test", found["inspector"], TEST)
    act(one, "accept", found["contractor"], ACCEPT)
    act(one, "register_use", found["officer"], CREW)
    act(one, "use", found["contractor"])
    return fresh(one)
