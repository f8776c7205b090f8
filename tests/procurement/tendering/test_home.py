"""The home page says which notices are open for bids, and until when."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.access.actors import Actor
from kernel.web import formats
from kernel.workflow.guarding import firing
from procurement.tendering.models import Lot
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(september: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    samples.answered(monkeypatch)
    return samples.market()


def test_the_home_page_says_which_notices_are_open_for_bids_and_until_when(
    market: dict[str, Actor],
) -> None:
    lot = samples.published(market)
    assert lot.bid_deadline_at is not None
    until = formats.deadline(lot.bid_deadline_at)
    page = Client(headers={"Accept-Language": "zh-hans"}).get("/").content.decode()
    assert f"/notices/{lot.number}/" in page and until in page and "招标中" in page
    with firing():
        Lot.objects.filter(pk=lot.pk).update(state="failed")
    page = Client(headers={"Accept-Language": "zh-hans"}).get("/").content.decode()
    assert "招标失败" in page and until not in page
