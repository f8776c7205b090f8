"""The page of works: what stands on it grows, queries do not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import User
from tests.procurement.projects import building as b

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FEW, MANY = 10, 40


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    b.answered(monkeypatch)
    return b.people()


def asked(username: str, url: str) -> int:
    """Queries of a page once everything that a process keeps is kept."""
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize("reader", ["owner", "station", "permit"])
def test_the_page_asks_no_more_for_forty_hazards_than_for_ten(
    who: dict[str, Actor], reader: str
) -> None:
    works = b.started(who)
    url = f"/cases/{b.WORKS}/{works.pk}/"

    def found(number: int) -> None:
        for _ in range(number):
            b.act(b.HAZARD, None, "find", who["station"], b.finding(who, works))

    found(FEW)
    few = asked(reader, url)
    found(MANY - FEW)
    assert asked(reader, url) == few


def test_the_page_asks_no_more_for_forty_acts_than_for_ten(who: dict[str, Actor]) -> None:
    works = b.started(who)
    url = f"/cases/{b.WORKS}/{works.pk}/"
    stop = {"suspended_on": clock.today(), "reason": "停工检修"}

    def stopped(times: int) -> None:
        for _ in range(times):
            b.act(b.WORKS, works.pk, "suspend", who["owner"], stop)
            b.act(b.WORKS, works.pk, "resume", who["owner"])

    stopped(FEW // 2)
    few = asked("owner", url)
    stopped((MANY - FEW) // 2)
    assert asked("owner", url) == few


def test_the_public_page_of_a_project_leads_to_works_once_they_have_a_permit(
    who: dict[str, Actor],
) -> None:
    works = b.permitted(who)
    shown = Client().get(f"/projects/{works.project_number}/").content.decode()
    assert f'href="/works/{works.number}/"' in shown
    assert works.permit_number in shown
