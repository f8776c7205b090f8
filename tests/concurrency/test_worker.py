"""A real worker: killed at any point, robbed of its messages, late; each side effect is once."""

from __future__ import annotations

import os
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from django.db import transaction

from config.database import broker as broker_settings
from kernel import clock
from kernel.events import services, tasks
from kernel.events.models import Delivery
from kernel.evidence.models import LogEntry
from kernel.workflow import sandbox
from kernel.workflow.models import Act, Deadline, NumberSeries
from procurement.projects.models import Project
from tests.concurrency import probe
from tests.concurrency.conftest import throw_messages_away
from tests.concurrency.wire import Wire
from tests.procurement.projects.samples import act, opened, submitted

pytestmark = [pytest.mark.worker, pytest.mark.slow]


def happened(*events: probe.Probed) -> None:
    with transaction.atomic():
        services.publish(events, case="tests:1", at=clock.now())


def all_done() -> bool:
    return not Delivery.objects.exclude(state=Delivery.State.DONE).exists()


def counted() -> dict[str, int]:
    rows = NumberSeries.objects.filter(code__startswith="probe:")
    return {row.code.removeprefix("probe:"): row.last for row in rows}


def test_a_worker_killed_at_any_point_leaves_each_side_effect_once(probed, worker):
    points = {f"at {point}": point for point in probe.POINTS}
    happened(probe.Probed("undisturbed"), *(probe.Probed(n, p) for n, p in points.items()))
    worker.until(lambda: all_done() and worker.died() == set(points))
    assert counted() == {"undisturbed": 1, **dict.fromkeys(points, 1)}
    # A further wake-up, as a broker sends it that was never told of the end, does nothing.
    for delivery in Delivery.objects.all():
        services.wake(delivery.pk)
    happened(probe.Probed("last"))
    worker.until(all_done)
    assert set(counted().values()) == {1}


def test_lost_messages_are_made_up_for_by_the_sweep(probed, worker):
    happened(*(probe.Probed(f"lost {n}") for n in range(5)))
    throw_messages_away()
    worker.until(all_done)
    assert counted() == {f"lost {n}": 1 for n in range(5)}


@pytest.fixture
def wire():
    made = Wire(os.environ["ZHUXIN_BROKER_URL"])
    yield made
    made.close()


@pytest.mark.services
def test_a_worker_goes_on_when_its_broker_comes_back(probed, worker, wire):
    worker.environment["ZHUXIN_BROKER_URL"] = wire.url
    happened(probe.Probed("before"))
    worker.until(lambda: counted() == {"before": 1})
    wire.cut()
    happened(probe.Probed("meanwhile"))
    time.sleep(2)
    assert counted() == {"before": 1}
    wire.mend()
    worker.until(all_done)
    assert counted() == {"before": 1, "meanwhile": 1}


@pytest.fixture(params=["refuses", "is dumb"])
def dead_address(request):
    """An address where nobody listens, or somebody who never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if request.param == "refuses":
            server.close()
        yield f"127.0.0.1:{port}"


@pytest.fixture(params=["amqp", "redis"])
def tries(request, dead_address, monkeypatch, tmp_path):
    """Wake-ups go to a dead broker, under the settings of a live one; which were tried."""
    if request.param == "redis":
        pytest.importorskip("redis")
    away = Celery("away", set_as_current=False)
    made = broker_settings(f"{request.param}://{dead_address}//", tmp_path)
    away.config_from_object({k.removeprefix("CELERY_").lower(): v for k, v in made.items()})
    tried = []

    def send(args, **options):
        tried.append(args)
        away.send_task("kernel.events.deliver", args, **options)

    monkeypatch.setattr(tasks.deliver, "apply_async", send)
    monkeypatch.setattr("celery.current_app", away)
    monkeypatch.setattr(services, "_deaf_until", 0.0)
    return tried


def test_an_act_is_done_though_the_broker_is_away(committed_people, tries, caplog):
    """Without limits of our own the request would wait for minutes, or for ever."""
    begun = time.monotonic()
    project = submitted(committed_people["clerk"])
    registered = act(project, "accept", committed_people["officer"])
    waiting = set(Delivery.objects.filter(state=Delivery.State.PENDING).values_list("pk"))
    services.wake(min(waiting)[0])
    # Twice the longest limit: far below for ever, far above what a busy machine adds.
    assert time.monotonic() - begun < 30
    assert registered.state == "registered"
    # While the broker is known to be away nobody waits for it a second time.
    [tried] = tries
    assert tried in waiting
    assert [r.message[:10] for r in caplog.records if r.name == services.__name__] == ["no wake-up"]


def test_a_late_worker_changes_nothing_legally(committed_people, probed, worker):
    """A deadline that passed long ago takes effect with its own date, once, and before the jobs
    that stood in the queue before it: the clocks have a queue of their own.
    """
    happened(*(probe.Probed(f"slow {n}", "slow") for n in range(60)))
    project = opened(committed_people["clerk"])
    act(project, "submit", committed_people["clerk"])
    act(project, "return", committed_people["officer"], {"reason": "请补正"})
    due_at = datetime(2026, 3, 2, 16, tzinfo=UTC)
    Deadline.objects.filter(case_pk=project.pk, ended_at=None).update(
        due_at=due_at, provisional=False
    )
    worker.until(lambda: Project.objects.get(pk=project.pk).state == "draft")
    assert not all_done()
    lapse = Act.objects.get(case_pk=project.pk, transition="lapse")
    assert (lapse.at, lapse.version) == (due_at, 4)
    assert lapse.log_index is not None
    assert Project.objects.get(pk=project.pk).changed_at == due_at
    assert LogEntry.objects.get(kind="workflow.deadline_missed").at == due_at
    assert LogEntry.objects.get(pk=lapse.log_index).at == due_at


def test_leases_do_not_end_when_the_legal_clock_moves(committed_people, probed, worker):
    happened(probe.Probed("held"))
    throw_messages_away()
    claim = services._claim(Delivery.objects.get().pk)
    assert claim is not None
    sandbox.move_to(clock.now() + timedelta(days=300), actor=committed_people["operator"])
    happened(probe.Probed("free"))
    worker.until(lambda: counted() == {"free": 1})
    held = Delivery.objects.get(event__payload__name="held")
    assert (held.state, held.lease, held.attempts) == (Delivery.State.LEASED, claim[1], 1)
    services._run(*claim)
    assert counted() == {"free": 1, "held": 1}
