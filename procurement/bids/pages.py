"""Registers the pages of policies, bids and openings, the names of their entries, what begins."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.web import desk_parts, other_entries, presenters
from kernel.web.viewmodels import Link
from procurement.bids import (
    blame,
    bringing,
    correcting,
    covers,
    moment_notes,
    opening,
    proposed_stops,
    receipts,
    stamps,
)
from procurement.bids.bid_pages import BidPresenter
from procurement.bids.machines import POLICY
from procurement.bids.opening_pages import OpeningPresenter
from procurement.bids.policy_pages import PolicyPresenter


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in ("owner_clerk", "agency_clerk"):
        yield Link(_("拟订开启方案"), reverse("web:act-open", args=[POLICY.code]))
    if actor.role == "contractor_clerk":
        yield Link(_("我的投标"), reverse("procurement:bids-mine"))
    if actor.role == bringing.COUNTER:
        yield Link(_("现场接收投标文件"), reverse("procurement:bids-counter"))


for _presenter in (PolicyPresenter(), BidPresenter(), OpeningPresenter()):
    presenters.register(_presenter)
other_entries.name(receipts.RECEIPT, gettext_lazy("出具回执"))
other_entries.name(receipts.WITHDRAWAL, gettext_lazy("出具撤回回执"))
other_entries.name(stamps.STAMP, gettext_lazy("补全回执"))
other_entries.name(blame.KIND, gettext_lazy("释放的密钥份额与核对不符"))
other_entries.name(correcting.GIVEN, gettext_lazy("再次出具回执"))
other_entries.name(opening.RESULT, gettext_lazy("开标结果"))
other_entries.name(covers.KIND, gettext_lazy("掩护条目"))
other_entries.name(moment_notes.ENTRY, gettext_lazy("开标时点"))
desk_parts.add(actions=_begin, rows=proposed_stops.rows)
