"""A subscriber that counts, and dies where it is told. Loaded by the tests' worker (`--include`).

Its side effect is a row's counter: 1 after an event that was delivered once, 2 after one that was
delivered twice. In a worker it shortens the leases, and kills the whole worker, as the machine's
power cut would, at the point that the event names, once for each event.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from kernel.events import registry, services
from kernel.events.models import Delivery
from kernel.events.registry import DomainEvent, Envelope, Subscriber
from kernel.workflow.numbers import next_number

POINTS = ("before_claim", "after_claim", "prepare", "commit", "committed")
CODE = "tests.probe"


@dataclass(frozen=True)
class Probed(DomainEvent):
    """Something happened; the worker that hears of it dies at ``point``."""

    NAME: ClassVar[str] = "tests.probed"

    name: str
    point: str = ""


def series(name: str) -> str:
    """The counter that an event raises."""
    return f"probe:{name}"


def _die(event: DomainEvent, here: str) -> None:
    assert isinstance(event, Probed)
    folder = os.environ.get("ZHUXIN_PROBE")
    if folder is None or event.point != here:
        return
    try:
        (Path(folder) / f"died-{event.name}").touch(exist_ok=False)
    except FileExistsError:
        return  # once is enough
    os.killpg(os.getpgrp(), signal.SIGKILL)


def prepare(envelope: Envelope) -> str:
    """Something slow outside any transaction."""
    _die(envelope.event, "prepare")
    if getattr(envelope.event, "point", "") == "slow":
        time.sleep(0.4)
    return "prepared"


def commit(envelope: Envelope, prepared: Any) -> None:
    """Count, in the transaction that marks the delivery as done."""
    assert prepared == "prepared"
    assert isinstance(envelope.event, Probed)
    next_number(series(envelope.event.name))
    _die(envelope.event, "commit")


SUBSCRIBER = Subscriber(CODE, Probed.NAME, commit, prepare)


def _die_around(delivery_id: int, here: str) -> None:
    row = Delivery.objects.select_related("event").get(pk=delivery_id)
    if row.subscriber == CODE:
        _die(registry.parse(row.event.name, row.event.version, row.event.payload), here)


def _install() -> None:
    registry.event_type(Probed)
    registry._subscribers[CODE] = SUBSCRIBER
    services.LEASE = timedelta(seconds=float(os.environ["ZHUXIN_PROBE_LEASE"]))
    services.PATIENCE = timedelta(seconds=1)
    claim, deliver = services._claim, services.deliver

    def claim_and_die(delivery_id: int) -> Any:
        _die_around(delivery_id, "before_claim")
        claimed = claim(delivery_id)
        _die_around(delivery_id, "after_claim")
        return claimed

    def deliver_and_die(delivery_id: int) -> bool:
        done = deliver(delivery_id)
        _die_around(delivery_id, "committed")
        return done

    services._claim, services.deliver = claim_and_die, deliver_and_die


if "ZHUXIN_PROBE" in os.environ:
    _install()
