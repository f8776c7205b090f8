"""The priced bill that a contract rests on, as the file that the winner sealed."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound
from kernel.web.views.cases import readable_case
from procurement.contracts import needs
from procurement.contracts.machine import CONTRACT


@require_safe
def bill(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bill's file, for those who may read the contract."""
    found: Any = readable_case(request, CONTRACT.code, pk)
    award = needs.award.ask(found.lot_number) if found.bill_sha256 else None
    # A hash that somebody wrote into a draft is no right to another lot's bill.
    if award is None or award.bid_bill_sha256 != found.bill_sha256:
        raise NotFound.because("documents.file.missing", sha256=found.bill_sha256)
    stored = StoredFile.objects.filter(sha256=found.bill_sha256).first()
    if stored is None:
        raise NotFound.because("documents.file.missing", sha256=found.bill_sha256)
    name = f"{found.number}-{stored.sha256[:8]}{_ENDINGS.get(stored.media_type, '')}"
    response = FileResponse(
        storage.open_verified(stored),
        as_attachment=True,
        filename=name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


_ENDINGS = {
    "application/xml": ".xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "application/pdf": ".pdf",
}
