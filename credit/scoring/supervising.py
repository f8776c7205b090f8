"""The supervisor's desk: what waits, how grades spread, what another scheme would change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from credit import citing
from credit.conduct import awaiting
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.enterprises.corrections import awaiting as names
from credit.enterprises.models import Enterprise
from credit.enterprises.national import desk as national
from credit.scoring import selectors, studied, studies
from credit.scoring.desks import actor_of
from credit.scoring.models import CreditStudy
from credit.scoring.points import graded, points
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from kernel.web.acting import moment
from kernel.web.case_pages import chip
from kernel.web.dues import due_view
from kernel.web.refusals import in_words
from kernel.web.viewmodels.acts import ErrorItem
from kernel.workflow import selectors as workflow
from kernel.workflow.models import Deadline

_SHOWN = 10
_CHANGES = 100  # of a draft, told on its page


@require_http_methods(["GET", "HEAD", "POST"])
def supervision(request: HttpRequest) -> HttpResponse:
    """Queues with their clocks, studies that were asked for, the scheme in force as a draft."""
    actor, now = actor_of(request), moment(request)
    asked: dict[str, str] = {}
    refused: tuple[Refusal, ...] = ()
    if request.method == "POST":
        asked = request.POST.dict()
        try:
            study = _ask(actor, now, asked)
        except Refused as refusal:
            refused = refusal.refusals
        else:
            return redirect("credit:study", study.pk)
    schemes = selectors.codes(now, citing.language())
    first = asked.get("first", selectors.SCHEME)
    context = {
        "queues": list(_queues(actor, now)),
        "awaiting": [
            *awaiting.proposals(actor, on_desk=False),
            *names.proposals(actor),
            *national.rows(actor, now),
        ],
        "studies": studied.told(CreditStudy.objects.all()[:_SHOWN]),
        "schemes": schemes,
        "to_come": selectors.to_come(now, citing.language()),
        "in_force": selectors.title_of(selectors.SCHEME, citing.language()),
        "version": selectors.scheme(now).version,
        "first": first,
        "second": asked.get("second") or next((c for c, _t in schemes if c != first), ""),
        "valid_on": asked.get("valid_on", clock.legal_date(now).isoformat()),
        "today": clock.legal_date(now),
        "draft": asked.get("draft") or selectors.text_of(selectors.SCHEME, now),
        **_wrong(refused, asked.get("kind") == "draft"),
        "register": reverse("web:cases", args=[RECORD.code]),
        "data_at": now,
    }
    return render(request, "credit/supervision.html", context, status=422 if refused else 200)


def _wrong(refused: tuple[Refusal, ...], drafting: bool) -> dict[str, Any]:
    """What was refused: of the draft's text at its field, of a day at its own, else on top."""
    told = in_words(refused)
    at_day = [one for one in told if one.field == "valid_on" and not drafting]
    return {
        "drafting": drafting,
        "errors": [ErrorItem(one.message, "draft" if drafting else one.field) for one in told],
        "draft_errors": told if drafting else (),
        "day_errors": at_day,
        "refused": () if drafting else [one for one in told if one not in at_day],
    }


def _ask(actor: Actor, now: datetime, asked: dict[str, str]) -> CreditStudy:
    try:
        valid_on = date.fromisoformat(asked.get("valid_on") or clock.legal_date(now).isoformat())
    except ValueError:
        raise Refused.because("credit.score.day_unreadable", field="valid_on") from None
    kind = asked.get("kind", "spread")
    return studies.ask(
        actor=actor,
        at=now,
        valid_on=valid_on,
        first=asked.get("first") or selectors.SCHEME,
        second=asked.get("second", "") if kind == "compare" else "",
        draft=asked.get("draft", "") if kind == "draft" else "",
    )


def _queues(actor: Actor, now: datetime) -> Any:
    """How many records stand in each state that the actor may read, and the first clock of each."""
    readable = ConductRecord.objects.filter(workflow.readable(RECORD, actor))
    counts = dict(readable.values_list("state").annotate(Count("pk")).order_by())
    first: dict[str, Deadline] = {}
    waiting = [s.code for s in RECORD.states if counts.get(s.code) and not s.final]
    for state in waiting:
        cases = readable.filter(state=state).values("pk")
        found = Deadline.objects.filter(
            machine=RECORD.code, case_pk__in=cases, status=Deadline.Status.RUNNING
        ).order_by("due_at")
        if (row := found.first()) is not None:
            first[state] = row
    for state in waiting:
        yield {
            "state": chip(RECORD, state),
            "count": counts[state],
            "due": due_view(first[state], now) if state in first else None,
            "url": reverse("web:cases", args=[RECORD.code]) + f"?state={state}",
        }


def _in_words(result: dict[str, Any]) -> dict[str, Any]:
    """A study's result with its grades as they are shown; who has no score has none in words."""
    told: dict[str, Any] = {
        name: [graded(one) for one in result[name]]
        for name in ("rows", "columns")
        if name in result
    }
    if "grades" in result:
        told["grades"] = [[graded(grade), count] for grade, count in result["grades"]]
    if "moved" in result:
        told["moved"] = [[uscc, *map(graded, pair)] for uscc, *pair in result["moved"]]
    return result | told


@require_safe
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """One study: waiting, or its tables and charts."""
    actor_of(request)
    row = get_object_or_404(CreditStudy, pk=pk)
    result = _in_words(row.result)
    firms = [each[0] for each in (*result.get("lowest", ()), *result.get("moved", ()))]
    words = selectors.every_item(citing.language())
    called = dict(Enterprise.objects.filter(uscc__in=firms).values_list("uscc", "name"))
    context = {
        **(told := studied.told([row])[0]),
        "changes": told["draft"]["changes"][:_CHANGES] if told["draft"] else (),
        "result": result,
        "lowest": [
            (uscc, called.get(uscc, uscc), points(millionths), grade)
            for uscc, millionths, grade in result.get("lowest", ())
        ],
        "moved": [
            (uscc, called.get(uscc, uscc), before, after)
            for uscc, before, after in result.get("moved", ())
        ],
        "table": [
            (grade, row_of, sum(row_of))
            for grade, row_of in zip(result.get("rows", ()), result.get("counts", ()), strict=True)
        ],
        "silent": [
            (
                _("草稿")
                if scheme == "second" and row.draft
                else selectors.title_of(result[scheme]["code"], citing.language()),
                sum(result.get(key, {}).values()),
                [(words.get(code, code), count) for code, count in result.get(key, {}).items()],
            )
            for scheme, key in (("first", "silent"), ("second", "second_silent"))
            if result.get(key)
        ],
        "chart": {
            "grades": result.get("grades", []),
            "points": result.get("points", []),
            "words": {"enterprises": _("企业数"), "points": _("信用分")},
        },
        "waiting": row.done_at is None,
    }
    return render(request, "credit/study.html", context)


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A study's draft as the file that a scheme is published from."""
    actor_of(request)
    row = get_object_or_404(CreditStudy.objects.exclude(draft=""), pk=pk)
    return as_file(row.draft, f"scheme-{row.pk}.toml")


def as_file(text: str, name: str) -> HttpResponse:
    """A scheme's text to be kept."""
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
