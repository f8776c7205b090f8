"""A worker signs and confirms on a phone; crew leader, labour clerk and a stranger look on."""

from __future__ import annotations

from datetime import datetime

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.workflow import sandbox
from labour.payroll.models import Payroll
from labour.roster.models import Worker
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive
from tests.labour import samples

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def who(committed_people: dict[str, Actor]) -> dict[str, Actor]:
    """Two at work with a payroll that waits for them, one with an offer."""
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    found = samples.world()
    crew = samples.crew_at_work(found, "worker1", "worker2")
    samples.listed(found, *(samples.line(one) for one in crew))
    samples.brought(found, "worker3", "offer")
    return found


@pytest.mark.parametrize(
    ("language", "size"),
    [("zh-hans", DESK), ("zh-hans", PHONE), ("en", DESK), ("en", PHONE)],
    ids=["desk-chinese", "phone-chinese", "desk-english", "phone-english"],
)
def test_wages_are_confirmed_with_one_thumb(
    arrive: Arrive, who: dict[str, Actor], language: str, size: dict[str, int]
) -> None:
    offered, payroll = Worker.objects.get(state="offered"), Payroll.objects.get()
    worker = arrive(f"worker-{language}", language, viewport=size)
    worker.log_in("worker3")
    worker.look("desk")
    worker.page.goto(f"/cases/labour.worker/{offered.pk}/acts/sign/")
    worker.look("sign")
    worker.fill(
        {
            "id_last_four": samples.last_four(who["worker3"]),
            "bank_name": "示例银行",
            "card_number": "6222 0000 0000 1234",
        }
    )
    worker.page.check("[name=consent]")
    worker.submit()
    worker.look("sign-summary")
    worker.do()
    assert Worker.objects.get(pk=offered.pk).state == "signed"

    paid = arrive(f"paid-{language}", language, viewport=size)
    paid.log_in("worker1")
    paid.page.goto(f"/cases/labour.payroll/{payroll.pk}/")
    paid.look("payroll-own")
    assert "worker2" not in paid.page.inner_text("article")
    paid.page.goto(f"/cases/labour.payroll/{payroll.pk}/acts/confirm/")
    paid.look("confirm")
    assert "3,000.00" in paid.page.inner_text("main")
    paid.do()

    leader = arrive(f"leader-{language}", language, viewport=size)
    leader.log_in("leader")
    leader.page.goto("/cases/labour.payroll/new/")
    leader.look("list")
    leader.page.goto(f"/cases/labour.payroll/{payroll.pk}/")
    leader.look("payroll-all")

    clerk = arrive(f"clerk-{language}", language, viewport=size)
    clerk.log_in("roster-clerk")
    clerk.page.goto(f"/labour/sites/{samples.SITE}/roster/")
    clerk.look("roster")
    number = samples.Person.objects.get(pk=who["worker1"].person_id).resident_id
    assert number not in clerk.page.content()
    clerk.page.goto(f"/cases/labour.worker/{offered.pk}/")
    clerk.look("worker")

    stranger = arrive(f"stranger-{language}", language, viewport=size)
    stranger.page.goto(f"/labour/sites/{samples.SITE}/")
    stranger.look("board")
    assert samples.SITE in stranger.page.inner_text("article")
