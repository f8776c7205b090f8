"""A certificate counts what had taken effect by its instant, though no worker came to it yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.workflow.due import play_due
from kernel.workflow.machines import machine

RECORD = "credit.conduct_record"
# The two subscribers that write the ledger.
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
    waiting = Delivery.objects.filter(
        subscriber__in=(PUBLISHED, ENDED),
        state=Delivery.State.PENDING,
        event__payload__uscc=uscc,
        event__occurred_at__lte=at,
    )
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        events.deliver(pk)
