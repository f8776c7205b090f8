"""What lots' events cause beside papers: everybody finds what is public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kernel import clock
from kernel.events import services as events
from kernel.events.procurement_tendering import (
    LotAwarded,
    LotClarified,
    LotContracted,
    LotOverdue,
    LotPublicised,
    LotPublished,
)
from kernel.events.registry import Envelope, subscribe
from kernel.search import services as search
from kernel.workflow.due import DeadlineMissed
from procurement.tendering import findable
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.services import names

# The clocks whose running out is the owner's own conduct, and what it is called.
_OWNERS = {"contract.sign": "contract", "tender.lot.award_report": "award_report"}


def _enter(kind: str) -> Callable[[Envelope, Any], None]:
    """By what the register says now: deliveries may come late, twice or in another order."""

    def enter(envelope: Envelope, _prepared: Any) -> None:
        event: Any = envelope.event
        entry = findable.entry_of(event.number, kind)
        if entry is None:
            search.remove(kind, event.number)
        else:
            search.put(entry)

    return enter


subscribe(LotPublished, "procurement.tendering.search")(_enter(findable.KIND))
subscribe(LotClarified, "procurement.tendering.search_clarified")(_enter(findable.KIND))
subscribe(LotPublicised, "procurement.tendering.search_publicised")(_enter(findable.PUBLICITY))
subscribe(LotAwarded, "procurement.tendering.search_awarded")(_enter(findable.RESULT))
subscribe(LotContracted, "procurement.tendering.search_contracted")(_enter(findable.RESULT))


@subscribe(DeadlineMissed, "procurement.tendering.overdue")
def owner_is_late(envelope: Envelope, _prepared: Any) -> None:
    """A contract not signed, a report not handed in: told with the last day in time."""
    event = envelope.event
    assert isinstance(event, DeadlineMissed)
    what = _OWNERS.get(event.period_key)
    if event.machine != LOT.code or what is None:
        return
    lot = Lot.objects.get(pk=event.case_pk)
    last = clock.legal_date(envelope.occurred_at - timedelta(seconds=1))
    told = LotOverdue(
        **names(lot), what=what, document_number=f"{lot.number}-YQ-{last:%Y%m%d}", due_on=last
    )
    events.publish([told], case=envelope.case, at=envelope.occurred_at)
