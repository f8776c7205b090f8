"""A member's session on a desk and on a phone, the agency's page, the public result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from credit.scoring import services as scoring
from kernel import clock
from kernel.access.actors import Actor
from kernel.workflow.guarding import firing
from procurement.bids import grades
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import BidScore, BidVote, Evaluation
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive
from tests.procurement.evaluation import samples

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def walk(committed_people: dict[str, Actor], monkeypatch: Any) -> Iterator[samples.Walk]:
    with samples.market() as market:
        walk = samples.Walk(market, samples.agency(), samples.experts(7))
        walk.open().draw().check_in().lead()
        monkeypatch.setattr(grades.selectors, "is_opened", lambda _number: True)
        for bid in market.opened.bids if market.opened else ():
            purpose = f"{grades.OPENING}:{samples.NUMBER}"
            scoring.certificate(bid.uscc, at=clock.now(), purpose=purpose)
        yield walk


def test_a_member_works_on_a_phone_and_everybody_sees_what_is_theirs(
    arrive: Arrive, walk: samples.Walk
) -> None:
    actor = walk.members()[1]
    session = f"/evaluations/{walk.pk}/session/"
    phone = arrive("member", viewport=PHONE)
    phone.log_in(actor.person_name)
    phone.page.goto(session)
    assert "XY-" in phone.page.inner_text("main")
    phone.look("session")
    phone.page.goto(f"{session}1/")
    phone.look("vote")
    for step in ("form", "qualification", "response"):
        phone.page.check(f"[name={step}][value=pass]")
    phone.submit()
    assert phone.page.url.endswith(f"{session}#bid-1")
    assert BidVote.objects.filter(bid_id=1).count() == 1
    walk.vote(4)
    english = arrive("member-en", "en", viewport=DESK)
    english.log_in(actor.person_name)
    english.page.goto(session)
    english.look("session-en")
    phone.page.goto(f"{session}2/")
    phone.fill({"mark-plan": "18.5", "mark-safety": "9", "mark-record": "7.25"})
    phone.look("score")
    phone.submit()
    assert BidScore.objects.filter(bid_id=2).count() == 1
    walk.score().summarise()
    phone.page.goto(session)
    phone.look("ranked")
    clerk = arrive("agency", viewport=DESK)
    clerk.log_in("agency")
    clerk.page.goto(f"/cases/{EVALUATION.code}/{walk.pk}/")
    assert actor.person_name not in clerk.page.inner_text("main")
    clerk.look("case")
    with firing():
        Evaluation.objects.filter(pk=walk.pk).update(state="reported")
    walk.market.terms = samples.replace(walk.market.terms, publicised=True)
    public = arrive("public", "en", viewport=PHONE)
    public.page.goto(f"/evaluations/results/{samples.NUMBER}/")
    assert "XY-" in public.page.inner_text("main")
    public.look("result")
