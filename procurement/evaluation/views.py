"""A member's session and act pages, a bidder's questions, the result for everybody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound, NotPermitted, Refused
from kernel.web.acting import acting, actor_of
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import MARKS
from kernel.web.refusals import in_words, onto_form
from kernel.web.viewmodels import ActPage, RefusalView
from kernel.web.words import cited
from kernel.workflow import throttle
from procurement.evaluation import asking, forms, inputs, selectors, session_view
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import BidScore, BidVote, CommitteeSeat, Evaluation, Question
from procurement.evaluation.rules import GONE, PRESENT
from procurement.evaluation.services import act_as_member
from procurement.evaluation.states import (
    FAILED,
    HANDED,
    L42,
    ORDER12,
    PRELIMINARY,
    R51,
    REPORTED,
    REVIEW,
)

# Larger than any key; a foreign key that is asked for by more is a fault of the database.
_LARGEST, _DIGITS = 2**63, 18


@dataclass(frozen=True)
class _Session:
    """A session as one member works in it."""

    case: Evaluation
    seat: CommitteeSeat
    actor: Actor
    now: datetime


def _enter(request: HttpRequest, pk: int) -> _Session:
    """The session of a member; to everybody else it does not exist."""
    actor = actor_of(request)
    if pk >= _LARGEST:
        raise NotFound.because("workflow.case.unknown", machine=EVALUATION.code)
    seat = (
        CommitteeSeat.objects.filter(evaluation_id=pk, person_id=actor.person_id)
        .exclude(status=GONE)
        .select_related("evaluation")
        .first()
    )
    if seat is None:
        raise NotFound.because("workflow.case.unknown", machine=EVALUATION.code, pk=pk)
    return _Session(seat.evaluation, seat, actor, clock.now())


def session(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left to do for this member, bid by bid."""
    here = _enter(request, pk)
    page = session_view.page(here.case, here.seat, here.actor, here.now)
    return render(request, "procurement/evaluation/session.html", {"page": page})


