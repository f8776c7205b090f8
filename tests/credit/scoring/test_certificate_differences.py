"""A certificate stays as it was; what was learnt since stands beside it on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from credit.enterprises.models import Enterprise
from credit.scoring import entitled, services
from kernel import clock
from kernel.parties.models import User
from tests.credit.conduct.samples import FIRM, later, officers, published, revoked
from tests.credit.scoring.test_desks import token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
JUDGED = "test.judged"


@pytest.fixture
def people():
    made = officers()
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    return made


@pytest.fixture
def record(people):
    return published(people)


@pytest.fixture
def held(people, record, monkeypatch):
    """Certified with the record, for a purpose by which one of the actors judges."""
    monkeypatch.setitem(
        entitled._judges, JUDGED, lambda actor, about: (actor.person_name, about) == ("other", "L")
    )
    found = services.certificate(FIRM, at=clock.now(), purpose=f"{JUDGED}:L")
    later(people, 1)
    return found


def get(name, url, language="zh-hans"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get(username=name))
    return client.get(url)


def page(held, name="firm", language="zh-hans"):
    answer = get(name, f"/credit/certificates/{held.number}/", language)
    assert answer.status_code == 200
    return answer.content.decode()


def test_my_credit_leads_to_the_difference_of_each_certificate(held):
    mine = get("firm", "/credit/mine/").content.decode()
    assert f"/credit/certificates/{held.number}/#difference" in mine


def test_where_nothing_was_learnt_it_says_so(held):
    assert "出具之后没有得知影响评价日的事实" in page(held)
    assert "No fact that bears on its day was learnt since" in page(held, language="en")


@pytest.mark.parametrize("who", ["firm", "one", "other"])
def test_what_was_revoked_later_stands_beside_what_was_known_then(people, record, held, who):
    then = page(held, who)
    revoked(people, record)
    later(people, 1)
    told = page(held, who).split('id="difference"')[1]
    assert record.document_number in told
    assert "撤销" in told
    assert "60.00" in told  # without the record the base is left
    # What was certified still says what it said, and its reasons are those of then.
    assert record.document_number in page(held, who).split('id="difference"')[0]
    assert held.grade in then
    held.refresh_from_db()
    assert services.replay(held.number).millionths == held.score_millionths


def test_what_has_only_ended_is_told_with_its_day(people, record, held):
    today = clock.today()
    services.end(record_id=record.pk, on=today, at=clock.now(), cause="test:repair")
    told = page(held).split('id="difference"')[1]
    assert "自此日起不再计分" in told
    assert "新得知" not in told
    answer = Client().get(f"/api/v1/credit/certificates/{held.number}", **token(people["firm"]))
    (change,) = answer.json()["changes"]
    assert (change["taken_back"], change["until"]) == (False, today.isoformat())


def test_nobody_else_reads_it(held):
    for who in ("far", "upper"):  # officers oversee everybody's score
        assert get(who, f"/credit/certificates/{held.number}/").status_code == 200
    assert get("operator", f"/credit/certificates/{held.number}/").status_code == 403
    assert get("firm", "/credit/certificates/XY-0/").status_code == 404
