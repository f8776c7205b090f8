"""The act page of any machine: fill in, read once more, do; and what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.errors import Conflict, NotFound, NotPermitted, Refusal, Refused
from kernel.web import overtaken, presets
from kernel.web.acting import actor_of
from kernel.web.case_pages import case_url
from kernel.web.cures import cures
from kernel.web.dues import MARKS, due_view
from kernel.web.fields import left_empty
from kernel.web.middleware import refused_page
from kernel.web.presenters import ActForm, Presenter, presenter_of
from kernel.web.refusals import in_words, onto_form
from kernel.web.viewmodels import (
    ActPage,
    ConfirmPage,
    RefusalView,
    RefusedPage,
    StalePage,
)
from kernel.web.words import cited
from kernel.workflow import judge, selectors, throttle
from kernel.workflow.firing import fire
from kernel.workflow.machines import Machine, Transition
from kernel.workflow.machines import machine as find_machine
from kernel.workflow.models import Case


@dataclass(frozen=True)
class _Desk:
    """What one act page works with."""

    request: HttpRequest
    machine: Machine
    transition: Transition
    case: Case | None
    actor: Actor
    now: datetime

    @property
    def shown(self) -> Presenter:
        return presenter_of(self.machine)

    @property
    def url(self) -> str:
        return self.request.path

    @property
    def entered(self) -> Mapping[str, Any] | None:
        return self.request.POST if self.request.method == "POST" else None

    @property
    def permitted(self) -> bool:
        """Whether the actor may do this; nobody else's files are even stored."""
        subject: Any = self.case or self.machine.model()  # type: ignore[misc]
        return judge.permitted(self.machine, self.transition, subject, self.actor)

    def form(self, bound: bool = True) -> ActForm:
        return self.shown.act_form(
            self.transition,
            self.case,
            self.actor,
            self.now,
            self.entered if bound else None,
            self.request.FILES if bound and self.entered is not None and self.permitted else None,
        )

    def naming(self) -> dict[str, Any]:
        """How the case is named on top of the page."""
        if self.case is None:
            return {}
        return {
            "reference": self.shown.reference(self.case),
            "case_title": self.shown.title(self.case),
            "case_url": case_url(self.case),
        }

    def carried(self, form: ActForm | None = None) -> tuple[tuple[str, str], ...]:
        """Hidden values: the key, the version looked at, and (on the summary) all entries."""
        post = self.request.POST
        version = self.case.version if self.case else ""
        pairs = [
            ("key", post.get("key") or uuid.uuid4().hex),
            ("seen", post.get("seen") or str(version)),
        ]
        if form is not None:
            pairs += list(_entries(form))
        return tuple(pairs)


def open_case(request: HttpRequest, machine: str) -> HttpResponse:
    """The act page that opens a case."""
    found = find_machine(machine)
    opening = found.opening if found else None
    return _serve(request, machine, None, opening.code if opening else "open")


def act(request: HttpRequest, machine: str, pk: int, transition: str) -> HttpResponse:
    """The act page of a transition."""
    return _serve(request, machine, pk, transition)


def _serve(request: HttpRequest, machine: str, pk: int | None, code: str) -> HttpResponse:
    found = find_machine(machine)
    transition = found.transition(code) if found else None
    case = selectors.get_case(machine, pk) if pk is not None else None
    misplaced = pk is not None and (case is None or (transition is not None and transition.opens))
    if found is None or transition is None or transition.automatic or misplaced:
        raise NotFound.because("workflow.act.unknown", machine=machine, act=code)
    desk = _Desk(request, found, transition, case, actor_of(request), clock.now())
    step = request.POST.get("step") if request.method == "POST" else ""
    if step == "do":
        return _do(desk)  # fire() asks for permission itself, and logs who had none
    if not desk.permitted:
        raise NotPermitted.because(
            "access.act.not_permitted", act=found.act_name(code), role=desk.actor.role
        )
    return _review(desk) if step == "review" else _show(desk)


def _show(desk: _Desk) -> HttpResponse:
    """The empty or pre-filled page; an act without a form begins with its summary."""
    reasons = _standing_refusals(desk)
    form = desk.form(bound=desk.entered is not None)
    if desk.case is None and desk.entered is None:
        known = desk.request.GET.dict()
        form = desk.shown.opening_form(desk.transition, desk.actor, desk.now, known)
        presets.apply(form, known)
    if reasons:
        return _refused(desk, Refused(reasons))
    if not form.groups:
        return _confirm(desk, form)
    return _form_page(desk, form)


def _standing_refusals(desk: _Desk) -> list[Refusal]:
    """Reasons that hold before anything is entered."""
    if desk.case is None:
        return []
    facts = judge.load_facts(desk.machine, desk.case, desk.now, actor=desk.actor)
    asked = desk.machine, desk.transition, desk.case
    leaves = judge.has_to_leave(*asked, desk.actor, desk.now)
    return [*judge.refusals(*asked, facts, None), *leaves]


