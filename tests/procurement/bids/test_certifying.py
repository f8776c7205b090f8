"""Everybody on a closing list is certified once, as known at the deadline, and nobody knows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from credit.enterprises.models import Enterprise
from credit.scoring import services as scoring
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.events import services as events
from kernel.events.models import Delivery, Event
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from procurement.bids import certifying, closing, credit, needs, staging
from procurement.bids.models import Bid, Opening
from tests.conftest import member
from tests.procurement.bids import steps
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_secrecy import token

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")


@pytest.fixture
def lot(world, monkeypatch):
    for module in (closing, staging):
        monkeypatch.setattr(module, "machine", lambda _code: None)
    monkeypatch.setattr(needs, "_credit", credit.certified)
    monkeypatch.setattr(needs, "_certify", credit.certify)
    world.people["officer"] = member(
        "officer", "credit_officer", region="230100", serial=3, authority="city"
    )
    for name in NAMES:
        Enterprise.objects.create(uscc=world.people[name].uscc, name=name, entered_at=clock.now())
    world.policy()
    for index, name in enumerate(NAMES, start=1):
        world.bid(name, price=index * 1_000_00)
    return world


def deliver():
    """What a worker does with the closing list's delivery."""
    (pk,) = Delivery.objects.filter(
        subscriber="procurement.bids.credit", state="pending"
    ).values_list("pk", flat=True)
    return events.deliver(pk)


def closed(lot):
    steps.close(lot)
    assert deliver()


def opened(lot):
    steps.ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    steps.finish(lot)
    lot.at(steps.now().window_ends_at)
    steps.settle()


def fall(lot, name, at):
    """A major hazard is entered against a bidder's name."""
    return scoring.enter(
        uscc=lot.people[name].uscc, item="hazard_major", group="示例〔2025〕1号",
        effective_on=clock.legal_date(at), at=at, cause=f"test:{name}:{at}", record_id=1,
    )  # fmt: skip


def held(lot, name="bidder1"):
    return ScoreCertificate.objects.get(uscc=lot.people[name].uscc)


def test_who_is_on_the_list_is_certified_as_known_at_the_deadline(lot):
    closed(lot)
    found = ScoreCertificate.objects.all()
    assert {one.uscc for one in found} == {lot.people[name].uscc for name in NAMES}
    assert {(one.known_at, one.valid_on) for one in found} == {
        (lot.lot.deadline, clock.legal_date(lot.lot.deadline))
    }
    for one in found:
        assert scoring.replay(one.number).millionths == one.score_millionths


def test_a_record_between_deadline_and_opening_moves_no_certificate(lot):
    closed(lot)
    before = held(lot)
    lot.at(clock.now() + timedelta(minutes=5))
    fall(lot, "bidder1", clock.now())
    opened(lot)
    assert held(lot) == before
    bid = Bid.objects.get(bidder_uscc=before.uscc)
    assert bid.credit["certificate_sha256"] == before.sha256
    assert bid.credit["value"] == before.score_millionths // 10_000
    assert bid.credit["day"] == clock.legal_date(lot.lot.deadline).isoformat()
    assert scoring.replay(before.number).millionths == before.score_millionths


def test_a_record_that_took_effect_before_the_deadline_weighs(lot):
    fall(lot, "bidder1", lot.lot.deadline - timedelta(hours=1))
    closed(lot)
    assert held(lot).score_millionths < held(lot, "bidder2").score_millionths


def test_a_fact_of_before_that_a_worker_enters_after_moves_nothing(lot):
    closed(lot)
    before = held(lot).score_millionths
    row = fall(lot, "bidder1", lot.lot.deadline - timedelta(hours=1))
    assert row.recorded_at > lot.lot.deadline
    assert scoring.replay(held(lot).number).millionths == before


def test_told_twice_nobody_is_certified_twice(lot):
    closed(lot)
    before = set(ScoreCertificate.objects.values_list("number", flat=True))
    certifying.certify(steps.now().pk)
    opened(lot)
    assert set(ScoreCertificate.objects.values_list("number", flat=True)) == before


def failing_for(lot, name):
    def certify(uscc, number, deadline):
        if uscc == lot.people[name].uscc:
            raise LookupError(uscc)
        return credit.certify(uscc, number, deadline)

    return certify


def test_scoring_that_fails_delays_no_closing_and_is_made_up_for_as_of_the_deadline(
    lot, monkeypatch
):
    monkeypatch.setattr(needs, "_certify", failing_for(lot, "bidder1"))
    case = steps.close(lot)
    assert not deliver()
    assert Opening.objects.get(pk=case.pk).state == "listed"
    assert ScoreCertificate.objects.count() == 2  # whom scoring failed stops nobody else
    waiting = Delivery.objects.get(subscriber="procurement.bids.credit")
    assert waiting.state == "pending"
    for name in NAMES:  # an operator's log says neither who nor how many
        assert lot.people[name].uscc not in waiting.last_error
    assert waiting.last_error == "NotCertified: LookupError"
    monkeypatch.setattr(needs, "_certify", credit.certify)
    lot.at(clock.now() + timedelta(minutes=5))
    fall(lot, "bidder1", clock.now())
    assert deliver()
    assert held(lot).known_at == lot.lot.deadline
    assert held(lot).score_millionths == held(lot, "bidder2").score_millionths


