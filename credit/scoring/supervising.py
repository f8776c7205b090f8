"""The supervisor's desk: what waits, how grades spread, what another scheme would change."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
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
from credit.enterprises.models import Enterprise
from credit.enterprises.national import desk as national
from credit.scoring import selectors, studies
from credit.scoring.desks import actor_of
from credit.scoring.models import CreditStudy
from credit.scoring.points import points
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.regulation.reading import parse
from kernel.web.acting import moment
from kernel.web.case_pages import chip
from kernel.web.dues import due_view
from kernel.web.refusals import in_words
from kernel.workflow import selectors as workflow
from kernel.workflow.models import Deadline

_SHOWN = 10
_SCHEMES = Path(__file__).parent / "schemes"


@require_http_methods(["GET", "HEAD", "POST"])
def supervision(request: HttpRequest) -> HttpResponse:
    """Queues with their clocks, studies that were asked for, the scheme in force as a draft."""
    actor, now = actor_of(request), moment(request)
    asked: dict[str, str] = {}
    refused: tuple[Any, ...] = ()
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
        "awaiting": [*awaiting.proposals(actor, on_desk=False), *national.rows(actor, now)],
        "studies": [_titled(row) for row in CreditStudy.objects.all()[:_SHOWN]],
        "schemes": schemes,
        "in_force": selectors.title_of(selectors.SCHEME, citing.language()),
        "version": selectors.scheme(now).version,
        "first": first,
        "second": asked.get("second") or next((c for c, _t in schemes if c != first), ""),
        "valid_on": asked.get("valid_on", clock.legal_date(now).isoformat()),
        "today": clock.legal_date(now),
        "draft": asked.get("draft") or text_of(selectors.SCHEME, now),
        "refused": in_words(refused),
        "drafting": asked.get("kind") == "draft",
        "register": reverse("web:cases", args=[RECORD.code]),
        "data_at": now,
    }
    return render(request, "credit/supervision.html", context, status=422 if refused else 200)


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


def text_of(code: str, now: datetime) -> str:
    """The text of the scheme in force, to begin a draft with."""
    found = selectors.scheme(now, code)
    for path in sorted(_SCHEMES.glob("*/scheme.toml")):
        text = path.read_text(encoding="utf-8")
        one = parse(text, path.name)
        if (one.code, one.version) == (found.code, found.version):
            return text
    return ""


def _titled(row: CreditStudy) -> dict[str, Any]:
    """A study with the schemes it asks about as people call them."""
    language = citing.language()
    return {
        "study": row,
        "first": selectors.title_of(row.first, language),
        "second": selectors.title_of(row.second, language) if row.second else "",
    }


@require_safe
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """One study: waiting, or its tables and charts."""
    actor_of(request)
    row = get_object_or_404(CreditStudy, pk=pk)
    result = row.result
    told = [each[0] for each in (*result.get("lowest", ()), *result.get("moved", ()))]
    words = selectors.item_words(clock.now(), citing.language())
    called = dict(Enterprise.objects.filter(uscc__in=told).values_list("uscc", "name"))
    context = {
        **_titled(row),
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
                [
                    (words.get(code, (code, ""))[0], count)
                    for code, count in result.get(key, {}).items()
                ],
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
    row = get_object_or_404(CreditStudy, pk=pk)
    response = HttpResponse(row.draft, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="scheme-{row.pk}.toml"'
    return response
