"""Reads of what happened. Deliveries have no order; events have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.events.models import Event
from kernel.events.registry import DomainEvent


def has_happened_since(kind: type[DomainEvent], at: datetime, **named: Any) -> bool:
    """Whether something of a kind happened at an instant or later; named: fields that it has.

    For a subscriber that is told of what was undone meanwhile: the undoing may have been delivered
    first. Of kinds that are rare; fields are looked for in the payload, and no index helps.
    """
    fields = {f"payload__{name}": value for name, value in named.items()}
    return bool(Event.objects.filter(name=kind.NAME, occurred_at__gte=at, **fields).exists())
