"""An expert's session: checked in and declared, one bid voted on and scored, each on one page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.access.actors import Actor
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import BidScore, BidVote
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor
from tests.procurement.evaluation import samples

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def walk(committed_people: dict[str, Actor]) -> Iterator[samples.Walk]:
    """A committee that is drawn; bids are opened, nobody has checked in."""
    with samples.market() as market:
        walk = samples.Walk(market, samples.agency(), samples.experts(7)).open().draw()
        market.open(100_00, 102_00, 104_00, 110_00)
        yield walk


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_an_expert_checks_in_declares_votes_and_scores(
    arrive: Arrive, walk: samples.Walk, language: str, size: dict[str, int]
) -> None:
    actor = walk.members()[1]
    expert = arrive("expert", language, viewport=size)
    _checks_in(expert, actor, walk)
    session = f"/evaluations/{walk.pk}/session/"
    _votes(expert, session)
    walk.vote()
    _scores(expert, session)
    walk.score().summarise()
    expert.page.goto(session)
    expert.look("ranked")
    expert.page.goto("/desk/")
    expert.look("desk-ranked")


def _checks_in(expert: Visitor, actor: Actor, walk: samples.Walk) -> None:
    page, case = expert.page, f"/cases/{EVALUATION.code}/{walk.pk}/"
    expert.log_in(actor.person_name)
    expert.look("desk-called")
    page.goto(case)
    expert.look("case-called")
    expert.act_page("check_in")
    expert.look("check-in")
    with expert.refused(422):
        expert.submit()
    expert.look("check-in-without-declaration")
    page.check("[name=no_conflict]")
    expert.act("check-in")
    assert walk.case.seats.get(person_id=actor.person_id).status == "present"
    walk.check_in().lead()


def _votes(expert: Visitor, session: str) -> None:
    page = expert.page
    page.goto(session)
    expert.look("session-voting")
    page.click("#bid-1 a.btn")
    expert.look("vote")
    with expert.refused(422):
        expert.submit()
    expert.look("vote-incomplete")
    for step in ("form", "qualification", "response"):
        page.check(f"[name={step}][value=pass]")
    expert.submit()
    assert page.url.endswith(f"{session}#bid-1")
    expert.look("session-voted")
    assert BidVote.objects.filter(bid_id=1).count() == 1


def _scores(expert: Visitor, session: str) -> None:
    page = expert.page
    page.goto(session)
    expert.look("session-scoring")
    page.click("#bid-2 a.btn")
    expert.fill({"mark-plan": "21", "mark-safety": "9", "mark-record": "7.25"})
    with expert.refused(422):
        expert.submit()
    expert.look("score-too-high")
    assert not BidScore.objects.exists()
    expert.fill({"mark-plan": "18.5"})
    expert.look("score")
    expert.submit()
    expert.look("session-scored")
    assert BidScore.objects.filter(bid_id=2).count() == 1
