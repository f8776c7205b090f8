"""Who stands behind a record, as pages and papers name it."""

from __future__ import annotations

from typing import Any

from credit.conduct.machine import RECORD
from kernel.access.actors import PLATFORM
from kernel.workflow.models import Act


def decided_by(case: Any) -> str:
    """Who decided what a record says: its document's author, else the authority that confirmed it.

    The platform captures what it sees and decides nothing: it is named only until somebody did.
    """
    written: str = case.decided_by
    if written != PLATFORM.organisation_name or case.pk is None:
        return written
    acts = Act.objects.filter(machine=RECORD.code, case_pk=case.pk, transition="confirm")
    names = acts.order_by("-pk").values_list("organisation__name", flat=True)
    return names.first() or written
