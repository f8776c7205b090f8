"""The life of a project: every case of it on one time line, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.documents.models import Document
from kernel.errors import NotFound
from kernel.web.acting import actor_of
from kernel.web.case_pages import case_url, chip, document_links, log_url
from kernel.web.dues import due_view
from kernel.web.presenters import presenter_of
from kernel.web.viewmodels import DocumentLink, DueView, StateChip
from kernel.web.views.cases import readable_case
from kernel.web.words import sentences
from kernel.workflow import judge
from kernel.workflow.models import Act, Case, Deadline
from kernel.workflow.order import cases_of
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project


@dataclass(frozen=True)
class CaseLine:
    """A case of the project: what it is, where it stands, its page."""

    kind: str
    reference: str
    title: str
    state: StateChip
    url: str


@dataclass(frozen=True)
class Step:
    """Something that happened: what, when, who, on which case; or a document that was issued."""

    at: datetime
    label: str
    case: CaseLine
    who: str = ""
    organisation: str = ""
    role: str = ""
    document: DocumentLink | None = None
    log_index: int | None = None
    log_url: str = ""


@dataclass(frozen=True)
class Next:
    """Something that falls due: who has to do what on which case, and when."""

    case: CaseLine
    what: str
    role: str
    due: DueView


def life(request: HttpRequest, number: str) -> HttpResponse:
    """All that happened to a project and what comes next, of the cases that the reader may read."""
    project = Project.objects.filter(number=number).exclude(number="").first()
    if project is None:
        raise NotFound.because("workflow.case.unknown", number=number)
    readable_case(request, PROJECT.code, project.pk)
    actor, now = actor_of(request), clock.now()
    cases = sorted(
        (case for case in cases_of(number) if _readable(case, actor)), key=lambda c: c.opened_at
    )
    lines = {case.case_ref: _line(case) for case in cases}
    context = {
        "project": project,
        "state": chip(PROJECT, project.state),
        "back": reverse("web:case", args=[PROJECT.code, project.pk]),
        "cases": [lines[case.case_ref] for case in cases],
        "steps": sorted([*_acts(cases, lines), *_issued(cases, lines)], key=lambda s: s.at),
        "next": sorted(_due(cases, lines, now), key=lambda n: n.due.at),
    }
    return render(request, "procurement/projects/life.html", context)


def _readable(case: Case, actor: Actor) -> bool:
    return judge.readable(case.machine, case, actor)


def _line(case: Case) -> CaseLine:
    shown = presenter_of(case.machine)
    return CaseLine(
        str(case.machine.label),
        shown.reference(case),
        shown.title(case),
        chip(case.machine, case.state),
        case_url(case),
    )


def _of(cases: Sequence[Case], machine: str, key: str, text: bool = False) -> Q:
    """Rows of any table about these cases: one query for all machines."""
    found: dict[str, list[Any]] = {}
    for case in cases:
        found.setdefault(case.machine.code, []).append(str(case.pk) if text else case.pk)
    wanted = Q(pk__in=[])
    for code, keys in found.items():
        wanted |= Q(**{machine: code, f"{key}__in": keys})
    return wanted


def _acts(cases: Sequence[Case], lines: dict[str, CaseLine]) -> Iterator[Step]:
    by_ref = {case.case_ref: case.machine for case in cases}
    rows = Act.objects.filter(_of(cases, "machine", "case_pk"))
    for act in rows.select_related("person", "organisation").order_by("at", "pk"):
        ref = f"{act.machine}:{act.case_pk}"
        transition = by_ref[ref].transition(act.transition)
        yield Step(
            act.at,
            str((transition.done or transition.label) if transition else act.transition),
            lines[ref],
            who=act.person.name if act.person else "",
            organisation=act.organisation.name if act.organisation else _("平台"),
            role=TABLE.role_label(act.role) if act.person else "",
            log_index=act.log_index,
            log_url=log_url(act.log_index),
        )


def _issued(cases: Sequence[Case], lines: dict[str, CaseLine]) -> Iterable[Step]:
    rows = list(
        Document.objects.filter(
            _of(cases, "case_machine", "case_pk", text=True), issued_at__isnull=False
        )
        .select_related("signed_file", "draft_file", "issuer")
        .prefetch_related("signatures__organisation", "signatures__person")
        .order_by("issued_at", "pk")
    )
    for row, link in zip(rows, document_links(rows), strict=True):
        assert row.issued_at is not None
        yield Step(
            row.issued_at,
            _("签发“%(title)s”") % {"title": row.title},
            lines[f"{row.case_machine}:{row.case_pk}"],
            who=sentences(link.signers),
            document=link,
        )


def _due(cases: Sequence[Case], lines: dict[str, CaseLine], now: datetime) -> Iterator[Next]:
    labels = {
        (case.machine.code, rule.state, rule.period_key): rule.label
        for case in cases
        for rule in case.machine.deadlines
    }
    rows = Deadline.objects.filter(_of(cases, "machine", "case_pk"), ended_at__isnull=True)
    for row in rows:
        yield Next(
            lines[f"{row.machine}:{row.case_pk}"],
            str(labels.get((row.machine, row.state, row.period_key), "")),
            TABLE.role_label(row.role),
            due_view(row, now),
        )
