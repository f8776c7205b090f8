"""Two sites that take one person in at once: each looked before the other had done it."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime

import pytest
from django.db import connection

from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from labour.roster import selectors
from labour.roster.models import Worker
from tests.labour import samples
from tests.labour.samples import OTHER, act, brought

pytestmark = pytest.mark.slow


def test_two_sites_at_once_do_not_both_admit_one_person(committed, monkeypatch):
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    who = samples.world()
    samples.permitted(OTHER, "HT-2", "P2")
    cases = [brought(who, "worker1", "train"), brought(who, "worker1", "train", site_number=OTHER)]
    met, looked, found = threading.Barrier(2), selectors.other_site, [None, None]
    waits = threading.local()

    def look(case):
        seen = looked(case)
        if not getattr(waits, "done", False):
            waits.done = True
            with suppress(threading.BrokenBarrierError):
                met.wait(3)  # SQLite lets one write at a time: there the other goes on alone
        return seen

    def admit(place):
        try:
            found[place] = act("labour.worker", cases[place].pk, "admit", who["clerk"]).state
        except Refused as refused:
            found[place] = {r.code for r in refused.refusals}
        finally:
            connection.close()

    monkeypatch.setattr(selectors, "other_site", look)
    threads = [threading.Thread(target=admit, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {"labour.worker.other_site"} in found
    assert Worker.objects.filter(state="admitted").count() == 1
