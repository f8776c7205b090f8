"""What happened is told once, to everybody, whatever befalls the teller."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel.events import registry, services
from kernel.events.models import Delivery, Event
from tests.kernel.events.conftest import AT, Counted, publish

# Events hold codes and ids, which payloads were checked for; NUL is in none of them.
_TEXT = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=9)

DONE, DEAD, LEASED, PENDING = (
    Delivery.State.DONE,
    Delivery.State.DEAD,
    Delivery.State.LEASED,
    Delivery.State.PENDING,
)


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def fails(*_arguments):
    raise OSError("no paper")


# Publishing


def test_outside_a_transaction_nothing_is_published(committed):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        services.publish([Counted(1)], case="tests:1", at=AT)


def test_what_was_rolled_back_never_happened(listener, django_capture_on_commit_callbacks):
    with (
        django_capture_on_commit_callbacks() as woken,
        pytest.raises(OSError),
        transaction.atomic(),
    ):
        services.publish([Counted(1)], case="tests:1", at=AT)
        fails()
    assert not Event.objects.exists() and not Delivery.objects.exists()
    assert woken == []


def test_workers_are_woken_only_after_the_commit(
    listener, monkeypatch, django_capture_on_commit_callbacks
):
    woken: list[int] = []
    monkeypatch.setattr(services, "wake", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        (delivery,) = publish(1)
        assert woken == []
    assert woken == [delivery.pk]


def test_each_subscriber_gets_a_delivery_of_its_own(listener, monkeypatch):
    other = registry.Subscriber("tests.other", Counted.NAME, lambda envelope, prepared: None)
    monkeypatch.setitem(registry._subscribers, other.code, other)
    first, second = publish(1)
    assert {first.subscriber, second.subscriber} == {"tests.listener", "tests.other"}
    listener.trouble = fails
    assert [services.deliver(d.pk) for d in (first, second)].count(True) == 1


# Delivering


def test_a_subscriber_hears_the_event_as_it_was_told(listener):
    (delivery,) = publish(7)
    assert services.deliver(delivery.pk)
    (envelope,) = listener.heard
    assert envelope.event == Counted(7)
    assert (envelope.id, envelope.case, envelope.occurred_at) == (delivery.event_id, "tests:1", AT)
    assert fresh(delivery).state == DONE


def test_a_delivery_that_is_done_or_held_is_not_delivered_again(listener):
    (delivery,) = publish(1)
    assert services.deliver(delivery.pk)
    assert not services.deliver(delivery.pk)
    (held,) = publish(2)
    assert services._claim(held.pk)
    assert not services.deliver(held.pk)
    assert listener.written == [delivery.event_id]


def test_a_subscriber_that_raises_is_tried_later_and_later_and_then_given_up(listener, hands):
    listener.trouble = fails
    (delivery,) = publish(1)
    waits = []
    for attempt in range(1, services.MAX_ATTEMPTS + 1):
        assert not services.deliver(delivery.pk)
        row = fresh(delivery)
        assert row.attempts == attempt
        assert row.last_error == "OSError: no paper"
        waits.append(row.next_attempt_at - hands.now)
        hands.forward(waits[-1])
    assert row.state == DEAD
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] >= timedelta(seconds=1)
    hands.forward(timedelta(days=30))
    assert services.sweep() == 0
    assert not services.deliver(delivery.pk)
    assert listener.written == []


def test_only_a_failure_that_is_given_up_is_an_error_in_the_server_log(listener, hands, caplog):
    listener.trouble = fails
    (delivery,) = publish(1)
    for _ in range(services.MAX_ATTEMPTS):
        services.deliver(delivery.pk)
        hands.forward(timedelta(hours=2))
    *retried, given_up = [r for r in caplog.records if r.name == services.logger.name]
    assert len(retried) == services.MAX_ATTEMPTS - 1
    assert {(r.levelname, r.exc_info) for r in retried} == {("WARNING", None)}
    assert "tests.listener" in retried[0].message and "OSError: no paper" in retried[0].message
    assert given_up.levelname == "ERROR" and given_up.exc_info
    assert "no paper" in given_up.message


def test_what_a_failing_subscriber_wrote_is_rolled_back(listener):
    listener.trouble = fails
    (delivery,) = publish(1)
    services.deliver(delivery.pk)
    assert len(listener.heard) == 1 and listener.written == []
    listener.trouble = lambda envelope: None
    assert services.deliver(delivery.pk)
    assert listener.written == [delivery.event_id]
    assert fresh(delivery).last_error == ""


def test_poison_that_kills_workers_is_buried(listener, hands):
    (delivery,) = publish(1)
    for _ in range(services.MAX_ATTEMPTS):
        assert services._claim(delivery.pk)  # and the worker dies
        hands.forward(services.LEASE + timedelta(seconds=1))
    assert not services.deliver(delivery.pk)
    row = fresh(delivery)
    assert (row.state, row.last_error) == (DEAD, "no worker survived this delivery")
    assert listener.heard == []


def test_a_worker_that_lost_its_lease_writes_nothing(listener, hands):
    (delivery,) = publish(1)
    slow = services._claim(delivery.pk)
    assert slow is not None
    hands.forward(services.LEASE + timedelta(seconds=1))
    quick = services._claim(delivery.pk)
    assert quick is not None
    with pytest.raises(services.LeaseLost):
        services._run(*slow)
    services._fail(*slow, OSError("no paper"))
    services._bury(*slow, "nobody")
    assert (fresh(delivery).state, fresh(delivery).lease) == (LEASED, quick[1])
    services._run(*quick)
    assert listener.written == [delivery.event_id]


def test_a_takeover_during_the_work_is_no_error(listener, hands):
    (delivery,) = publish(1)

    def takes_long(envelope):
        hands.forward(services.LEASE + timedelta(seconds=1))
        assert services._claim(delivery.pk)
        return 0

    registry._subscribers[listener.CODE] = registry.Subscriber(
        listener.CODE, Counted.NAME, listener.commit, takes_long
    )
    assert not services.deliver(delivery.pk)
    assert fresh(delivery).state == LEASED and listener.written == []


def test_a_long_job_keeps_the_lease_it_asked_for(listener, hands):
    (delivery,) = publish(1)

    def takes_an_hour(envelope):
        hands.forward(timedelta(hours=1))
        assert services.sweep() == 0 and services._claim(delivery.pk) is None

    registry._subscribers[listener.CODE] = registry.Subscriber(
        listener.CODE, Counted.NAME, listener.commit, takes_an_hour, lease=timedelta(hours=2)
    )
    assert services.deliver(delivery.pk)
    assert listener.written == [delivery.event_id]


# The sweep


def test_the_sweep_wakes_what_is_due_once_within_the_patience(listener, hands, monkeypatch):
    woken: list[int] = []
    monkeypatch.setattr(services, "wake", woken.append)
    first, second = publish(1, 2)
    assert services.sweep() == 0  # their own wake-up is still young
    hands.forward(services.PATIENCE)
    assert services.sweep() == 2
    assert services.sweep() == 0
    assert woken == [first.pk, second.pk]
    services.deliver(first.pk)
    hands.forward(services.PATIENCE)
    assert services.sweep() == 1 and woken[2:] == [second.pk]


def test_the_sweep_wakes_a_worker_for_a_lease_that_ran_out(listener, hands, monkeypatch):
    woken: list[int] = []
    monkeypatch.setattr(services, "wake", woken.append)
    (delivery,) = publish(1)
    services._claim(delivery.pk)
    hands.forward(services.LEASE - timedelta(seconds=1))
    assert services.sweep() == 0
    hands.forward(timedelta(seconds=2))
    assert services.sweep() == 1 and woken == [delivery.pk]
    assert services.deliver(delivery.pk)


# What nobody knows any more


def test_an_event_that_nobody_knows_waits_for_the_code_that_does(listener):
    (delivery,) = publish(1)
    Event.objects.filter(pk=delivery.event_id).update(name="tests.unheard_of")
    assert not services.deliver(delivery.pk)
    row = fresh(delivery)
    assert (row.state, row.attempts) == (PENDING, 1)
    assert row.last_error.startswith("KeyError") and "tests.unheard_of" in row.last_error


def test_a_subscriber_that_nobody_knows_waits_too(listener):
    (delivery,) = publish(1)
    Delivery.objects.update(subscriber="tests.retired")
    assert not services.deliver(delivery.pk)
    row = fresh(delivery)
    assert row.state == PENDING and "tests.retired" in row.last_error


def test_a_version_from_the_future_waits_too(listener):
    (delivery,) = publish(1)
    Event.objects.update(version=3)
    assert not services.deliver(delivery.pk)
    assert fresh(delivery).state == PENDING and "version 3" in fresh(delivery).last_error


def test_an_old_version_of_an_event_still_parses(listener):
    (delivery,) = publish(1)
    Event.objects.update(version=1, payload={"number": 1, "amount_yuan": 12})
    assert services.deliver(delivery.pk)
    (envelope,) = listener.heard
    assert envelope.event == Counted(1, amount_fen=1200, on=date(2025, 12, 31))


@given(
    st.builds(
        Counted,
        number=st.integers(),
        on=st.dates(),
        at=st.datetimes(timezones=st.just(UTC)),
        codes=st.lists(_TEXT, max_size=3).map(tuple),
    )
)
def test_an_event_is_read_as_it_was_written(listener, event):
    with transaction.atomic():
        (row,) = services.publish([event], case="", at=AT)
        row = Event.objects.get(pk=row.pk)
        assert registry.parse(row.name, row.version, row.payload) == event


test_an_event_is_read_as_it_was_written = hypothesis_settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)(test_an_event_is_read_as_it_was_written)


# Again


def test_a_replay_delivers_again_and_a_new_subscriber_catches_up(listener, monkeypatch):
    done, held = publish(1, 2)
    services.deliver(done.pk)
    services._claim(held.pk)
    late = registry.Subscriber("tests.late", Counted.NAME, listener.commit)
    monkeypatch.setitem(registry._subscribers, late.code, late)
    ids = list(Event.objects.values_list("pk", flat=True))  # the listener's own among them
    assert services.replay(subscriber=late.code, event_ids=ids) == 2
    # What a worker holds at this moment is left to it.
    assert services.replay(subscriber=listener.CODE, event_ids=ids) == 1
    for delivery in Delivery.objects.filter(state=PENDING):
        assert services.deliver(delivery.pk)
    assert sorted(listener.written) == sorted([done.event_id] * 3 + [held.event_id])


def test_a_replay_of_many_goes_in_parts(listener, monkeypatch):
    monkeypatch.setattr(services, "_CHUNK", 2)
    deliveries = publish(*range(5))
    for delivery in deliveries:
        services.deliver(delivery.pk)
    ids = (d.event_id for d in deliveries)
    assert services.replay(subscriber=listener.CODE, event_ids=ids) == 5


def test_a_replay_for_nobody_is_refused(listener):
    with pytest.raises(LookupError):
        services.replay(subscriber="tests.retired", event_ids=[1])


def test_one_delivery_per_event_and_subscriber(listener):
    from django.db import IntegrityError

    (delivery,) = publish(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            event_id=delivery.event_id, subscriber=listener.CODE, next_attempt_at=AT
        )


def test_registering_a_name_twice_is_refused(listener):
    with pytest.raises(ValueError, match="two subscribers"):
        registry.subscribe(Counted, listener.CODE)(lambda envelope, prepared: None)
    with pytest.raises(ValueError, match="two events"):
        registry.event_type(type("Counted", (Counted,), {}))


# Any order of anything

MOVES = st.lists(
    st.tuples(st.sampled_from(["claim", "run", "fail", "pass", "sweep"]), st.integers(0, 3)),
    max_size=25,
)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_in_whatever_order_workers_claim_run_fail_and_die_one_commits(listener, hands, moves):
    """Four workers over one delivery: each holds the last claim it was given, valid or not."""
    (delivery,) = publish(1)
    claims: dict[int, tuple[Delivery, UUID]] = {}
    for move, who in moves:
        before = fresh(delivery)
        if move == "claim" and (claim := services._claim(delivery.pk)):
            assert before.state == PENDING or (
                before.state == LEASED and before.lease_until < hands.now
            )
            claims[who] = claim
        elif move == "run" and who in claims:
            if before.lease == claims[who][1]:
                services._run(*claims[who])
            else:
                with pytest.raises(services.LeaseLost):
                    services._run(*claims[who])
        elif move == "fail" and who in claims and claims[who][0].attempts <= services.MAX_ATTEMPTS:
            services._fail(*claims[who], error=OSError("no paper"))
        elif move == "pass":
            hands.forward(services.LEASE * who / 2)
        elif move == "sweep":
            services.sweep()
        if before.state in {DONE, DEAD}:
            assert fresh(delivery).state == before.state
    written = listener.written.count(delivery.event_id)
    assert written == (1 if fresh(delivery).state == DONE else 0)
    # Left alone, one worker ends it, if it was not given up.
    hands.forward(timedelta(days=1))
    if fresh(delivery).state in {PENDING, LEASED} and fresh(delivery).attempts < 8:
        assert services.deliver(delivery.pk)
    if fresh(delivery).state == DONE:
        assert listener.written.count(delivery.event_id) == 1


def test_the_times_of_a_delivery_are_the_machines_own(listener, hands, monkeypatch):
    monkeypatch.setattr("kernel.clock.now", lambda: datetime(2030, 1, 1, tzinfo=UTC))
    (delivery,) = publish(1)
    assert delivery.next_attempt_at == hands.now + services.PATIENCE
    services.deliver(delivery.pk)
    assert fresh(delivery).done_at == hands.now
