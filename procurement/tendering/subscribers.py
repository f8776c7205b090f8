"""What lots' events cause beside papers: everybody finds what is public."""

from __future__ import annotations

from typing import Any

from kernel.events.procurement_tendering import LotClarified, LotPublished
from kernel.events.registry import Envelope, subscribe
from kernel.search import services as search
from procurement.tendering import findable


def _enter(envelope: Envelope, _prepared: Any) -> None:
    """By what the register says now: deliveries may come late, twice or in another order."""
    event: Any = envelope.event
    entry = findable.entry_of(event.number)
    if entry is None:
        search.remove(findable.KIND, event.number)
    else:
        search.put(entry)


subscribe(LotPublished, "procurement.tendering.search")(_enter)
subscribe(LotClarified, "procurement.tendering.search_clarified")(_enter)
