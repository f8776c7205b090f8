"""What a listing does elsewhere: who is on a list may not offer, and who deals with it is told."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from credit import citing
from credit.conduct import barring, selectors
from credit.scoring import selectors as scoring
from credit.scoring.points import graded
from kernel import clock
from kernel.errors import Refusal
from kernel.web.viewmodels import Fact


def refusals(uscc: str, at: datetime) -> tuple[Refusal, ...]:
    """Why an enterprise that is on a list may not offer machines or labour; empty where it may."""
    documents = barring.barring_documents(uscc) if uscc else []
    if not documents:
        return ()
    article = selectors.articles(clock.legal_date(at), citing.language())["record"]
    return tuple(
        Refusal("credit.conduct_record.listed", {"number": number}, article) for number in documents
    )


def counterpart(label: str, uscc: str, at: datetime) -> tuple[Fact, ...]:
    """The grade of who is dealt with, and the documents by which it is on a list."""
    if not uscc:
        return ()
    score = scoring.score(uscc, clock.legal_date(at), at)
    facts = (Fact(label, graded(score.grade), url=reverse("credit:enterprise", args=[uscc])),)
    listed = barring.barring_documents(uscc)
    if not listed:
        return facts
    return (*facts, Fact(_("已列入名单，依据文书"), " / ".join(listed), "name"))
