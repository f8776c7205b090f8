"""Whether what happened in a project stands in the order of the law: acts against precedences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Value

from kernel.regulation import gaps, precedences
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import Act, Case
from kernel.workflow.project_cases import project_columns, stays_of


def cases_of(project_number: str) -> Iterator[Case]:
    """Every case of a project: itself, all that carry its number, and those that did for a time.

    One query finds the machines that have cases of it; then one each fetches them. Pages, which
    only name the cases, take :func:`kernel.workflow.project_cases.outlines_of`.
    """
    columns = {code: (machines()[code], column) for code, column in project_columns().items()}
    asked = [
        rows.order_by().annotate(of=Value(code)).values_list("of", flat=True).distinct()
        for code, (machine, column) in columns.items()
        for rows in _rows(machine, column, project_number)
    ]
    found = set(asked[0].union(*asked[1:]))
    for code, (machine, column) in columns.items():
        if code in found:
            for rows in _rows(machine, column, project_number):
                yield from rows.order_by("pk")


def _rows(machine: Machine, column: str, project_number: str) -> Iterator[Any]:
    """A machine's cases of a project, as queries: those with it now, those that have left."""
    model: Any = machine.model
    yield model.objects.filter(**{column: project_number})
    if (stays := stays_of(machine.code)) is not None:
        yield stays.gone(model, column, project_number)


def log_of(project_number: str) -> list[precedences.Act]:
    """All acts of a project's cases in the order in which they were recorded.

    Of a case that has left, all until it did: what it brought along goes before what it did here.
    """
    rows: list[tuple[int, precedences.Act]] = []
    for case in cases_of(project_number):
        stays = stays_of(case.machine.code)
        over = stays.left(project_number) if stays and case.project_ref != project_number else {}
        told = _told(case.machine, case, project_number)
        rows += [(act.pk, one) for act, one in told if act.at <= over.get(case.pk, act.at)]
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
