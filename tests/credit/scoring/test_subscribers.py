"""The ledger learns of a record in the order in which things happened to it."""

from __future__ import annotations

import pytest

from credit.scoring.models import PointEntry
from kernel.events import services as events
from kernel.events.credit import ConductEnded, ConductPublished
from kernel.events.models import Delivery
from tests.credit.conduct.samples import FIRM
from tests.credit.scoring.test_bulk import NOW

pytestmark = pytest.mark.django_db


def test_an_end_does_not_overtake_the_publication():
    case = "credit.conduct_record:1"
    told = ConductPublished(
        record_id=1, number="XW-1", uscc=FIRM, item="hazard_major", effective_on=NOW.date(),
        document_number="文书1", article="",
    )  # fmt: skip
    events.publish([told], case=case, at=NOW)
    events.publish([ConductEnded(1, "XW-1", FIRM, "revoked")], case=case, at=NOW)
    first, last = (
        Delivery.objects.get(subscriber=name).pk
        for name in ("credit.scoring.published", "credit.scoring.ended")
    )
    assert not events.deliver(last)
    assert not PointEntry.objects.exists()
    assert events.deliver(first)
    Delivery.objects.filter(pk=last).update(next_attempt_at=Delivery.objects.get(pk=first).done_at)
    assert events.deliver(last)
    assert PointEntry.objects.filter(revokes__isnull=False).count() == 1
