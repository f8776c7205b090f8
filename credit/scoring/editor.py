"""The editor of schemes: a form over the text of one, which is tried over everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from credit import citing
from credit.scoring import drafting, editor_form, selectors, studies, supervising
from credit.scoring.desks import actor_of
from credit.scoring.editor_reading import read
from credit.scoring.models import CreditStudy
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from kernel.web.acting import moment
from kernel.web.refusals import in_words


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest) -> HttpResponse:
    """A scheme as a form; a draft of it is checked, kept as a file, or tried over everybody.

    study: whose draft the form begins with, where somebody goes on with one.
    """
    actor, now = actor_of(request), moment(request)
    said = request.POST if request.method == "POST" else request.GET
    held = dict(selectors.codes(now, citing.language()))
    study = _study(said.get("study", ""))
    code = said.get("scheme", "") or (study.first if study else "")
    code = code if code in held else selectors.SCHEME
    in_force = selectors.text_of(code, now)
    base = study.draft if study else in_force
    refused: list[Refusal] = []
    if request.method == "POST":
        try:
            return _done(actor, now, code, base, said)
        except Refused as refusal:
            refused = editor_form.at_fields(refusal.refusals, base, said)
    today = clock.legal_date(now)
    begun = said if request.method == "POST" else {**_header(in_force, study), **said.dict()}
    form = editor_form.form(base, begun, refused, valid_on=today.isoformat())
    named = {one.name for one in form.inputs}
    context = {
        "scheme": code,
        "schemes": list(held.items()),
        "study": study,
        "form": form,
        "today": today,
        "refused": in_words(one for one in refused if one.field not in named),
    }
    return render(request, "credit/editor.html", context, status=422 if refused else 200)


def _done(
    actor: Actor, now: datetime, code: str, base: str, said: Mapping[str, str]
) -> HttpResponse:
    """The draft as a file, or tried over everybody. Raises Refused with every fault."""
    wanted = read(base, said)
    faults = [*wanted.faults, *_early(said.get("valid_from", ""), now)]
    day = clock.legal_date(now)
    try:
        day = date.fromisoformat(said.get("valid_on") or day.isoformat())
    except ValueError:
        faults.append(Refusal("credit.score.day_unreadable", {}, "", "valid_on"))
    if not wanted.faults:
        try:
            studies.drafted(wanted.text)
        except Refused as refused:
            faults += refused.refusals
    if faults:
        raise Refused(faults)
    if said.get("kind") == "file":
        return supervising.as_file(wanted.text, "scheme.toml")
    study = studies.ask(actor=actor, at=now, valid_on=day, first=code, draft=wanted.text)
    return redirect("credit:study", study.pk)


def _early(valid_from: str, now: datetime) -> Iterator[Refusal]:
    """A day in force that is said and not to come; one that cannot be read."""
    try:
        day = date.fromisoformat(valid_from) if valid_from else None
    except ValueError:
        yield Refusal("credit.score.day_unreadable", {}, "", "valid_from")
        return
    if day is not None and day <= clock.legal_date(now):
        yield Refusal("credit.scheme.draft_early", {"on": valid_from}, "", "valid_from")


def _study(pk: str) -> CreditStudy | None:
    """The study whose draft is gone on with, if one is named."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        return None
    return get_object_or_404(CreditStudy.objects.exclude(draft=""), pk=int(pk))


def _header(in_force: str, study: CreditStudy | None) -> dict[str, Any]:
    """What a draft says of itself otherwise than the scheme that it began with."""
    if study is None:
        return {}
    return {
        key: str(after)
        for row, key, _before, after in drafting.changed(in_force, study.draft)
        if not row and key in ("version", "valid_from")
    }
