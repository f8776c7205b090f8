"""A registration that lacks nothing, and short ways to bring it somewhere."""

from __future__ import annotations

import itertools
from typing import Any

from kernel.access.actors import Actor
from kernel.identifiers import uscc
from kernel.workflow.firing import fire
from kernel.workflow.receipts import Receipt
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from procurement.projects.services import open_project

_codes = itertools.count(1)


def whole(**changes: Any) -> dict[str, Any]:
    """A whole form with a project code of its own; ``changes`` replace fields."""
    papers = ("project_approval", "land_use", "planning_permit", "funding_proof")
    return {
        "name": "示例小学新建工程",
        "project_code": f"2511-230102-04-01-{next(_codes):06d}",
        "region": "230102",
        "address": "示例街 1 号",
        "project_class": "01",
        "nature": "001",
        "approval_kind": "record",
        "total_investment_fen": 10_000_000_00,
        "floor_area_m2": 12_000,
        "planned_start_on": "2027-03-01",
        "planned_end_on": "2028-10-31",
        "manager_name": "示例甲",
        "manager_phone": "19900000001",
        "funding": [
            {"source": "private", "amount_fen": 4_000_000_00},
            {"source": "bank_loan", "amount_fen": 6_000_000_00},
        ],
        "papers": [
            {"kind": kind, "number": f"示例{n}号", "issued_on": "2025-09-01"}
            for n, kind in enumerate(papers, start=1)
        ],
        # Survey, design and supervision of ``building.people``.
        "parties": [
            {"role": role, "uscc": uscc.demonstration("230102", n), "name": f"示例单位{n}"}
            for role, n in (("survey_firm", 21), ("design_firm", 22), ("supervision_firm", 24))
        ],
        **changes,
    }


_keys = itertools.count(1)


def act(
    project: Project | int,
    transition: str,
    actor: Actor,
    payload: Any = None,
    *,
    key: str = "",
    seen: int | None = None,
) -> Receipt:
    """Do an act with a fresh key and the present version, unless told otherwise."""
    pk = project if isinstance(project, int) else project.pk
    version = Project.objects.get(pk=pk).version if seen is None else seen
    return fire(
        PROJECT.code,
        pk,
        transition,
        actor=actor,
        payload=payload,
        key=key or f"key-{next(_keys)}",
        seen_version=version,
    )


def opened(actor: Actor, **changes: Any) -> Project:
    """A draft."""
    receipt = open_project(actor=actor, payload=whole(**changes), key=f"key-{next(_keys)}")
    return Project.objects.get(pk=receipt.case_pk)


def submitted(actor: Actor, **changes: Any) -> Project:
    """A registration that waits for the authority."""
    project = opened(actor, **changes)
    act(project, "submit", actor)
    return Project.objects.get(pk=project.pk)


def registered(owner: Actor, officer: Actor, **changes: Any) -> Project:
    """A project on the public register."""
    project = submitted(owner, **changes)
    act(project, "accept", officer)
    return Project.objects.get(pk=project.pk)
