"""A rejected bidder reads on its desk that its bid was rejected, why, and until when it objects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import User
from kernel.workflow.guarding import firing
from procurement.bids import judged, needs
from procurement.bids.models import Bid
from procurement.tendering import failing
from procurement.tendering.models import Lot
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
KEPT = (
    "投标人不符合国家或者招标文件规定的资格条件；投标文件没有对招标文件的实质性要求和条件作出响应"
)
ENGLISH = "The bidder does not meet the conditions of qualification"
WHY = needs.Rejection(("某一情形",), "《招标投标法实施条例》第五十一条")


@pytest.fixture
def market(september: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    samples.answered(monkeypatch)
    return samples.market()


def rejected(people: dict[str, Actor], **lot_changes: Any) -> Bid:
    """A bid of ``bidder`` that was rejected, its lot being as the changes say."""
    lot, who = samples.published(people), people["bidder"]
    with firing():
        Lot.objects.filter(pk=lot.pk).update(**lot_changes)
        return Bid.objects.create(
            pk=1, lot_number=lot.number, lot_id=lot.pk, project_number=lot.project_number,
            region=lot.region, owner_uscc=lot.owner_uscc, bidder_uscc=who.uscc, state="rejected",
            received_at=clock.now(), opened_at=clock.now(), changed_at=clock.now(), reason=KEPT,
        )  # fmt: skip


def client(language: str = "zh-hans") -> Client:
    found = Client(headers={"Accept-Language": language})
    found.force_login(User.objects.get(username="bidder"))
    return found


def test_the_desk_of_a_rejected_bidder_says_why_and_until_when_it_may_object(market, monkeypatch):
    ends = clock.now() + timedelta(days=2)
    bid = rejected(market, state="publicity", publicised_at=clock.now(), publicity_ends_at=ends)
    assert "投标被否决" not in client().get("/desk/").content.decode()
    monkeypatch.setattr(needs.rejection, "_answer", lambda _lot, _bid: WHY)
    (row,) = judged.rows(market["bidder"], clock.now())
    assert row.due is not None and row.due.at == ends
    page = client().get("/desk/").content.decode()
    assert "投标被否决" in page and f"/bids/mine/{bid.lot_number}/" in page
    english = client("en").get("/desk/").content.decode()
    assert ENGLISH in english and "不符合" not in english
    own = client().get(f"/bids/mine/{bid.lot_number}/").content.decode()
    assert f"lot_number={bid.lot_number}&amp;stage=publicity" in own and "投诉" in own
    assert not list(judged.rows(market["owner"], clock.now()))
    assert not list(judged.rows(market["bidder"], clock.now() + judged.TOLD_FOR))


def test_of_a_failed_lot_a_rejected_bidder_is_told_that_nobody_can_be_objected_to(
    market, monkeypatch
):
    monkeypatch.setattr(needs.rejection, "_answer", lambda _lot, _bid: WHY)
    bid = rejected(market, state="failed")
    (row,) = judged.rows(market["bidder"], clock.now())
    assert row.due is None and "异议" not in row.act
    own = client().get(f"/bids/mine/{bid.lot_number}/").content.decode()
    assert "本次招标已经失败" in own and "stage=publicity" not in own and "投诉" in own


def test_after_the_publicity_nothing_is_offered_that_would_be_refused(market):
    ended = clock.now() - timedelta(days=900)
    with firing():
        lot = Lot(number="X", state="publicity", publicity_ends_at=ended)
    assert judged.remedy(lot, clock.now()) == judged.Remedy()


def test_the_reason_of_a_rejection_is_told_in_the_readers_language(market):
    bid = rejected(market)
    with translation.override("en"):
        said = judged.reason(bid)
    assert ENGLISH in said and not any("\u4e00" <= c <= "\u9fff" for c in said)
    with translation.override("zh-hans"):
        assert judged.reason(bid) == KEPT
        bid.reason = "材料与原件不一致"
    with translation.override("en"):
        assert judged.reason(bid) == "材料与原件不一致"  # as somebody wrote it


def test_why_a_lot_failed_is_told_in_the_readers_language_where_the_platform_wrote_it():
    with firing():
        lot = Lot(state="failed", failed_reason="评标委员会否决全部投标")
    with translation.override("en"):
        (group,) = failing.why(lot)
    assert group.facts[0].value == "The evaluation committee rejected all bids"
