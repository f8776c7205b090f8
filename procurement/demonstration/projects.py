"""The first projects of the demonstration province, each brought where it stands by real acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kernel.access.actors import Actor
from kernel.identifiers import uscc
from kernel.workflow.firing import fire
from procurement.projects.machine import PROJECT
from procurement.projects.services import open_project

# Not those of the play's own projects (life.FIRST, life.SECOND): nobody tells two of a name apart.
_NAMES = (
    ("松江示范人才公寓工程", "230102", "01", 1_860_000_000_00, 128_500),
    ("道里区第三示范小学扩建工程", "230102", "01", 926_500_000_00, 141_200),
    ("群力示范污水处理厂扩建工程", "230102", "02", 742_300_000_00, 0),
    ("南岗示范社区卫生服务中心", "230103", "01", 58_640_000_00, 8_600),
    ("阿城示范粮食仓储物流园", "230112", "01", 211_900_000_00, 36_800),
    ("香坊示范路综合管廊工程", "230110", "02", 486_000_000_00, 0),
)


# As ``people`` has them: (role on record, serial of the credit code, name).
_PARTIES = (
    ("survey_firm", 21, "黑龙江示范勘察院有限公司"),
    ("design_firm", 22, "哈尔滨示范建筑设计研究院有限公司"),
    ("supervision_firm", 24, "哈尔滨方正示范工程监理有限公司"),
)


def payload(index: int) -> dict[str, Any]:
    """A whole registration form of an invented project."""
    name, region, kind, total_fen, area = _NAMES[index % len(_NAMES)]
    own = total_fen * 3 // 10
    day = date(2026, 3, 2)
    return {
        "name": name,
        "project_code": f"2507-{region}-04-01-{100_000 + index:06d}",
        "region": region,
        "address": f"示范大街 {index + 1} 号",
        "project_class": kind,
        "nature": "001",
        "approval_kind": "record",
        "total_investment_fen": total_fen,
        "floor_area_m2": area,
        "planned_start_on": day,
        "planned_end_on": date(2028, 6, 30),
        "summary": "演示数据：建设内容、规模和金额均为虚构。",
        "manager_name": "演示·程砚秋",
        "manager_phone": "19900000000",
        "funding": [
            {"source": "private", "amount_fen": own},
            {"source": "bank_loan", "amount_fen": total_fen - own},
        ],
        "papers": [
            {"kind": kind_, "number": f"演示{label}〔2025〕{index + 1} 号", "issued_on": issued}
            for kind_, label, issued in (
                ("project_approval", "备案", date(2025, 5, 9)),
                ("land_use", "地字", date(2025, 6, 20)),
                ("planning_permit", "规字", date(2025, 7, 15)),
                ("funding_proof", "资证", date(2025, 8, 11)),
            )
        ],
        "parties": [
            {
                "role": role,
                "uscc": uscc.demonstration("230103", serial),
                "name": name_,
            }
            for role, serial, name_ in _PARTIES
        ],
    }


def play(actors: Mapping[str, Actor]) -> None:
    """Leave one project in every state that a desk shows, one of them registered."""
    owner, officer = actors["owner1"], actors["officer1"]
    ends = ("accept", "accept", "submit", "return", "draft", "submit")
    for index, end in enumerate(ends):
        form = payload(index)
        opened = open_project(actor=owner, payload=form, key=f"demo-{index}")
        if end == "draft":
            continue
        _act(opened.case_pk, "submit", owner, 1, {})
        if end == "accept":
            _act(opened.case_pk, "accept", officer, 2, {})
        elif end == "return":
            reason = "规划许可证的建设规模与报建规模不一致，请核对后重新递交（演示）。"
            _act(opened.case_pk, "return", officer, 2, {"reason": reason})


def _act(pk: int, transition: str, actor: Actor, seen: int, payload: Mapping[str, Any]) -> None:
    fire(
        PROJECT.code,
        pk,
        transition,
        actor=actor,
        payload=payload,
        key=f"demo-{transition}",
        seen_version=seen,
    )
