"""The life of a project: every case of it on one time line, and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access.table import TABLE
from kernel.errors import NotFound, NotPermitted, Refused
from kernel.web import ahead, spoken
from kernel.web import render as render_parts
from kernel.web.acting import actor_of, moment
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import due_view
from kernel.web.markup import escape, format_html
from kernel.web.presenters import presenter_of
from kernel.web.viewmodels import DueView
from kernel.web.words import listed, sentences
from kernel.workflow import attempts, judge, selectors
from kernel.workflow.machines import machines
from kernel.workflow.models import Case, Deadline
from kernel.workflow.project_cases import acts_in, clocks_in, outlines_of
from procurement.projects.life_papers import issued_in
from procurement.projects.life_steps import Asked, CaseLine, Step, months
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project

Lines = dict[str, CaseLine]
"""The cases of the page by their ``case_ref``."""
NAMED = 5
"""Cases that wait for the same act are named up to so many."""
TIME_LINE = "timeline-title"
"""Where on the page stands what happened."""
Hidden = dict[str, frozenset[str]]
"""Roles that the reader may not see at work, by the case's ``case_ref``."""


@dataclass(frozen=True)
class Next:
    """Something that falls due: who has to do what on which case, when, and what ends it."""

    case: CaseLine
    what: str
    role: str
    due: DueView
    ends: str


@dataclass(frozen=True)
class Open:
    """Something that cases wait for and no clock times. more: how many cases are not named."""

    what: str
    roles: str
    kind: str
    cases: tuple[CaseLine, ...]
    more: int


def life(request: HttpRequest, number: str) -> HttpResponse:
    """All that happened to a project and what comes next, of the cases that the reader may read.

    Whoever may read none of them sees no life; whoever may read some of them and not the project
    itself, such as its contractor, sees those, and of the project what its register says.
    """
    actor, now = actor_of(request), moment(request)
    found = selectors.readable_among(
        outlines_of(number, lambda kind: selectors.reads_some(kind, actor)), actor
    )
    own = next((case for case in found if case.machine is PROJECT), None)
    project = own or (Project.objects.filter(number=number).first() if found else None)
    if project is None:
        raise _not_shown(number)
    public = reverse("procurement:project-public", args=[number])
    cases = sorted(found, key=lambda case: case.opened_at)
    lines = lines_of(cases)
    hidden = {case.case_ref: presenter_of(case.machine).hidden_roles(case, actor) for case in cases}
    done = [*_acts(number, lines, hidden), *_issued(number, lines, hidden)]
    asked = Asked.of(request.GET.dict())
    shown = [step for step in done if asked.shows(step.case)]
    clocks = clocks_in(number, {case.machine.code for case in cases})
    timed = {(f"{row.machine}:{row.case_pk}", row.role) for row in clocks}
    context = {
        "project": project,
        "state": chip(PROJECT, project.state),
        "refused": reverse("web:refused") if attempts.overseen(actor) else "",
        "back": reverse("web:case", args=[PROJECT.code, project.pk]) if own else public,
        "rows": _rows(lines.values(), done),
        "cases": len(lines),
        "happened": len(shown),
        "months": months(shown, asked.whole),
        "asked": asked,
        "filters": asked.filters(lines.values()),
        "next": sorted(_due(clocks, lines, cases, now), key=lambda n: n.due.at),
        "open": tuple(open_acts(_still_here(cases, number), lines, timed)),
    }
    return render(request, "procurement/projects/life.html", context)


def _still_here(cases: Iterable[Case], number: str) -> Iterator[Case]:
    """Without those that left: what they wait for is no part of this project."""
    return (case for case in cases if case.project_ref == number)


def _not_shown(number: str) -> Refused:
    """Why somebody sees no life of a project: there is none, or it is not theirs to read."""
    project = Project.objects.filter(number=number).first()
    if project is None:
        return NotFound.because("workflow.case.unknown", number=number)
    return NotPermitted.because("access.page.not_permitted", page=f"{PROJECT.code}:{project.pk}")


def lines_of(cases: Iterable[Case]) -> Lines:
    """The cases by their ``case_ref``; a state that many are in is written once."""
    chips: dict[tuple[str, str], SafeString] = {}
    found = {}
    for case in cases:
        machine, at = case.machine, (case.machine.code, case.state)
        if at not in chips:
            chips[at] = render_parts.chip(chip(machine, case.state))
        found[case.case_ref] = _line(case, spoken.kind(machine), chips[at])
    return found


