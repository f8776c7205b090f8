"""What lots' events cause beside papers: everybody finds what is public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kernel import clock
from kernel.events import services as events
from kernel.events.procurement_tendering import LotClarified, LotOverdue, LotPublished
from kernel.events.registry import Envelope, subscribe
from kernel.search import services as search
from kernel.workflow.due import DeadlineMissed
from procurement.tendering import findable
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.services import names

# The clocks whose running out is the owner's own conduct, and what it is called.
_OWNERS = {"contract.sign": "contract", "tender.lot.award_report": "award_report"}


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
