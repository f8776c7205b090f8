"""The bidder's signed withdrawal as a file, handed in on the lot's page."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.errors import Refused
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from kernel.workflow import throttle
from procurement.bids import bidding, upload_views
from procurement.bids.views import lot_page

# As the page's form calls the file, beside that of the bid.
FIELD = "withdrawal-file"
# A statement has less than a kilobyte; a signature with its chain some more.
_LONGEST = 256 * 1024


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a bid back by the file that the sealing program wrote; the same act as the tool's."""
    actor = actor_of(request)
    try:
        with throttle.refusals(actor):
            statement, p7s = _read(request.FILES.get(FIELD))
            bidding.withdraw(number, actor=actor, statement=statement, p7s=p7s, key="")
    except Refused as refused:
        told = in_words(refused.refusals)
        signed = upload_views.signed(refused)
        return lot_page(request, number, status=refused.status, not_withdrawn=told, **signed)
    messages.success(request, _("已收到撤回声明，请下载并保存撤回回执"))
    return redirect("procurement:bids-lot", number)


def _read(file: Any) -> tuple[str, str]:
    """Statement and signature of the file; ``procurement.bid.no_statement`` for anything else."""
    if file is None or (file.size or 0) > _LONGEST:
        raise Refused.because("procurement.bid.no_statement", field=FIELD)
    try:
        found = json.loads(file.read())
    except ValueError:
        found = None
    fields = ("statement", "p7s")
    if not isinstance(found, dict) or not all(isinstance(found.get(f), str) for f in fields):
        raise Refused.because("procurement.bid.no_statement", field=FIELD)
    return found["statement"], found["p7s"]
