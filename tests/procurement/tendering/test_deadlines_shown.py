"""Which of a lot's dates its lists show, and how exactly."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from kernel.access.actors import Actor
from kernel.parties.models import User
from kernel.web import formats
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def lot(market: dict[str, Actor]) -> Lot:
    """A lot that takes bids; its documents are handed out until long before the deadline."""
    agency = {"agency_uscc": market["agency"].uscc, "agency_engagement": "委托〔2025〕1 号"}
    return samples.published(market, samples.project(market), **agency)


def page(username: str, url: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_of_lots_shows_until_when_bids_are_taken(lot: Lot) -> None:
    assert lot.sale_ends_at is not None and lot.bid_deadline_at is not None
    told = page("owner", f"/cases/{LOT.code}/")
    assert formats.deadline(lot.bid_deadline_at)[5:] in told
    assert formats.deadline(lot.sale_ends_at)[5:] not in told


def test_an_agencys_desk_does_not_count_the_days_that_documents_are_handed_out(lot: Lot) -> None:
    assert lot.sale_ends_at is not None
    told = page("agency", "/desk/")
    assert lot.number in told
    assert formats.deadline(lot.sale_ends_at)[5:] not in told


def test_the_register_of_notices_tells_the_hour_of_the_deadline(lot: Lot) -> None:
    assert lot.bid_deadline_at is not None
    assert formats.minute(lot.bid_deadline_at) in page("owner", "/notices/")
    client = Client()
    book = openpyxl.load_workbook(BytesIO(client.get("/notices/?format=xlsx").getvalue()))
    cells = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert any(formats.minute(lot.bid_deadline_at) in one for one in cells)
