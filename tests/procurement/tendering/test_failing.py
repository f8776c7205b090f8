"""A failed lot says why and leads to the one that follows it; that one leads back."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.access.actors import Actor
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.services import open_lot
from tests.procurement.tendering import samples
from tests.procurement.tendering.test_deadlines_shown import page

pytestmark = pytest.mark.django_db
WHY = "投标截止时有效投标只有 2 份，投标人少于三个，不得开标"
AGAIN = "投标人少，延长投标时间后重新招标。"


@pytest.fixture
def failed(market: dict[str, Actor]) -> Lot:
    """A lot with two bids at its deadline."""
    lot = samples.published(market, samples.project(market))
    samples.automatic(lot, "close")
    said = {"live_bids": 2, "closing_list_sha256": samples.LIST}
    samples.automatic(lot, "fail", said)
    return lot


def notice(lot: Lot) -> str:
    answer = Client().get(f"/notices/{lot.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_reads_why_a_lot_failed_by_which_article_and_what_must_follow(
    failed: Lot,
) -> None:
    for told in (notice(failed), page("owner", f"/cases/{LOT.code}/{failed.pk}/")):
        assert WHY in told
        assert "《招标投标法实施条例》第四十四条" in told
        assert "采取措施后重新招标" in told


def test_a_failed_lot_and_the_one_that_follows_lead_to_one_another(
    failed: Lot, market: dict[str, Actor]
) -> None:
    samples.act(failed, "retender", market["owner"], {"reason": AGAIN})
    project = failed.project_number
    form = samples.whole(project, failed.documents[0]["file_sha256"], retender_of=failed.number)
    receipt = open_lot(actor=market["owner"], payload=form, key="again")
    again = Lot.objects.get(pk=receipt.case_pk)
    assert AGAIN in notice(failed)
    assert again.number not in notice(failed)  # a draft is nobody's but the owner's
    samples.act(again, "approve", market["owner"])
    samples.act(again, "publish", market["owner"])
    assert f'href="/notices/{again.number}/"' in notice(failed)
    assert f'href="/notices/{failed.number}/"' in notice(again)
    assert WHY not in notice(again)


def test_a_failed_lot_that_was_put_out_again_still_says_why(
    failed: Lot, market: dict[str, Actor]
) -> None:
    samples.act(failed, "retender", market["owner"], {"reason": AGAIN})
    told = notice(failed)
    assert WHY in told
    assert "采取措施后重新招标" not in told


def test_a_lot_that_failed_by_its_closing_list_alone_says_so(market: dict[str, Actor]) -> None:
    lot = samples.published(market, samples.project(market))
    samples.automatic(lot, "close")
    samples.automatic(lot, "fail", {"live_bids": 2, "closing_list_sha256": samples.LIST})
    assert WHY in notice(lot)
    samples.act(lot, "retender", market["owner"], {"reason": AGAIN})
    assert WHY in notice(lot)


def test_a_corrected_list_with_too_few_bids_counts_anew(market: dict[str, Actor]) -> None:
    lot = samples.published(market, samples.project(market))
    samples.automatic(lot, "close")
    samples.automatic(lot, "open_bids", {"live_bids": 3, "closing_list_sha256": samples.LIST})
    samples.automatic(lot, "fail", {"live_bids": 2, "closing_list_sha256": "c" * 64})
    lot.refresh_from_db()
    assert (lot.live_bids, lot.closing_list_sha256) == (2, "c" * 64)
    assert WHY in notice(lot)


def test_the_parties_see_the_lot_that_follows_though_it_was_given_up(
    failed: Lot, market: dict[str, Actor]
) -> None:
    samples.act(failed, "retender", market["owner"], {"reason": AGAIN})
    project = failed.project_number
    form = samples.whole(project, failed.documents[0]["file_sha256"], retender_of=failed.number)
    again = open_lot(actor=market["owner"], payload=form, key="again").case_pk
    following = Lot.objects.get(pk=again)
    samples.act(following, "approve", market["owner"])
    samples.act(following, "publish", market["owner"])
    samples.act(following, "terminate", market["owner"], {"reason": AGAIN})
    assert f'href="/cases/{LOT.code}/{again}/"' in page("owner", f"/cases/{LOT.code}/{failed.pk}/")


def test_consortia_that_are_not_taken_are_told_so_in_english(failed: Lot) -> None:
    told = Client(headers={"accept-language": "en"}).get(f"/notices/{failed.number}/")
    assert ">Not accepted<" in told.content.decode()


def test_a_failed_lot_offers_no_bid(failed: Lot) -> None:
    told = page("bidder", f"/notices/{failed.number}/")
    assert "对招标提出异议" in told
    assert "参加投标" not in told
