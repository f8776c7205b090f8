"""The part of a lot's page that says what can still save a bid, with a form for each act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from procurement.bids import rescues
from procurement.bids.models import Bid

_FILE = gettext_lazy("由封装程序或命令行工具签署并保存；由平台核对签名后生效")
_LABELS = {
    rescues.PROTEST: (gettext_lazy("已签署的异议（.protest.json）"), _FILE, ".json"),
    rescues.CURE: (gettext_lazy("已签署的份额补发（.cure.json）"), _FILE, ".json"),
    rescues.GIVE_AGAIN: (
        gettext_lazy("原投标文件（.zxb）"), gettext_lazy("须与回执所载的逐字节相同"), ".zxb",
    ),
}  # fmt: skip


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
