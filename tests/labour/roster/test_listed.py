"""A crew whose firm is on a list takes nobody on."""

from __future__ import annotations

import pytest

from credit.conduct.models import ConductRecord
from kernel.errors import Refused
from tests.credit.conduct import samples as conduct
from tests.labour.samples import act, offer, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
WHY = {"reason": "理由。"}


def test_a_crew_on_a_list_takes_on_no_worker_and_is_told_by_which_document():
    who, officers = world(), conduct.officers()
    record = conduct.published(officers, uscc=who["leader"].uscc, item="collusion")
    record = conduct.act(record, "propose_list", officers["one"], WHY)
    conduct.later(officers, 10)
    conduct.act(ConductRecord.objects.get(pk=record.pk), "list", officers["two"], WHY)
    with pytest.raises(Refused) as found:
        act("labour.worker", None, "offer", who["leader"], offer(who, "worker1"))
    (reason,) = found.value.refusals
    assert reason.code == "credit.conduct_record.listed"
    assert reason.facts == {"number": record.document_number}
