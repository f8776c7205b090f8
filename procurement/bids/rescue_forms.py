"""What can still save a bid, as it is shown: on its lot's page with a form for each act, and on its
bidder's desk where something must be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.web import desk_parts
from kernel.web.case_pages import chip
from kernel.web.dues import due_view
from kernel.web.viewmodels import DeskRow
from kernel.workflow.models import Deadline
from procurement.bids import lots, rescues
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid
from procurement.bids.rules.common import ARTICLE_PLATFORM

_FILE = gettext_lazy("由封装程序或命令行工具签署并保存；由平台核对签名后生效")
_LABELS = {
    rescues.PROTEST: (gettext_lazy("已签署的异议（.protest.json）"), _FILE, ".json"),
    rescues.CURE: (gettext_lazy("已签署的份额补发（.cure.json）"), _FILE, ".json"),
    rescues.GIVE_AGAIN: (
        gettext_lazy("原投标文件（.zxb）"), gettext_lazy("须与回执所载的逐字节相同"), ".zxb",
    ),
}  # fmt: skip


_ACTS = {
    rescues.PROTEST: gettext_lazy("对截标名单提出异议"),
    rescues.CURE: gettext_lazy("补发密钥份额"),
    rescues.GIVE_AGAIN: gettext_lazy("补交投标文件"),
}


class HandIn(forms.Form):
    """A file that was made elsewhere."""

    file = forms.FileField(
        widget=forms.ClearableFileInput(attrs={"required": True}), max_length=200
    )

    def __init__(self, kind: str) -> None:
        super().__init__(prefix=kind)
        field = self.fields["file"]
        field.label, field.help_text, accept = _LABELS[kind]
        field.widget.attrs["accept"] = accept


def parts(number: str, bid: Bid | None, at: datetime) -> dict[str, Any]:
    """The rows, and a form for each that takes a file now: what must be done goes first."""
    rows = rescues.of(number, bid, at)
    taken = sorted((r for r in rows if r.is_open), key=lambda r: r.how is not rescues.How.NEEDED)
    return {
        "rescues": rows,
        "rescue_forms": [(row, HandIn(row.kind)) for row in taken],
        "open_kinds": {row.kind for row in taken},
    }


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Of a bidder's desk: what would otherwise lose its bid, with the hour until which it helps."""
    if actor.role != "contractor_clerk" or not actor.uscc:
        return
    for bid, row in rescues.needed(actor.uscc, now):
        page, lot = (
            reverse("procurement:bids-lot", args=[bid.lot_number]),
            lots.find(bid.lot_number),
        )
        yield DeskRow(
            act=str(_ACTS[row.kind]),
            reference=bid.lot_number,
            title=lot.title if lot else bid.lot_number,
            url=f"{page}#{row.kind}",
            due=due_view(_until(row.until), now) if row.until else None,
            state=chip(BID, bid.state),
        )


def _until(at: datetime) -> Deadline:
    """A clock of the opening's, as desks show clocks."""
    return Deadline(
        role="contractor_clerk", due_at=at, last_day=clock.legal_date(at), unit="hour",
        article=ARTICLE_PLATFORM, source="own_default", provisional=False,
    )  # fmt: skip


desk_parts.add(rows=rows)
