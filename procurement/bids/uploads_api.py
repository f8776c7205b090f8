"""The API of uploads in parts, for tools (docs/sealed-bids.md); tus 1.0 with acknowledgements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Router, Schema

from kernel.api.errors import Refusals
from kernel.api.tokens import TokenAuth
from kernel.sealing.bids.policy import MAX_BID
from kernel.web import door
from procurement.bids import tus
from procurement.bids.api import REFUSED, BidReceiptOut, BidRefusedOut, asking
from procurement.bids.models import ResumableUpload
from procurement.bids.receipts import STATUSES

router = Router(tags=["sealed bids"], auth=TokenAuth())
door.widen("PATCH", r"/api/v1/lots/[^/]+/uploads/[^/]+", MAX_BID)
_REFUSED: dict[Any, Any] = {
    **REFUSED,
    **dict.fromkeys((412, 415, 423, 507), Refusals),
    **dict.fromkeys(STATUSES, BidRefusedOut),
}


class UploadOut(Schema):
    """An upload, and what came of it."""

    upload: str
    state: str = Field(description="open, whole, received, refused, void")
    name: str
    offset: int = Field(description="Bytes that are kept; the next part begins here")
    length: int
    acknowledgement: str = Field(description="The acknowledgement's exact text, empty at first")
    p7s: str = Field(description="The platform's signature over it")
    expires: str = Field(description="Real time at which it is given up if nothing is added")
    received: BidReceiptOut | None
    refused: BidRefusedOut | None


def _header(name: str, words: str, least: int) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": words,
        "schema": {"type": "integer", "minimum": least, "maximum": MAX_BID},
    }


_BODY = {"content": {tus.CONTENT: {"schema": {"type": "string", "format": "binary"}}}}


def _address(row: ResumableUpload) -> str:
    return reverse("api:lot-upload", args=[row.lot_number, row.id.hex])


@router.post(
    "/{lot}/uploads",
    response={201: UploadOut, **_REFUSED},
    url_name="lot-uploads",
    openapi_extra={"parameters": [_header("Upload-Length", "Bytes of the whole file", 1)]},
)
def begin(request: HttpRequest, lot: str) -> HttpResponse:
    """Begin to upload a sealed bid in parts (tus 1.0.0); ``Location`` is where they go."""
    return tus.create(request, lot, asking(request, lot), _address)


@router.api_operation(
    ["OPTIONS"], "/{lot}/uploads", response={204: None, **_REFUSED}, url_name="lot-uploads"
)
def options(request: HttpRequest, lot: str) -> HttpResponse:
    """Which version of tus is spoken."""
    asking(request, lot)
    return tus.options()


@router.api_operation(
    ["HEAD"],
    "/{lot}/uploads/{upload}",
    response={200: None, **dict.fromkeys((*_REFUSED,), None)},
    url_name="lot-upload",
)
def head(request: HttpRequest, lot: str, upload: str) -> HttpResponse:
    """How many bytes are kept (``Upload-Offset``)."""
    return tus.head(request, lot, upload, asking(request, lot))


@router.get("/{lot}/uploads/{upload}", response={200: UploadOut, **_REFUSED}, url_name="lot-upload")
def status(request: HttpRequest, lot: str, upload: str) -> HttpResponse:
    """How it stands: acknowledgement, and receipt or refusal once there is one."""
    return tus.status(request, lot, upload, asking(request, lot))


@router.patch(
    "/{lot}/uploads/{upload}",
    response={200: UploadOut, **_REFUSED},
    url_name="lot-upload",
    openapi_extra={
        "requestBody": _BODY,
        "parameters": [_header("Upload-Offset", "Where the part begins", 0)],
    },
)
def part(request: HttpRequest, lot: str, upload: str) -> HttpResponse:
    """Send a part. The time of the last byte of the last one counts."""
    return tus.part(request, lot, upload, asking(request, lot))


@router.delete(
    "/{lot}/uploads/{upload}",
    response={204: None, **_REFUSED},
    url_name="lot-upload",
)
def give_up(request: HttpRequest, lot: str, upload: str) -> HttpResponse:
    """Give it up."""
    return tus.give_up(request, lot, upload, asking(request, lot))
