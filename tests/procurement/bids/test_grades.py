"""The certificates of an opening: everybody reads the grade, who runs the lot its reasons."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from credit.enterprises.models import Enterprise
from credit.scoring.models import ScoreCertificate
from kernel import clock
from kernel.parties.models import User
from procurement.bids import closing, credit, needs, staging
from tests.conftest import member
from tests.procurement.bids.steps import close, finish, now, ready, settle
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db
RUNNING = ("owner", "agency", "supervisor", "auditor")
STRANGERS = ("elsewhere", "owner2", "agency2", "trustee1", "trustee2", "bidder2", "operator")


@pytest.fixture
def lot(world, monkeypatch):
    for module in (closing, staging):
        monkeypatch.setattr(module, "machine", lambda _code: None)
    monkeypatch.setattr(needs, "_credit", credit.certified)
    world.people["owner2"] = member("owner2", "owner_clerk", serial=2)
    world.people["agency2"] = member("agency2", "agency_clerk", serial=12)
    world.people["elsewhere"] = member(
        "elsewhere", "tender_supervisor", serial=4, region="230600", authority="city"
    )
    for name in ("bidder1", "bidder2", "bidder3"):
        Enterprise.objects.create(
            uscc=world.people[name].uscc, name=name, entered_at=clock.now()
        )  # fmt: skip
    world.policy()
    for index, name in enumerate(("bidder1", "bidder2", "bidder3"), start=1):
        world.bid(name, price=index * 1_000_00)
    close(world)
    ready(world, "trustee1", "trustee2")
    return world


def opened(lot):
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)
    lot.at(now().window_ends_at)
    settle()


def get(lot, url, name=""):
    client = Client(headers={"Accept-Language": "zh-hans"})
    if name:
        client.force_login(User.objects.get(person_id=lot.people[name].person_id))
    return client.get(url)


def held(lot, name="bidder1"):
    return ScoreCertificate.objects.get(uscc=lot.people[name].uscc)


def reasons(certificate):
    return reverse("credit:certificate", args=[certificate.number])


def test_the_record_shows_everybody_the_grade_that_was_certified(lot):
    opened(lot)
    page = get(lot, reverse("procurement:bids-opening", args=[LOT])).content.decode()
    for name in ("bidder1", "bidder2", "bidder3"):
        one = held(lot, name)
        assert one.number in page
        assert f"/credit/enterprises/{one.uscc}/" in page
        assert reasons(one) not in page  # a link to what is not open to them helps nobody


@pytest.mark.parametrize("who", RUNNING)
def test_who_runs_or_supervises_the_lot_opens_reasons_and_trend(lot, who):
    opened(lot)
    one = held(lot)
    page = get(lot, reverse("procurement:bids-opening", args=[LOT]), who).content.decode()
    assert reasons(one) in page
    told = get(lot, reasons(one), who)
    assert told.status_code == 200
    told = told.content.decode()
    for words in ("信用分的构成", "走势", one.number, one.grade):
        assert words in told
    assert get(lot, reverse("credit:statement", args=[one.number]), who).status_code == 200


@pytest.mark.parametrize("who", STRANGERS)
def test_to_everybody_else_the_reasons_stay_closed(lot, who):
    opened(lot)
    assert get(lot, reasons(held(lot)), who).status_code == 403
    page = get(lot, reverse("procurement:bids-opening", args=[LOT]), who).content.decode()
    assert reasons(held(lot)) not in page


def test_a_bidder_opens_its_own(lot):
    opened(lot)
    page = get(lot, reverse("procurement:bids-opening", args=[LOT]), "bidder1").content.decode()
    assert reasons(held(lot)) in page
    assert get(lot, reasons(held(lot)), "bidder1").status_code == 200


def test_a_judge_of_one_lot_reads_no_other_day_of_a_bidders_score(lot):
    opened(lot)
    url = reverse("credit:score", args=[held(lot).uscc])
    assert get(lot, url, "owner").status_code == 403


@pytest.mark.parametrize("who", ["owner", "agency", "supervisor"])
def test_before_the_opening_is_over_nobody_learns_by_a_certificate_who_bids(lot, who):
    assert not ScoreCertificate.objects.exists()
    one = credit.scoring.certificate(
        lot.people["bidder1"].uscc, at=clock.now(), purpose=f"{credit.OPENING}:{LOT}"
    )
    assert get(lot, reasons(one), who).status_code == 404
    page = get(lot, reverse("procurement:bids-opening", args=[LOT]), who).content.decode()
    assert one.number not in page
    assert one.uscc not in page


def test_the_pages_ask_few_questions(lot, django_assert_max_num_queries):
    opened(lot)
    client = Client()
    client.force_login(User.objects.get(person_id=lot.people["owner"].person_id))
    for url in (reverse("procurement:bids-opening", args=[LOT]), reasons(held(lot))):
        client.get(url)
        with django_assert_max_num_queries(30):
            assert client.get(url).status_code == 200