def _form_page(
    desk: _Desk, form: ActForm, refusals: tuple[RefusalView, ...] = (), status: int = 200
) -> HttpResponse:
    t = desk.transition
    clocks = selectors.deadlines_of(desk.case) if desk.case else []
    own = TABLE.addressed_as(desk.actor.role)
    running = next((d for d in clocks if d.ended_at is None and d.role in own), None)
    page = ActPage(
        title=str(t.label),
        effect=str(t.effect),
        form=form.form,
        groups=form.groups,
        url=desk.url,
        submit=str(t.button or t.label),
        article=cited(t.article),
        mark=MARKS.get(t.source, ""),
        due=due_view(running, desk.now) if running else None,
        refusals=refusals,
        hidden=desk.carried(),
        draft_key=f"{desk.actor.person_id}:{desk.url}",
        review=form.review,
        **desk.naming(),
    )
    return render(desk.request, "kernel/web/act.html", {"page": page}, status=status)


def _review(desk: _Desk) -> HttpResponse:
    form = desk.form()
    if not form.form.is_valid():
        return _form_page(desk, form, status=422)
    if reasons := _foreseen_refusals(desk, form):
        return _form_page(desk, form, _onto(desk, form, reasons), status=422)
    return _confirm(desk, form)


def _onto(desk: _Desk, form: ActForm, reasons: Iterable[Refusal]) -> tuple[RefusalView, ...]:
    return onto_form(form.form, reasons, desk.shown.place_in_words)


def _foreseen_refusals(desk: _Desk, form: ActForm) -> tuple[Refusal, ...] | list[Refusal]:
    """Reasons that fire() would give; nobody reads a summary of what cannot be done."""
    try:
        payload = judge.parse_payload(desk.transition, form.payload())
    except Refused as refused:
        return [*refused.refusals, *left_empty(form.form, refused.refusals)]
    case: Any = desk.case or desk.machine.model()  # type: ignore[misc]
    facts = judge.load_facts(desk.machine, case, desk.now, payload, desk.actor)
    return judge.refusals(desk.machine, desk.transition, case, facts, payload)


def _confirm(desk: _Desk, form: ActForm) -> HttpResponse:
    t = desk.transition
    page = ConfirmPage(
        title=str(t.label),
        effect=str(t.effect),
        groups=desk.shown.summary(t, desk.case, form, desk.now),
        url=desk.url,
        submit=str(t.button or t.label),
        article=cited(t.article),
        mark=MARKS.get(t.source, ""),
        statement=_("本人以 %(organisation)s（%(role)s）的身份办理，以上内容经核对无误。")
        % {
            "organisation": desk.actor.organisation_name,
            "role": TABLE.role_label(desk.actor.role),
        },
        hidden=desk.carried(form if form.groups else None),
        editable=bool(form.groups),
        grave=t.grave,
        **desk.naming(),
    )
    return render(desk.request, "kernel/web/act_confirm.html", {"page": page})


def _entries(form: ActForm) -> Iterator[tuple[str, str]]:
    """What was entered, to be carried through the summary."""
    for bound in form.form:
        value = bound.value()
        if value is None or hasattr(value, "read"):
            continue
        for item in value if isinstance(value, list | tuple) else [value]:
            yield bound.html_name, str(item)


def _do(desk: _Desk) -> HttpResponse:
    form = desk.form()
    if form.groups and not form.form.is_valid():
        return _form_page(desk, form, status=422)
    try:
        with throttle.refusals(desk.actor):
            receipt = fire(
                desk.machine.code,
                desk.case.pk if desk.case else None,
                desk.transition.code,
                actor=desk.actor,
                payload=form.payload() if form.groups else None,
                key=desk.request.POST.get("key", ""),
                seen_version=_number(desk.request.POST.get("seen", "")),
            )
    except Conflict as conflict:
        return _stale(desk, conflict)
    except Refused as refused:
        if form.groups and form.form.is_bound and not isinstance(refused, NotPermitted):
            rest = _onto(desk, form, refused.refusals)
            return _form_page(desk, form, rest, status=refused.status)
        return _refused(desk, refused)
    return redirect("web:receipt", receipt.machine, receipt.case_pk, receipt.version)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _refused(desk: _Desk, refused: Refused) -> HttpResponse:
    cured = cures(desk.case, desk.actor, but=desk.transition.code) if desk.case else None
    page = RefusedPage(
        act=str(desk.transition.label),
        refusals=in_words(refused.refusals, cured),
        at=desk.now,
        **desk.naming(),
    )
    return refused_page(desk.request, refused, page)


def _stale(desk: _Desk, conflict: Conflict) -> HttpResponse:
    """Somebody was first: what they did, and where to go on."""
    reason = conflict.refusals[0]
    changes = reason.facts.get("changes")
    if changes is None:
        return _refused(desk, conflict)
    page = StalePage(
        act=str(desk.transition.label),
        changes=tuple(overtaken.changes(desk.machine, desk.shown, desk.case, desk.now, changes)),
        again_url=desk.url,
        **desk.naming(),
    )
    return render(desk.request, "kernel/web/stale.html", {"page": page}, status=409)
