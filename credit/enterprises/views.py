"""One enterprise's public page: the archive, the published records, the grade and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from credit import citing
from credit.conduct import showing
from credit.conduct.machine import RECORD
from credit.conduct.pages import enterprise_url, label_of
from credit.enterprises import selectors
from credit.enterprises.declarations.machine import CLAIM, FINANCE
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Enterprise
from credit.enterprises.sections import correct_url, sections
from credit.scoring import entitled, explaining, fading
from credit.scoring import selectors as scoring
from credit.scoring.points import graded, points
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import qr
from kernel.errors import NotFound
from kernel.identifiers import uscc as uscc_code
from kernel.web import places, presets
from kernel.web.acting import acting
from kernel.web.case_pages import chip
from kernel.web.viewmodels import Link


def enterprise(request: HttpRequest, uscc: str) -> HttpResponse:
    """One enterprise: what it may do, what it has built, what it did, and what that weighs."""
    found = selectors.enterprise(uscc)
    if found is None:
        raise NotFound.because("workflow.case.unknown", uscc=uscc[:18])
    now, own_address = clock.now(), settings.PUBLIC_URL + enterprise_url(uscc)
    told = explaining.explain(uscc, clock.legal_date(now), now, language=citing.language())
    context = {
        "enterprise": found,
        "registered_in": places.place_name(found.region),
        # Of one of another province: the office that keeps it here, which is not where it is.
        "kept_in": places.place_name(found.kept_in) if found.kept_in != found.region else "",
        "score": points(told["score_millionths"]),
        "grade": graded(told["grade"]),
        "unscored": told["unscored"],
        "base": points(told["base"]),
        "cut": points(told["cut"]) if told["cut"] else "",
        "vetoed": told["vetoed"],
        "ahead": [
            (
                date.fromisoformat(turn["day"]),
                graded(turn["grade"]),
                points(turn["score_millionths"]),
            )
            for turn in told["ahead"]
        ],
        "scheme": told["scheme"],
        "scheme_title": scoring.title_of(told["scheme"]["code"], citing.language()),
        "contributions": list(_contributions(uscc, told)),
        "sections": sections(uscc, now),
        "warning": uscc_code.outer_check_fails(uscc),
        "qr": qr.data_uri(own_address),
        "own_address": own_address,
        "records": [
            (label_of(row), row.number, row.document_number, row.published_at,
             chip(RECORD, row.state))
            for row in showing.shown(uscc)
        ],
        "data_at": now,
        "acts": _acts(request, found),
        "may_correct": acting(request).actor is not None,
        "correct_name": correct_url(found),
    }  # fmt: skip
    return render(request, "credit/enterprise.html", context)


def _contributions(uscc: str, told: dict[str, Any]) -> Iterator[tuple[str, str, str, str, date]]:
    """What the score is made of; what is not shown to the public is told by its points alone."""
    hidden = showing.kept_back(uscc)
    for one in told["contributions"]:
        secret = one["record"] in hidden
        yield (
            _("依法不公示的轻微信息") if secret else one["label"],
            points(one["millionths"]),
            fading.in_words(one),
            "" if secret else one["article"],
            explaining.last_day(one),
        )


def _acts(request: HttpRequest, found: Enterprise) -> tuple[Link, ...]:
    """What an officer, or the enterprise itself, begins here, with what is known of it."""
    actor = acting(request).actor
    known = {"uscc": found.uscc, "name": found.name}
    return (*_scores(actor, found), *_begun(actor, found, known))


def _scores(actor: Actor | None, found: Enterprise) -> Iterator[Link]:
    """The way to every point, for whom it is open."""
    if actor is not None and actor.uscc == found.uscc:
        yield Link(_("我的信用"), reverse("credit:mine"))
    elif actor is not None and actor.role in entitled.OVERSEERS:
        yield Link(_("企业信用"), reverse("credit:score", args=[found.uscc]))


def _begun(actor: Actor | None, found: Enterprise, known: dict[str, str]) -> tuple[Link, ...]:
    if actor is not None and actor.role == "credit_officer":
        return (
            Link(_("采集行为记录"), presets.open_url(RECORD.code, **known)),
            Link(_("登记企业证照"), presets.open_url(LICENCE.code, **known)),
        )
    if actor is not None and actor.role == "contractor_clerk" and actor.uscc == found.uscc:
        return (
            Link(_("申报业绩"), presets.open_url(CLAIM.code)),
            Link(_("申报财务摘要"), presets.open_url(FINANCE.code)),
        )
    return ()
