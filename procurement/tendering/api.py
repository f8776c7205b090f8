"""The API of what a published lot offers everybody: its bill of quantities."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from kernel.api.errors import Refusals
from procurement.tendering import bill_views

router = Router(tags=["notices"])
_REFUSED: dict[Any, Any] = dict.fromkeys((404, 422, 429), Refusals)
_FILE = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/{lot}/bill.{form}",
    response=_REFUSED,
    url_name="lot-bill",
    openapi_extra={
        "responses": {
            200: {
                "description": "The bill without prices; priced, it is read back by clearing",
                "content": {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _FILE,
                    "application/xml": _FILE,
                },
            }
        }
    },
)
def bill(request: HttpRequest, lot: str, form: Literal["xlsx", "xml"]) -> Any:
    """The unpriced bill of quantities of a published lot, as a workbook or as XML."""
    return bill_views.answer(lot, form)
