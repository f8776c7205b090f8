"""Time lines tell what is still to come: what falls due, for whom, when, and which act ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import User
from kernel.web import ahead, formats
from kernel.workflow.machines import machines
from kernel.workflow.models import Deadline
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def lot(september: None, monkeypatch: pytest.MonkeyPatch) -> Lot:
    """A lot that takes bids."""
    samples.answered(monkeypatch)
    people: dict[str, Actor] = samples.market()
    return samples.published(people, samples.project(people))


def steps(page: str) -> list[str]:
    """The steps that are still to come, as a reader has them."""
    found = re.findall(r'(?s)<li class="zx-step zx-step-next".*?</li>', page)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def page(url: str, username: str = "") -> str:
    client = Client()
    if username:
        client.force_login(User.objects.get(username=username), BACKEND)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_notice_and_case_page_tell_every_clock_that_runs_and_what_ends_it(lot: Lot) -> None:
    assert lot.bid_deadline_at is not None and lot.sale_ends_at is not None
    urls = ((f"/notices/{lot.number}/", ""), (f"/cases/{LOT.code}/{lot.pk}/", "owner"))
    for url, who in urls:
        told = steps(page(url, who))
        sale, bids = told[:2]
        assert (
            sale.startswith("招标文件获取截止") and formats.deadline(lot.sale_ends_at)[5:] in sale
        )
        assert bids.startswith("投标截止") and formats.deadline(lot.bid_deadline_at)[5:] in bids
        assert "施工企业经办人" in bids
        assert "到期时由平台自动办理“投标截止”" in bids
        assert "《招标投标法》第三十四条" in bids
        assert any("已截标" in one for one in told[2:])


def test_that_the_committee_has_reported_is_not_told_by_a_clock_on_the_notice(lot: Lot) -> None:
    closed = {"live_bids": 3, "closing_list_sha256": samples.LIST}
    for act, said in (("close", None), ("open_bids", closed), ("start_evaluation", None)):
        samples.automatic(lot, act, said)
    at = clock.now()
    samples.automatic(
        lot, "receive_report", {"evaluation_id": 7, "reported_at": at.isoformat()}, at
    )
    assert ahead.running(lot)
    assert "公示中标候选人" not in " ".join(steps(page(f"/notices/{lot.number}/")))
    assert "公示中标候选人" in " ".join(steps(page(f"/cases/{LOT.code}/{lot.pk}/", "owner")))


def test_the_life_of_a_project_tells_what_ends_each_clock(lot: Lot) -> None:
    told = page(f"/projects/{lot.project_number}/life/", "owner")
    assert "到期时由平台自动办理“投标截止”" in told


def running(state: str, period_key: str, role: str) -> Deadline:
    now = clock.now()
    return Deadline(
        machine=LOT.code, case_pk=1, state=state, period_key=period_key, role=role,
        started_at=now, due_at=now + timedelta(days=3), last_day=clock.legal_date(now),
    )  # fmt: skip


def test_a_clock_that_the_platform_does_not_end_names_the_act_of_whom_it_is_addressed_to() -> None:
    row = running("evaluating", "tender.lot.publicity_start", "owner_clerk")
    assert ahead.ended_by(LOT, row) == "办理“公示中标候选人”后停止计时"


def test_an_act_that_meets_a_clock_and_keeps_the_state_is_named() -> None:
    rules = [(m, r) for m in machines().values() for r in m.deadlines if r.met_by]
    assert rules
    for machine, rule in rules:
        row = running(rule.state, rule.period_key, rule.role)
        act = machine.transition(rule.met_by)
        assert act is not None
        assert str(act.label) in ahead.ended_by(machine, row)
