"""The receipt of an act: what was done, its number and hash, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import PLATFORM_ROLE, Actor
from kernel.access.table import TABLE
from kernel.errors import NotFound
from kernel.web.acting import actor_of, moment
from kernel.web.ahead import ended_by
from kernel.web.case_pages import act_url, case_url, links_of, log_url
from kernel.web.dues import clock_label, due_view, leading
from kernel.web.presenters import presenter_of
from kernel.web.viewmodels import Link
from kernel.web.viewmodels import Receipt as ReceiptPage
from kernel.workflow import judge, own_next, selectors
from kernel.workflow.models import Act, Case, Deadline
from kernel.workflow.receipts import Receipt


def receipt(request: HttpRequest, machine: str, pk: int, version: int) -> HttpResponse:
    """What was done, when, under which number and hash, and what happens next.

    Found by the case and its version, never by the act's own key: keys of acts follow one another,
    and whoever saw two of them would know how many acts everybody did between, sealed bids too.
    """
    row = _act(machine, pk, version)
    case = selectors.get_case(machine, pk) if row else None
    actor = actor_of(request)
    if row is None or case is None or not _may_see(row, case, actor):
        raise NotFound.because("workflow.case.unknown", machine=machine, pk=pk)
    shown, now = presenter_of(case.machine), moment(request)
    done = Receipt.of(row)
    running = (d for d in selectors.deadlines_of(case) if d.ended_at is None)
    clocks = leading(case.machine, running)
    transition = case.machine.transition(row.transition)
    page = ReceiptPage(
        done=str((transition.done or transition.label) if transition else row.transition),
        number=f"{case.machine.code}-{case.pk}-{done.version}",
        at=done.at,
        digest=done.leaf,
        log_index=done.log_index or 0,
        log_url=log_url(done.log_index),
        reference=shown.reference(case),
        case_title=shown.title(case),
        case_url=case_url(case),
        documents=links_of(case, actor),
        due=due_view(clocks[0], now) if clocks else None,
        next=tuple(_next(case, clocks[0] if clocks else None)),
        acts=tuple(
            Link(str(act.label), act_url(case, act.code))
            for act in own_next.acts(case, actor, now, row)
        ),
        draft_key=_draft_key(request, case, row),
    )
    return render(request, "kernel/web/receipt.html", {"page": page})


def _act(machine: str, pk: int, version: int) -> Act | None:
    if pk >= 2**63 or version >= 2**31:
        return None
    return Act.objects.filter(machine=machine, case_pk=pk, version=version).first()


def _may_see(row: Act, case: Case, actor: Actor) -> bool:
    """Whose acts are hidden from a reader of the case, their receipts are, too."""
    if not judge.readable(case.machine, case, actor):
        return False
    return row.role not in presenter_of(case.machine).hidden_roles(case, actor)


def _draft_key(request: HttpRequest, case: Case, row: Act) -> str:
    transition = case.machine.transition(row.transition)
    if transition is not None and transition.opens:
        url = reverse("web:act-open", args=[case.machine.code])
    else:
        url = reverse("web:act", args=[case.machine.code, case.pk, row.transition])
    return f"{actor_of(request).person_id}:{url}"


def _next(case: Case, clock_: Deadline | None) -> Iterator[str]:
    state = case.machine.state(case.state)
    yield _("本业务现为“%(state)s”。") % {"state": state.label}
    if clock_ is None:
        return
    if clock_.role != PLATFORM_ROLE:
        yield _("下一步由%(role)s办理。") % {"role": TABLE.role_label(clock_.role)}
        return
    # A term that runs out by itself: nobody has to act, so nobody is named.
    said = {"clock": clock_label(case.machine, clock_), "ends": ended_by(case.machine, clock_)}
    yield _("%(clock)s：%(ends)s。") % said
