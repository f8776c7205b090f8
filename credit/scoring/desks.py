"""An enterprise's own credit: what its score is made of, what comes, what it can do about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credit import citing
from credit.conduct import papers
from credit.conduct.machine import RECORD, UNSEEN
from credit.conduct.models import ConductRecord
from credit.conduct.pages import label_of
from credit.enterprises import selectors as archive
from credit.scoring import entitled, explaining, report, selectors, shown
from credit.scoring.models import ScoreCertificate
from credit.scoring.points import graded, points
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.errors import NotPermitted, Refused
from kernel.web import desk_parts
from kernel.web.acting import acting, moment
from kernel.web.case_pages import act_url, case_url, chip, document_links
from kernel.web.refusals import in_words
from kernel.web.viewmodels import DocumentLink, Link
from kernel.workflow import judge

_CERTIFICATES, _RECORDS, _PAPERS = 20, 50, 20


def actor_of(request: HttpRequest) -> Actor:
    """Who asks; 403 where the log-in acts for nobody."""
    actor = acting(request).actor
    if actor is None:
        raise NotPermitted.because("credit.score.not_yours", uscc="")
    return actor


@require_safe
def mine(request: HttpRequest, uscc: str = "") -> HttpResponse:
    """The score of a day as known on a day, every point of it, and the ways to change it."""
    actor, now = actor_of(request), moment(request)
    uscc = uscc or actor.uscc
    entitled.require(actor, uscc)
    found = archive.enterprise(uscc)
    if found is None:
        told_so = {
            "name": actor.organisation_name,
            "records": _records(uscc, actor, now),
            "papers": _papers(uscc, actor),
        }
        return render(request, "credit/mine_none.html", told_so)
    day, known, refused = _asked(request, now)
    told = explaining.explain(uscc, day, known, language=citing.language())
    rows = shown.rows(told)
    trend = shown.trend(uscc, day, now)
    context = {
        "enterprise": found,
        "told": told,
        "grade": graded(told["grade"]),
        "scheme_title": selectors.title_of(told["scheme"]["code"], citing.language()),
        "score": points(told["score_millionths"]),
        "base": points(told["base"]),
        "cut": points(told["cut"]) if told["cut"] else "",
        "rows": rows,
        "ends": sorted(rows, key=lambda row: row["ends_on"]),
        "ahead": [
            (
                date.fromisoformat(turn["day"]),
                graded(turn["grade"]),
                points(turn["score_millionths"]),
            )
            for turn in told["ahead"]
        ],
        "trend": trend,
        "chart": shown.chart(told, rows, trend),
        "day": day,
        "known": known,
        "known_on": clock.legal_date(known - timedelta(microseconds=1)),
        "today": clock.legal_date(now),
        "refused": in_words(refused),
        "records": _records(uscc, actor, now),
        "certificates": [
            (row, points(row.millionths), graded(row.grade), shown.purpose(row.purpose))
            for row in entitled.known(ScoreCertificate.objects.filter(uscc=uscc)[:_CERTIFICATES])
        ],
        "papers": _papers(uscc, actor),
        "reports": document_links(report.of(uscc)[:5]) if actor.uscc == uscc else (),
        "own": actor.uscc == uscc,
        "data_at": now,
    }
    return render(request, "credit/mine.html", context)


def _asked(request: HttpRequest, now: datetime) -> tuple[date, datetime, tuple[Any, ...]]:
    """The day asked for and the instant as which it is known; today and now where refused."""
    today = clock.legal_date(now)
    try:
        day, known_on = (_day(request, field, today) for field in ("valid_on", "known_on"))
        explaining.require_askable(day, today)
        known = explaining.known_at(known_on, now)
        selectors.scheme(clock.start_of(day))
    except Refused as refused:
        return today, now, refused.refusals
    return day, known, ()


def _day(request: HttpRequest, field: str, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get(field) or today.isoformat())
    except ValueError:
        raise Refused.because("credit.score.day_unreadable", field=field) from None


def _records(uscc: str, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The enterprise's records that are shown or told to it, and what it can do with each now."""
    found = []
    records = ConductRecord.objects.filter(uscc=uscc).exclude(state__in=UNSEEN)
    for case in records.order_by("-pk")[:_RECORDS]:
        acts = [
            Link(str(one.transition.label), act_url(case, one.transition.code))
            for one in judge.what_next(RECORD, case, actor, now)
            if one.allowed
        ]
        found.append(
            {
                "case": case,
                "label": label_of(case),
                "state": chip(RECORD, case.state),
                "url": case_url(case),
                "acts": acts,
            }
        )
    return found


def _papers(uscc: str, actor: Actor) -> tuple[DocumentLink, ...]:
    """What the own enterprise was served; others read it at the record, where they may."""
    return document_links(papers.of(uscc)[:_PAPERS]) if actor.uscc == uscc else ()


@require_POST
def order_report(request: HttpRequest) -> HttpResponse:
    """Have today's report of the own enterprise printed."""
    actor = actor_of(request)
    entitled.require(actor, actor.uscc)
    report.order(actor.uscc, clock.now())
    return redirect("credit:mine")


def _begin(actor: Actor) -> list[Link]:
    if actor.role in entitled.OVERSEERS:
        return [Link(_("信用监管"), reverse("credit:supervision"))]
    # Who is not in the archive is told so on the page: a desk asks the database nothing for a link.
    speaks = actor.role in TABLE.representatives()
    return [Link(_("我的信用"), reverse("credit:mine"))] if speaks else []


desk_parts.add(actions=_begin)
