"""A certificate counts what a worker has in its hands just then."""

from __future__ import annotations

import pytest

from credit.enterprises.models import Enterprise
from credit.scoring import catching_up, selectors, services
from credit.scoring.models import PointEntry
from kernel import clock
from kernel.events import services as events
from kernel.events.models import Delivery
from tests.credit.conduct.samples import FIRM, later, notified, officers

pytestmark = pytest.mark.django_db


def test_what_a_worker_is_entering_is_waited_for(september, monkeypatch):
    people = officers()
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    record = notified(people)
    monkeypatch.setattr(events, "deliver", lambda _pk: True)
    monkeypatch.setattr("tests.credit.conduct.samples.settle", lambda: None)
    later(people, 10)
    entered = Delivery.objects.get(subscriber=catching_up.PUBLISHED)
    Delivery.objects.filter(pk=entered.pk).update(state=Delivery.State.LEASED)
    monkeypatch.undo()

    def worker_is_done(_seconds):
        Delivery.objects.filter(pk=entered.pk).update(state=Delivery.State.PENDING)
        assert events.deliver(entered.pk)

    monkeypatch.setattr(catching_up.time, "sleep", worker_is_done)
    held = services.certificate(FIRM, at=clock.now(), purpose="test:1")
    assert PointEntry.objects.filter(record_id=record.pk).count() == 1
    assert held.score_millionths == selectors.score(FIRM, clock.today(), clock.now()).millionths
    assert held.score_millionths < 60_000_000


def test_nobody_waits_for_ever(september, monkeypatch):
    looks = []
    monkeypatch.setattr(catching_up.time, "sleep", looks.append)

    class Held:
        def exists(self):
            return True

    catching_up._until_done(Held())
    assert sum(looks) == pytest.approx(2.0)
