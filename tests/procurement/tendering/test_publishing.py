"""From draft to notice: each guard once refusing and once not."""

from __future__ import annotations

import pytest

from procurement.tendering.models import Lot
from tests.procurement.tendering.samples import published

pytestmark = pytest.mark.django_db


def test_a_whole_lot_is_published(market):
    lot = published(market)
    assert (lot.state, lot.number[-3:]) == ("published", "-01")
    assert Lot.objects.get().policy_sha256
