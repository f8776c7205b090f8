"""Before the opening nobody but its bidder learns that there is a bid: page, API, log, count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.access.actors import Actor
from kernel.api import tokens
from kernel.evidence.models import LogEntry
from kernel.parties.models import Membership, User
from kernel.workflow import judge, selectors
from kernel.workflow.machines import machines
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db
OTHERS = ("owner", "agency", "trustee1", "supervisor", "auditor", "operator", "bidder2")


@pytest.fixture
def lot(world):
    world.policy()
    world.bid("bidder1", price=98_765_432_10)
    return world


def token(actor: Actor) -> dict[str, str]:
    membership = Membership.objects.get(
        person_id=actor.person_id, organisation_id=actor.organisation_id, role=actor.role
    )
    until = clock.technical_now() + timedelta(days=1)
    return {"Authorization": f"Bearer {tokens.issue(membership, name='t', expires_at=until)[1]}"}


def secrets_of(lot) -> list[str]:
    bid, bidder = Bid.objects.get(), lot.people["bidder1"]
    return [
        str(bid.pk), bid.manifest_sha256, bidder.uscc, bidder.organisation_name,
        bid.reference, bid.certificate_serial,
    ]  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_no_page_and_no_answer_tells_anybody_of_a_bid(lot, name):
    actor = lot.people[name]
    bid = Bid.objects.get()
    case = bid.case_ref
    browser = Client()
    browser.force_login(User.objects.get(person_id=actor.person_id))
    pages = ["/", reverse("web:desk"), reverse("web:log"),
             reverse("web:case", args=[BID.code, bid.pk]),
             reverse("web:case-public", args=[BID.code, bid.pk]),
             reverse("procurement:bids-policy", args=[LOT]),
             reverse("procurement:bids-opening", args=[LOT]),
             reverse("procurement:bids-mine"), reverse("procurement:bids-lot", args=[LOT]),
             reverse("procurement:bids-receipt", args=[LOT, 1, "receipt"])]  # fmt: skip
    pages += [reverse("web:cases", args=[code]) for code in machines()]
    pages += [
        reverse("web:log-entry", args=[row.index]) for row in LogEntry.objects.filter(case=case)
    ]
    head = token(actor)
    asked = [f"/api/v1/lots/{LOT}/{part}" for part in ("policy", "closing", "opening", "time")]
    asked += [f"/api/v1/cases/{BID.code}/{bid.pk}"]
    told = [browser.get(page).content.decode() for page in pages]
    told += [Client().get(address, headers=head).content.decode() for address in asked]
    # A page repeats the address that was asked for; nothing beyond it.
    own = {str(bid.pk)}
    for text, address in zip(told, pages + asked, strict=True):
        for secret in secrets_of(lot):
            if secret in own and secret in address:
                continue
            assert secret not in text, (name, address, secret)


@pytest.mark.parametrize("name", OTHERS)
def test_no_list_counts_a_sealed_bid(lot, name):
    actor = lot.people[name]
    assert not Bid.objects.filter(selectors.readable(BID, actor)).exists()
    assert not judge.readable(BID, Bid.objects.get(), actor)
    assert not any(row.case.machine is BID for row in selectors.desk([BID], actor))


def test_its_bidder_reads_it_a_colleague_too(lot):
    bid = Bid.objects.get()
    for name in ("bidder1", "bidder1b"):
        assert judge.readable(BID, bid, lot.people[name])
        browser = Client()
        browser.force_login(User.objects.get(person_id=lot.people[name].person_id))
        assert bid.manifest_sha256 in browser.get(
            reverse("web:case", args=[BID.code, bid.pk])
        ).content.decode()  # fmt: skip
        answer = browser.get(reverse("procurement:bids-receipt", args=[LOT, 1, "receipt"]))
        assert answer.status_code == 200


def test_entries_of_a_bid_are_not_public_and_stand_among_covers(lot):
    for index in range(2, 5):
        lot.bid(f"bidder{index}")
    kinds = list(LogEntry.objects.values_list("kind", "public"))
    assert not any(public for kind, public in kinds if kind.startswith("procurement."))
    assert any(kind == "procurement.cover" for kind, _public in kinds)
    covers = LogEntry.objects.filter(kind="procurement.cover")
    assert not covers.exclude(case="").exists()


def test_the_numbers_of_bids_are_in_no_order(lot):
    for index in range(2, 6):
        lot.bid(f"bidder{index}")
    numbers = list(Bid.objects.order_by("received_at").values_list("pk", flat=True))
    assert max(numbers) - min(numbers) > 10**6


def test_no_event_names_a_bidder(lot):
    from kernel.events.models import Event

    bidder = lot.people["bidder1"].uscc
    for event in Event.objects.filter(name__startswith="procurement.bid"):
        assert bidder not in str(event.payload)


def test_the_database_holds_nothing_of_a_bids_content(lot):
    """What an operator can read: no price, in no table and in no file of the vault."""
    from django.apps import apps
    from django.conf import settings

    for model in apps.get_models():
        for row in model._base_manager.all()[:2000].values():
            assert "9876543210" not in str(row), model
    for path in settings.VAR_DIR.rglob("*"):
        if path.is_file():
            assert b"9876543210" not in path.read_bytes(), path
