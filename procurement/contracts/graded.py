"""The credit of a contract's contractor: today's grade, and the one that it was awarded with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from credit.conduct import sanctions
from kernel.access.actors import Actor
from kernel.web.viewmodels import Fact, FactGroup
from procurement.bids import grades


def group(case: Any, actor: Actor, at: datetime) -> FactGroup:
    """The contractor's grade of today, and the one that it was awarded with."""
    uscc = case.contractor_uscc
    facts = list(sanctions.counterpart(_("现在的信用等级"), uscc, at))
    for one in grades.at_opening(case.lot_number, [uscc], actor).values():
        facts.append(Fact(_("投标截止时信用等级"), f"{one.grade} · {one.value}"))
        facts.append(Fact(_("信用分证明"), one.number, "code", url=one.reasons_url))
    return FactGroup(_("承包人信用"), tuple(facts))
