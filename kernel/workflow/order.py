"""Whether what happened in a project stands in the order of the law: acts against precedences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kernel.regulation import gaps, precedences
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import Act, Case


def cases_of(project_number: str) -> Iterator[Case]:
    """Every case of a project: the project itself and all that carry its number."""
    for machine in machines().values():
        if machine.model is None:
            continue
        names = {f.name for f in machine.model._meta.concrete_fields}
        column = "project_number" if "project_number" in names else ""
        if not column and "number" in names and machine.code == "procurement.project":
            column = "number"
        if column:
            found: Any = machine.model.objects
            yield from found.filter(**{column: project_number}).order_by("pk")


def log_of(project_number: str) -> list[precedences.Act]:
    """All acts of a project's cases in the order in which they were recorded."""
    rows: list[tuple[int, precedences.Act]] = []
    for case in cases_of(project_number):
        rows += [(act.pk, told) for act, told in _told(case.machine, case, project_number)]
    return [act for _pk, act in sorted(rows, key=lambda row: row[0])]


def _told(machine: Machine, case: Case, project: str) -> Iterator[tuple[Act, precedences.Act]]:
    subject = {key: str(value) for key, value in case.rule_subject.items()}
    for act in Act.objects.filter(machine=machine.code, case_pk=case.pk).order_by("version"):
        yield (
            act,
            precedences.Act(
                name=machine.act_name(act.transition),
                case=case.case_ref,
                project=project,
                at=act.at,
                links=case.links,
                subject=subject,
                region=case.rule_region,
            ),
        )


def violations(project_number: str, at: datetime) -> list[precedences.Violation]:
    """What stands where it may not, by the precedences valid at a legal moment."""
    return gaps.violations(log_of(project_number), at)
