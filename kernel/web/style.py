"""The style page: every component and every kind of page with sample data, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kernel.web import samples
from kernel.web.samples import acts as sample_acts
from kernel.web.samples import cases as sample_cases
from kernel.web.samples.words import digest, later, overdue, say, soon
from kernel.web.viewmodels import Pagination, StateChip

# What ?show= may name: template and the sample page it is given.
_SHOWN: dict[str, tuple[str, Callable[[HttpRequest], Any]]] = {
    "desk": ("desk", lambda request: samples.desk()),
    "case": ("case", lambda request: samples.case(request.GET.get("tab", ""))),
    "register": ("register", lambda request: samples.register(request.GET.dict())),
    "act": ("act", lambda request: samples.act()),
    "act-wrong": ("act", lambda request: samples.act(wrong=True)),
    "confirm": ("act_confirm", lambda request: samples.confirm()),
    "receipt": ("receipt", lambda request: samples.receipt()),
    "refused": ("refused", lambda request: samples.refused()),
    "stale": ("stale", lambda request: samples.stale()),
    "home": ("public_home", lambda request: samples.home()),
}
SHOWN = tuple(_SHOWN)


@require_GET
def style_page(request: HttpRequest) -> HttpResponse:
    """Every component, or with ``?show=case`` (desk, register, act …) one whole page.

    Reads nothing and changes nothing; all of it is invented.
    """
    show = request.GET.get("show", "")
    if show in _SHOWN:
        template, make = _SHOWN[show]
        frame = samples.site(show, public=show == "home")
        context = {"site": frame, "page": make(request)}
        return render(request, f"kernel/web/{template}.html", context)
    return render(request, "kernel/web/style.html", _components())


def _components() -> dict[str, Any]:
    tones = (
        StateChip(say("草稿", "Draft"), "plain"),
        StateChip(say("待受理", "Awaiting acceptance"), "action"),
        StateChip(say("已报建", "Registered"), "done"),
        StateChip(say("即将到期", "Expires soon"), "soon"),
        StateChip(say("已注销", "Cancelled"), "stop"),
    )
    return {
        "site": samples.site(),
        "page": {"title": say("样式", "Style")},
        "shown": SHOWN,
        "tones": tones,
        "marks": ("memory", "secondary", "default"),
        "dues": (overdue(), soon(), later()),
        "swatches": ("ink", "ink-quiet", "action", "stop", "soon", "done"),
        "fen": 18_654_320_050,
        "hash": digest("style"),
        "now": samples.site().now,
        "reasons": sample_acts.refusals(),
        "form": sample_acts.form(),
        "steps": sample_cases.timeline(),
        "possible": sample_cases.case().possible,
        "not_yet": sample_cases.case().not_yet,
        "facts_groups": sample_cases.facts(),
        "document_rows": sample_cases.documents(),
        "log_rows": sample_cases.log(),
        "party_rows": sample_cases.parties(),
        "pages": Pagination(1_204, 7),
    }
