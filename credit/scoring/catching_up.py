"""A certificate counts what had taken effect by its instant, though no worker came to it yet."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.workflow.due import play_due
from kernel.workflow.machines import machine

RECORD = "credit.conduct_record"
# The two subscribers that write the ledger.
_LOOKS, _PAUSE = 40, 0.05  # two seconds of real time
PUBLISHED, ENDED = "credit.scoring.published", "credit.scoring.ended"


def catch_up(uscc: str, at: datetime) -> None:
    """Play what fell due of an enterprise's records by an instant; enter what waits to be entered.

    Not inside a transaction of which anything else depends: each effect is one of its own.
    """
    records = machine(RECORD)
    assert records is not None  # conduct registers it at start-up
    model: Any = records.model
    for pk in model.objects.filter(uscc=uscc).values_list("pk", flat=True):
        play_due(records, pk, at)
    ours = Delivery.objects.filter(
        subscriber__in=(PUBLISHED, ENDED),
        event__payload__uscc=uscc,
        event__occurred_at__lte=at,
    )
    waiting = ours.filter(state=Delivery.State.PENDING)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        events.deliver(pk)
    _until_done(ours.filter(state=Delivery.State.LEASED))


def _until_done(leased: QuerySet[Delivery]) -> None:
    """What a worker has in its hands this moment is entered in milliseconds: wait for it, not long.

    Else it would be entered after the certificate, and the opening would not count it.
    """
    for _time in range(_LOOKS):
        if not leased.exists():
            return
        time.sleep(_PAUSE)
