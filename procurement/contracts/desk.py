"""What contracts put on desks: where one is begun, and those whose award is void."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web import desk_parts
from kernel.web.case_pages import case_url, chip
from kernel.web.party_names import name_on
from kernel.web.viewmodels import DeskRow, Link
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.variations.machine import VARIATION


def _begin(actor: Actor) -> Any:
    if actor.role == "owner_clerk":
        yield Link(_("拟合同"), reverse("web:act-open", args=[CONTRACT.code]))
    if actor.role == "contractor_clerk":
        for machine, label in (
            (PAYMENT, _("申请付款")),
            (VARIATION, _("提出变更")),
            (PRICE_ADJUSTMENT, _("申请价差调整")),
        ):
            yield Link(label, reverse("web:act-open", args=[machine.code]))


def _void(actor: Actor, _now: datetime) -> Any:
    """Contracts whose award is void: their owner ends them."""
    if actor.role != "owner_clerk":
        return
    act = CONTRACT.transition("invalidate")
    assert act is not None
    found = Contract.objects.filter(owner_uscc=actor.uscc, state__in=act.sources)
    for case in found.exclude(void_document="").order_by("changed_at", "pk")[:50]:
        yield DeskRow(
            act=str(act.label),
            reference=case.number,
            title=case.works_name,
            url=case_url(case),
            state=chip(CONTRACT, case.state),
            party=name_on(case, case.contractor_uscc),
        )


desk_parts.add(rows=_void, actions=_begin)
