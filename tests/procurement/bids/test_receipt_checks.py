"""What a bidder's page says of witnesses: that they are waited for, or that they did not sign."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kernel import clock
from kernel.evidence import witnesses
from kernel.parties.models import User
from tests.kernel.evidence.support import new_signer
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "waits", "overdue"),
    [
        ("zh-hans", "见证人随后签署", "投标截止时间已过，仍没有见证人签署过"),
        ("en", "Heads are signed at least hourly", "The deadline for bids has passed"),
    ],
)
def test_once_bids_are_closed_nobody_waits_for_a_witness(
    lot: Any, language: str, waits: str, overdue: str
) -> None:
    witnesses.register(
        name="示例公证处", uscc="12230100MB00000019", spki=new_signer().spki, at=clock.now()
    )
    lot.bid("bidder1")
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get(person_id=lot.people["bidder1"].person_id))
    name = "示例公证处" if language == "zh-hans" else '<span lang="zh-Hans">示例公证处</span>'
    page = client.get(f"/bids/mine/{LOT}/").content.decode()
    assert waits in page and overdue not in page and name in page
    lot.at(lot.lot.deadline)
    page = client.get(f"/bids/mine/{LOT}/").content.decode()
    assert overdue in page and waits not in page and name in page