def _line(case: Case, kind: str, state: SafeString) -> CaseLine:
    reference, url = presenter_of(case.machine).reference(case), case_url(case)
    said = render_parts.named(reference)
    link = format_html('<p class="zx-step-note"><a href="{}">{} {}</a></p>', url, kind, said)
    row = format_html('<dt>{}</dt><dd><a href="{}">{}</a> {}', kind, url, said, state)
    return CaseLine(case.case_ref, kind, reference, url, link, row)


def _rows(cases: Iterable[CaseLine], done: Iterable[Step]) -> SafeString:
    """The cases, each with how much happened to it and the way to that alone."""
    counted = Counter(step.case.ref for step in done)
    rows = []
    for case in cases:
        happened = ngettext("%(n)d 步", "%(n)d 步", counted[case.ref]) % {"n": counted[case.ref]}
        way = f' <a href="{Asked(case=case.ref).url()}#{TIME_LINE}">{happened}</a>'
        rows.append(f"<div>{case.row}{way if counted[case.ref] else ''}</dd></div>\n")
    return SafeString("".join(rows))


def _kinds(lines: Lines) -> set[str]:
    """The machines of these cases."""
    return {ref.partition(":")[0] for ref in lines}


def _acts(number: str, lines: Lines, hidden: Hidden) -> Iterator[Step]:
    labels, roles, platform = _Labels(), _Roles(), _("平台")
    rows = acts_in(number, _kinds(lines))
    for at, _pk, machine, pk, code, index, role, person, organisation in rows:
        ref = f"{machine}:{pk}"
        # Of a case that is not this reader's, nothing is told.
        if role in hidden.get(ref, (role,)):
            continue
        said = roles[role] if person else ""
        who, whose = person or "", organisation or platform
        yield Step(at, labels[machine, code], lines[ref], who, whose, said, None, index)


class _Roles(dict[str, str]):
    """Roles in words; asked once each."""

    def __missing__(self, code: str) -> str:
        self[code] = spoken.role(code)
        return self[code]


class _Labels(dict[tuple[str, str], SafeString]):
    """What an act that was done is called, by its machine and transition; asked once each."""

    def __missing__(self, key: tuple[str, str]) -> SafeString:
        kind, code = key
        self[key] = escape(spoken.act(machines()[kind], code).done)
        return self[key]


def _issued(number: str, lines: Lines, hidden: Hidden) -> Iterable[Step]:
    for paper in issued_in(number, _kinds(lines)):
        # Of a case that is not this reader's, nothing is told; nor who may not be known.
        if paper.case_ref in lines and hidden[paper.case_ref].isdisjoint(paper.roles):
            yield Step(
                paper.at,
                escape(_("签发“%(title)s”") % {"title": paper.title}),
                lines[paper.case_ref],
                who=sentences(paper.link.signers),
                document=paper.link,
            )


def open_acts(cases: Iterable[Case], lines: Lines, timed: set[tuple[str, str]]) -> Iterator[Open]:
    """What cases wait for without a date, those that wait for the same together, in their order.

    timed: (``case_ref``, role) of the clocks that run; an act of that role is told with its date.
    """
    waiting: dict[tuple[str, str], list[CaseLine]] = {}
    for case in cases:
        ref, code = case.case_ref, case.machine.code
        for act in judge.awaited(code, case.state):
            if not any((ref, role) in timed for role in _who_may(code, act.code)):
                waiting.setdefault((code, act.code), []).append(lines[ref])
    for (code, act_code), found in waiting.items():
        yield Open(
            spoken.act(machines()[code], act_code).label,
            listed(map(spoken.role, _who_may(code, act_code))),
            found[0].kind,
            tuple(found[:NAMED]),
            max(0, len(found) - NAMED),
        )


def _who_may(machine: str, act: str) -> tuple[str, ...]:
    """The roles that do an act, each once, in the order of the table."""
    allowed = TABLE.acts.get(machines()[machine].act_name(act), ())
    return tuple(dict.fromkeys(row.role for row in allowed))


def _due(
    clocks: Iterable[Deadline], lines: Lines, cases: Sequence[Case], now: datetime
) -> Iterator[Next]:
    labels = {
        (case.machine.code, rule.state, rule.period_key): rule.label
        for case in cases
        for rule in case.machine.deadlines
    }
    for row in clocks:
        line = lines.get(f"{row.machine}:{row.case_pk}")
        if line is None:
            continue
        yield Next(
            line,
            str(labels.get((row.machine, row.state, row.period_key), "")),
            spoken.role(row.role),
            due_view(row, now),
            ahead.ended_by(machines()[row.machine], row),
        )
