"""Whether what happened in a project stands in the order of the law: acts against precedences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Value

from kernel.regulation import gaps, precedences
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import Act, Case
from kernel.workflow.project_cases import project_columns


def cases_of(project_number: str) -> Iterator[Case]:
    """Every case of a project: the project itself and all that carry its number.

    One query finds the machines that have cases of it; then one each fetches them. Pages, which
    only name the cases, take :func:`kernel.workflow.project_cases.outlines_of`.
    """
    columns = {code: (machines()[code], column) for code, column in project_columns().items()}
    asked = [
        _rows(machine, column, project_number)
        .order_by()
        .annotate(of=Value(code))
        .values_list("of", flat=True)
        .distinct()
        for code, (machine, column) in columns.items()
    ]
    found = set(asked[0].union(*asked[1:]))
    for code, (machine, column) in columns.items():
        if code in found:
            yield from _rows(machine, column, project_number).order_by("pk")


def _rows(machine: Machine, column: str, project_number: str) -> Any:
    """A machine's cases of a project, as a query."""
    model: Any = machine.model
    return model.objects.filter(**{column: project_number})


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
