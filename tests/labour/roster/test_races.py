"""Two sites that take one person in at once: each looked before the other had done it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest

from kernel import clock
from kernel.workflow import sandbox
from labour.roster import selectors
from labour.roster.models import Worker
from tests.labour import samples
from tests.labour.samples import OTHER, act, brought
from tests.meeting import met_behind

pytestmark = pytest.mark.slow


def test_two_sites_at_once_do_not_both_admit_one_person(committed, monkeypatch):
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    who = samples.world()
    samples.permitted(OTHER, "HT-2", "P2")
    cases = [brought(who, "worker1", "train"), brought(who, "worker1", "train", site_number=OTHER)]
    admit = [partial(act, "labour.worker", case.pk, "admit", who["clerk"]) for case in cases]
    found = met_behind(monkeypatch, (selectors, "other_site"), *admit)
    assert {"labour.worker.other_site"} in found
    assert Worker.objects.filter(state="admitted").count() == 1
