"""A bidder's lot page gives what the opening sheet would ask it again, to nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.parties.models import User
from kernel.sealing import canonical
from procurement.bids import lots, needs, own_security, sheet_facts
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.procurement.bids.support import LOT, FakeLot

OWNER = "91230100000000001X"
HELD = needs.OwnSecurity("BH-7", 8_000_000, date(2027, 12, 31), OWNER)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people(monkeypatch):
    lots.use(FakeLot(state="published", deadline=clock.now() + timedelta(days=20)).find)
    found = officers.officers()
    for number, certificate, name in (
        ("黑1", "constructor_first", "示例经理"),
        ("黑2", "constructor_second", "示例经理"),
        ("黑3", "safety_c1", "示例安全员"),
    ):
        samples.licence(
            found, kind="person", number=number, holder=name, trade="building", grade="",
            certificate=certificate, holder_id="11010519491231002X",
        )  # fmt: skip
    monkeypatch.setattr(
        needs.own_securities, "_answer",
        lambda lot, uscc, _at: (HELD,) if (lot, uscc) == (LOT, samples.FIRM) else (),
    )  # fmt: skip
    yield found
    lots.use(None)


def test_constructors_and_own_securities_are_told_once_each(people):
    told = sheet_facts.compose(LOT, samples.FIRM, clock.now())
    assert (told["managers"], told["securities"]) == (["示例经理"], ["BH-7"])
    assert (told["ceiling_fen"], told["security_fen"], told["bill"]) == (0, 0, False)


def test_who_is_not_in_the_archive_is_told_the_lots_own_facts(people):
    told = sheet_facts.compose(LOT, "91230100000000000X", clock.now())
    assert (told["managers"], told["securities"]) == ([], [])


def test_the_file_is_of_who_is_logged_in_and_of_bidders_alone(people):
    url = reverse("procurement:bids-sheet-facts", args=[LOT])
    answers = {}
    for name in ("firm", "one"):
        client = Client()
        client.force_login(User.objects.get(username=name), BACKEND)
        answers[name] = client.get(url)
    told = json.loads(answers["firm"].content)
    assert told["bidder"] == people["firm"].uscc
    assert answers["firm"].content == canonical.encode(told)
    assert answers["firm"]["Content-Disposition"] == f'attachment; filename="{LOT}.sheet.json"'
    assert answers["one"].status_code == 403
    assert Client().get(url).status_code in (302, 403)


@pytest.fixture
def asking(people):
    """The same lot, which asks for a bid security and is priced over a bill."""
    fake = FakeLot(state="published", deadline=clock.now() + timedelta(days=20), owner=OWNER)

    def find(number):
        found = fake.find(number)
        return found and replace(
            found, security_fen=8_000_000, validity_days=90, over_bill=True
        )  # fmt: skip

    lots.use(find)
    return people


def test_what_the_lot_asks_for_stands_in_the_file(asking):
    told = sheet_facts.compose(LOT, samples.FIRM, clock.now())
    assert (told["security_fen"], told["bill"]) == (8_000_000, True)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "whole"),
        ({"amount_fen": 7_999_999}, "short"),
        ({"valid_to": date(2020, 1, 1)}, "term"),
        ({"beneficiary_uscc": samples.FIRM}, "none"),
    ],
)
def test_a_bidders_security_is_held_against_what_its_lot_asks_for(
    asking, monkeypatch, changes, state
):
    held = replace(HELD, **changes)
    monkeypatch.setattr(needs.own_securities, "_answer", lambda _lot, _uscc, _at: (held,))
    told = own_security.standing(lots.find(LOT), samples.FIRM, clock.now())
    assert (told.asked_fen, told.state) == (8_000_000, state)


def test_a_lot_without_security_asks_nothing_of_anybody(people):
    assert own_security.standing(lots.find(LOT), samples.FIRM, clock.now()) is None


@pytest.mark.parametrize(
    ("language", "none"), [("zh-hans", "平台上还没有"), ("en", "has no bid security")]
)
def test_the_lots_page_tells_what_is_asked_and_what_the_bidder_has(
    asking, monkeypatch, language, none
):
    client = Client()
    client.force_login(User.objects.get(username="firm"), BACKEND)
    client.cookies["django_language"] = language
    url = reverse("procurement:bids-lot", args=[LOT])
    shown = client.get(url).content.decode()
    assert "BH-7" in shown and shown.count("80,000.00") == 2 and none not in shown
    monkeypatch.setattr(needs.own_securities, "_answer", lambda _lot, _uscc, _at: ())
    shown = client.get(url).content.decode()
    assert shown.count("80,000.00") == 1 and none in shown


@pytest.mark.parametrize("opened", [True, False])
def test_the_lots_page_leads_to_the_record_once_it_is_opened(people, monkeypatch, opened):
    monkeypatch.setattr("procurement.bids.selectors.is_opened", lambda _number: opened)
    client = Client()
    client.force_login(User.objects.get(username="firm"), BACKEND)
    shown = client.get(reverse("procurement:bids-lot", args=[LOT])).content.decode()
    assert (reverse("procurement:bids-opening", args=[LOT]) in shown) == opened
