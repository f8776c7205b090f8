"""When the number of bids is a secret: from the policy that bids are sealed under to the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from kernel.evidence.cadence import AROUND
from procurement.bids import stamps
from procurement.bids.machines import CONCLUDED, OPENED, STAGE_OPENED, STOPPED, SUPERSEDED
from procurement.bids.models import Opening, OpeningPolicy, PolicyVersion

# A lot that was given up before its deadline never has an opening: so long after the deadline
# nobody waits for one any more.
_FORGOTTEN = timedelta(days=30)
# The record of the first stage names the bidders.
_TOLD = (OPENED, STAGE_OPENED, CONCLUDED, STOPPED)


def is_secret(at: datetime) -> bool:
    """Whether the bids of some lot may be counted by nobody at a legal instant.

    Around a deadline always: uploads that were too late leave entries after it.
    """
    signed = PolicyVersion.objects.filter(policy=OuterRef("pk"), in_force_at__isnull=False)
    told = Opening.objects.filter(lot_number=OuterRef("lot_number"), before=None, state__in=_TOLD)
    standing = OpeningPolicy.objects.order_by().exclude(state=SUPERSEDED)
    sealed = standing.filter(Exists(signed), ~Exists(told), deadline_at__gt=at - _FORGOTTEN)
    return sealed.exists() or stamps.is_deadline_between(at - AROUND, at + AROUND)
