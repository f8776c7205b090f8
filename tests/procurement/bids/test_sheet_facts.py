"""A bidder's lot page gives what the opening sheet would ask it again, to nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.parties.models import User
from kernel.sealing import canonical
from procurement.bids import lots, needs, sheet_facts
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.procurement.bids.support import LOT, FakeLot

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
        lambda lot, uscc, _at: ("BH-7",) if (lot, uscc) == (LOT, samples.FIRM) else (),
    )  # fmt: skip
    yield found
    lots.use(None)


def test_constructors_and_own_securities_are_told_once_each(people):
    told = sheet_facts.compose(LOT, samples.FIRM, clock.now())
    assert (told["managers"], told["securities"]) == (["示例经理"], ["BH-7"])
    assert told["ceiling_fen"] == 0


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
