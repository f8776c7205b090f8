"""What a bidder takes from the archive into its qualification envelope, instead of typing it.

Two files: ``archive.json`` for machines, ``archive.html`` to read and print. Both go into the
envelope as they are; the bidder's own machine seals them, and the platform keeps no copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from credit.enterprises import selectors as enterprises
from kernel.documents import qr
from kernel.errors import NotFound, Refusal
from kernel.sealing import canonical
from kernel.web.refusals import in_words
from procurement.bids import lots, needs

FORMAT = "zhuxin-archive-facts/1"
JSON_NAME, PRINT_NAME = "archive.json", "archive.html"


def compose(number: str, uscc: str, at: datetime) -> dict[str, Any]:
    """The facts of an enterprise for a lot at a legal moment, and why it could not bid now.

    left_to_judge: whether its qualification covers the works' size, where no limit is held.

    Raises NotFound: ``procurement.bid.lot_unknown``, or what the archive says of who is not in it.
    """
    lot = lots.find(number)
    if lot is None:
        raise NotFound.because("procurement.bid.lot_unknown", lot=number[:20])
    return {
        "format": FORMAT,
        "lot": {"number": lot.number, "title": lot.title, "trade": lot.trade, "grade": lot.grade},
        "facts": enterprises.resume_facts(uscc, at),
        "missing": _told(needs.barred(uscc, lot, at)),
        "left_to_judge": _told(needs.left_to_judge(uscc, lot, at)),
    }


def _told(reasons: Iterable[Refusal]) -> list[dict[str, str]]:
    return [
        {"code": reason.code, "message": reason.message, "article": reason.article,
         "cure": reason.cure}
        for reason in in_words(reasons)
    ]  # fmt: skip


def as_json(resume: dict[str, Any]) -> bytes:
    """The file for machines: canonical JSON, the same facts give the same bytes."""
    return canonical.encode(resume)


def as_page(resume: dict[str, Any]) -> str:
    """The file for people: one HTML file that asks nobody for anything, with a QR to check it."""
    uscc = resume["facts"]["enterprise"]["uscc"]
    address = settings.PUBLIC_URL + reverse("credit:enterprise", args=[uscc])
    context = {"resume": resume, "facts": resume["facts"], "address": address,
               "qr": qr.data_uri(address)}  # fmt: skip
    return render_to_string("procurement/bids/archive_print.html", context)
