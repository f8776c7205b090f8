"""``manage.py deliveries`` tells what died and why, and gives it back to the workers."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from kernel.events import services
from kernel.events.models import Delivery, Event
from tests.kernel.events.conftest import publish


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("deliveries", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def dead(listener, monkeypatch):
    """One that is done, one that is dead."""
    monkeypatch.setattr(services, "MAX_ATTEMPTS", 1)
    done, dead = publish(1, 2, case="tests:9")
    services.deliver(done.pk)

    def fails(envelope):
        raise OSError("no paper")

    listener.trouble = fails
    services.deliver(dead.pk)
    listener.trouble = lambda envelope: None
    return dead


def test_counts_and_dead_letters_are_listed_with_their_reason(dead):
    lines = run().splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["0", "0", "1", "1"]
    (letter,) = lines[4:]
    assert letter == (
        f"死信 dead letter {dead.pk}: tests.listener ← tests.counted {dead.event_id}"
        " tests:9 (1): OSError: no paper"
    )


def test_a_dead_letter_is_tried_again(dead, listener):
    assert str(dead.pk) in run("--retry", dead.pk)
    assert services.deliver(dead.pk)
    assert Delivery.objects.get(pk=dead.pk).attempts == 1
    assert listener.written.count(dead.event_id) == 1


def test_only_a_dead_letter_is_tried_again(dead):
    done = Delivery.objects.get(state=Delivery.State.DONE)
    for number in (done.pk, dead.pk + 1000):
        with pytest.raises(CommandError, match=str(number)):
            run("--retry", number)


def test_a_subscriber_is_replayed_from_an_event_on(dead):
    first = Event.objects.order_by("pk").first()
    assert first is not None
    assert run("--replay", "tests.listener").split()[-1] == "2"
    assert run("--replay", "tests.listener", "--since", dead.event_id).split()[-1] == "1"
    assert set(Delivery.objects.values_list("state", "attempts")) == {("pending", 0)}


def test_what_makes_no_sense_is_refused(dead):
    with pytest.raises(CommandError, match=r"tests\.retired"):
        run("--replay", "tests.retired")
    with pytest.raises(CommandError, match="--since"):
        run("--since", 3)
    with pytest.raises(CommandError, match="not allowed with"):
        run("--retry", 1, "--replay", "tests.listener")