def test_whom_no_worker_came_to_the_opening_certifies_as_of_the_deadline(lot):
    steps.close(lot)
    lot.at(clock.now() + timedelta(minutes=5))
    fall(lot, "bidder1", clock.now())
    opened(lot)
    assert held(lot).known_at == lot.lot.deadline
    assert held(lot).score_millionths == held(lot, "bidder2").score_millionths
    assert Bid.objects.get(bidder_uscc=held(lot).uscc).credit["certificate_sha256"]


def test_that_a_firm_bid_stands_in_no_ledger_before_the_opening(lot):
    closed(lot)
    assert not PointEntry.objects.exists()
    opened(lot)
    assert PointEntry.objects.filter(section=LOT).count() == 3
    for name in NAMES:
        assert scoring.replay(held(lot, name).number)


def test_where_nothing_will_be_opened_nobody_is_certified(lot, monkeypatch):
    monkeypatch.setattr(closing.lots, "least_bids", lambda _at, _lot: 4)
    steps.close(lot)
    assert steps.now().state == "stopped"
    assert deliver()
    assert not ScoreCertificate.objects.exists()


def test_who_a_corrected_list_adds_is_certified_as_of_the_same_deadline(lot):
    _version, _manifest, data = lot.bid("bidder4")
    steps.drop(lot, "bidder4")
    closed(lot)
    assert ScoreCertificate.objects.count() == 3
    lot.at(clock.now() + timedelta(minutes=5))
    steps.protest(lot, "bidder4", steps.version_of(lot, "bidder4"))
    steps.give(lot, "bidder4", data)
    assert steps.settle().closed_at > lot.lot.deadline
    assert deliver()
    assert ScoreCertificate.objects.count() == 4
    assert held(lot, "bidder4").known_at == lot.lot.deadline


def seen(lot, name, address):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(User.objects.get(person_id=lot.people[name].person_id))
    return client.get(address)


@pytest.mark.parametrize("who", ["bidder1", "bidder2", "officer", "auditor", "owner", "operator"])
def test_before_the_opening_a_certificate_is_nobodys_to_know_of(lot, who):
    closed(lot)
    one = held(lot)
    for name in ("certificate", "statement", "signature"):
        told = seen(lot, who, reverse(f"credit:{name}", args=[one.number]))
        assert told.status_code == 404, name
    api = reverse("api:credit-certificate", args=[one.number])
    answer = Client().get(api, headers=token(lot.people[who]))
    unknown = Client().get(
        reverse("api:credit-certificate", args=["XY-1"]), headers=token(lot.people[who])
    )
    assert (answer.status_code, unknown.status_code) == (404, 404)
    pages = [reverse("credit:mine"), reverse("credit:score", args=[one.uscc]),
             reverse("credit:enterprise", args=[one.uscc]),
             reverse("procurement:bids-opening", args=[LOT])]  # fmt: skip
    for address in pages:
        assert one.number not in seen(lot, who, address).content.decode(), address


def test_after_the_opening_its_enterprise_and_the_authority_have_it_on_their_desks(lot):
    closed(lot)
    opened(lot)
    one = held(lot)
    assert one.number in seen(lot, "bidder1", reverse("credit:mine")).content.decode()
    mine = reverse("credit:score", args=[one.uscc])
    assert one.number in seen(lot, "officer", mine).content.decode()
    assert seen(lot, "owner", reverse("credit:certificate", args=[one.number])).status_code == 200


def test_the_certificate_of_who_is_not_opened_stays_closed(lot):
    """Its file was lost, or it stood on the list though withdrawn: nobody learns of its bid."""
    closed(lot)
    opened(lot)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Bid._meta.db_table} SET state = 'deemed_withdrawn' WHERE bidder_uscc = %s",
            [held(lot).uscc],
        )
    address = reverse("credit:certificate", args=[held(lot).number])
    assert seen(lot, "auditor", address).status_code == 404


def test_the_event_of_a_list_names_no_bidder_and_no_number(lot):
    closed(lot)
    (event,) = Event.objects.filter(name="procurement.opening.listed")
    assert event.payload == {"opening_id": steps.now().pk}


def test_numbers_of_certificates_are_in_no_order(lot):
    closed(lot)
    rows = ScoreCertificate.objects.order_by("pk").values_list("number", flat=True)
    numbers = [int(number.rpartition("-")[2]) for number in rows]
    assert max(numbers) - min(numbers) > 10**6


def test_certificates_and_covers_come_to_one_number_of_entries(lot, monkeypatch):
    """Also where it is told twice, and where scoring fails for somebody."""
    steps.close(lot)
    monkeypatch.setattr(needs, "_certify", failing_for(lot, "bidder2"))
    counts = []
    for _time in range(2):
        before = LogEntry.objects.count()
        with pytest.raises(certifying.NotCertified):
            certifying.certify(steps.now().pk)
        counts.append(LogEntry.objects.count() - before)
    monkeypatch.setattr(needs, "_certify", credit.certify)
    before = LogEntry.objects.count()
    certifying.certify(steps.now().pk)
    counts.append(LogEntry.objects.count() - before)
    assert counts == [certifying.ROUND] * 3
