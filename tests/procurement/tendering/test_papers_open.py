"""Whoever may read a lot reads the papers that stand on it; whoever may not, does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.parties.models import User
from procurement.tendering.models import Lot
from procurement.tendering.services import open_lot
from tests.procurement.tendering.samples import act, project, uploaded, whole

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def status(lot: Lot, sha256: str, who: str) -> int:
    client = Client()
    client.force_login(User.objects.get(username=who), BACKEND)
    return client.get(f"/cases/procurement.tender/{lot.pk}/files/{sha256}/").status_code


def of_agency(market: dict[str, Actor], sha256: str, number: str) -> Lot:
    engaged = {"agency_uscc": market["agency"].uscc, "agency_engagement": "委〔2025〕1 号"}
    receipt = open_lot(
        actor=market["agency"], payload=whole(number, sha256) | engaged, key=f"a-{sha256[:8]}"
    )
    return Lot.objects.get(pk=receipt.case_pk)


def test_what_stands_on_an_agencys_lot_opens_for_its_readers_before_the_owner_has_acted(
    market: dict[str, Actor],
) -> None:
    sha256 = uploaded(market["agency"], "代理编制的招标文件")
    lot = of_agency(market, sha256, project(market).number)
    assert [status(lot, sha256, who) for who in ("agency", "owner")] == [200, 200]
    assert [status(lot, sha256, who) for who in ("bidder", "other_owner")] == [403, 403]


def test_a_paper_of_the_owners_stands_there_only_once_the_owner_brought_it(
    market: dict[str, Actor],
) -> None:
    """An agency that knows its hash puts nothing on the lot that its readers could not open."""
    number, theirs = project(market).number, uploaded(market["owner"], "业主的文件")
    with pytest.raises(Refused) as refused:
        of_agency(market, theirs, number)
    assert {one.code for one in refused.value.refusals} == {"procurement.tender.file_missing"}
    own = uploaded(market["agency"], "代理编制的招标文件")
    lot = of_agency(market, own, number)
    engaged: dict[str, Any] = {"agency_uscc": lot.agency_uscc, "agency_engagement": "委-1"}
    act(lot, "amend", market["owner"], whole(number, theirs) | engaged)
    assert [status(lot, theirs, who) for who in ("agency", "owner")] == [200, 200]
    assert status(lot, theirs, "bidder") == 403
    # From then on either names what the other brought.
    act(lot, "amend", market["agency"], whole(number, theirs) | engaged)
    assert status(lot, theirs, "agency") == 200
