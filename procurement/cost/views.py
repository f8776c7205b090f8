"""Downloads: the workbook to fill in, and the schema that pricing tools write."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from kernel.web.export import MEDIA_TYPE
from procurement.cost import markup
from procurement.cost import template as workbook


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The template of a bill as XLSX."""
    return _file(workbook.template(), MEDIA_TYPE, f"{workbook.FILE_NAME}.xlsx")


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The XSD of our neutral format."""
    return _file(markup.SCHEMA.read_bytes(), "application/xml", markup.SCHEMA.name)


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    return response