def bid(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """One bid on one page: the vote while bids are voted on, then the points."""
    here = _enter(request, pk)
    if here.seat.status != PRESENT:
        raise NotPermitted.because("procurement.evaluation.not_checked_in")
    transition, form = _form(here, bid_id, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _act_page(request, here, bid_id, transition, form)
    if not form.is_valid():
        return _act_page(request, here, bid_id, transition, form, status=422)
    try:
        with throttle.refusals(here.actor):
            act_as_member(
                pk,
                transition,
                actor=here.actor,
                payload=form.payload(),
                key=request.POST.get("key", ""),
            )
    except Refused as refused:
        rest = onto_form(form, refused.refusals)
        return _act_page(request, here, bid_id, transition, form, rest, refused.status)
    return redirect(reverse("procurement:evaluation-session", args=[pk]) + f"#bid-{bid_id}")


def file(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """An opened file of a bid, for members who have checked in."""
    here = _enter(request, pk)
    if here.seat.status != PRESENT:
        raise NotPermitted.because("procurement.evaluation.not_checked_in")
    found = inputs.opened(here.case.lot_number)
    named = {one.sha256: one for b in (found.bids if found else ()) for one in b.files}
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None or sha256 not in named:
        raise NotFound.because("documents.file.missing", sha256=sha256[:64])
    response = FileResponse(storage.open_verified(stored), content_type=stored.media_type)
    response["Content-Disposition"] = f'inline; filename="{sha256[:12]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _form(here: _Session, bid_id: int, data: Any) -> tuple[str, Any]:
    own = {"seat": here.seat, "bid_id": bid_id, "void": False}
    found = inputs.opened(here.case.lot_number)
    if found is None or bid_id not in {one.bid_id for one in found.bids}:
        raise NotFound.because("procurement.evaluation.bid_unknown", bid=bid_id)
    terms = inputs.lot_terms(here.case.lot_number)
    if here.case.state == PRELIMINARY:
        given = BidVote.objects.filter(**own).first()
        one = next(each for each in found.bids if each.bid_id == bid_id)
        judge = session_view.left_to_judge(here.case, terms, one, here.now)
        return "vote", forms.VoteForm(
            data, bid_id=bid_id, given=given, at=here.now, left_to_judge=judge
        )
    form = forms.ScoreForm(
        data,
        bid_id=bid_id,
        criteria=terms.criteria if terms else (),
        given=BidScore.objects.filter(**own).first(),
    )
    return "rescore" if here.case.state == REVIEW else "score_detail", form


def _act_page(
    request: HttpRequest,
    here: _Session,
    bid_id: int,
    transition: str,
    form: Any,
    refusals: tuple[RefusalView, ...] = (),
    status: int = 200,
) -> HttpResponse:
    found, act = inputs.opened(here.case.lot_number), EVALUATION.transition(transition)
    assert act is not None
    bid = next((one for one in (found.bids if found else ()) if one.bid_id == bid_id), None)
    url = reverse("procurement:evaluation-bid", args=[here.case.pk, bid_id])
    page = ActPage(
        title=str(act.label),
        effect=str(act.effect),
        form=form,
        groups=form.groups(),
        url=url,
        submit=_("保存并返回"),
        reference=here.case.reference,
        case_title=bid.name if bid else "",
        case_url=reverse("procurement:evaluation-session", args=[here.case.pk]),
        article=cited(act.article),
        mark=MARKS.get(act.source, ""),
        refusals=refusals,
        hidden=(("key", request.POST.get("key") or uuid.uuid4().hex),),
        draft_key=f"{here.actor.person_id}:{url}:{transition}",
        review=False,
    )
    terms = inputs.lot_terms(here.case.lot_number)
    context = {
        "page": page,
        "pk": here.case.pk,
        "files": bid.files if bid else (),
        "on_record": session_view.on_record(here.case, terms, bid, here.now) if bid else (),
    }
    return render(request, "procurement/evaluation/bid.html", context, status=status)


def questions(request: HttpRequest) -> HttpResponse:
    """What committees ask this bidder in writing, and its answers; it sees nothing else."""
    actor = actor_of(request)
    reasons: tuple[RefusalView, ...] = ()
    status = 200
    if request.method == "POST":
        pk = request.POST.get("clarification", "")
        asked = Question.objects.filter(
            uscc=actor.uscc, pk=int(pk) if pk.isdecimal() and len(pk) < _DIGITS else 0
        ).first()
        if asked is None:
            raise NotFound.because("procurement.evaluation.question_unknown")
        try:
            with throttle.refusals(actor):
                act_as_member(
                    asked.evaluation_id,
                    "reply",
                    actor=actor,
                    payload={
                        "clarification": asked.pk,
                        "answer": request.POST.get("answer", ""),
                    },
                    key=request.POST.get("key", ""),
                )
            return redirect("procurement:evaluation-questions")
        except Refused as refused:
            reasons, status = in_words(refused.refusals), refused.status
    context = {
        "questions": asking.asked_of(actor.uscc or ""),
        "refusals": reasons,
        "key": uuid.uuid4().hex,
        "now": clock.now(),
    }
    return render(request, "procurement/evaluation/questions.html", context, status=status)


def result(request: HttpRequest, lot_number: str) -> HttpResponse:
    """Ranking and reasons for everybody, from the publicity of the candidates on.

    Where all bids were rejected, from then on: which, on what grounds, what follows.
    """
    terms = inputs.lot_terms(lot_number)
    case = Evaluation.objects.filter(
        lot_number=lot_number, state__in=(REPORTED, HANDED, REVIEW)
    ).first()
    failed = _failed(lot_number) if case is None and terms is not None else None
    if failed is not None and terms is not None:
        return _failure(request, failed, terms)
    found = selectors.result_of(case) if case else None
    if terms is None or case is None or found is None or not terms.publicised:
        raise NotFound.because("workflow.case.unknown", machine=EVALUATION.code)
    graded = session_view.graded(case, found, acting(request).actor)
    context = {
        "case": case,
        "terms": terms,
        "state": chip(EVALUATION, case.state),
        "url": case_url(case),
        "rows": session_view.ranking(case, found, graded),
        "ties": session_view.tied(case, found, terms.region),
        "rejected": session_view.rejected(case, found, clock.now()),
        "found": found,
    }
    return render(request, "procurement/evaluation/result.html", context)


def _failed(lot_number: str) -> Evaluation | None:
    """The session that rejected all bids of a lot."""
    return Evaluation.objects.filter(lot_number=lot_number, state=FAILED).last()


def _failure(request: HttpRequest, case: Evaluation, terms: inputs.LotTerms) -> HttpResponse:
    context = {
        "case": case,
        "terms": terms,
        "state": chip(EVALUATION, case.state),
        "rejected": session_view.all_rejected(case),
        "articles": [cited(article) for article in (R51, ORDER12)],
        "again": cited(L42),
        "notice": reverse("procurement:notice", args=[case.lot_number]),
    }
    return render(request, "procurement/evaluation/all_rejected.html", context)
