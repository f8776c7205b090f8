"""The unpriced bill of a published lot, for everybody: what bidders price and bring back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.errors import NotFound
from kernel.web.viewmodels import Link
from procurement.tendering import needs, selectors

FORMS = {"xlsx": "XLSX", "xml": "XML"}


@require_safe
def bill(_request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The bill as a file, as a page offers it."""
    return answer(number, form)


def answer(number: str, form: str) -> HttpResponse:
    """The file of a published lot's bill. Raises NotFound for any other lot and format."""
    lot = selectors.public_lot(number) if number.isprintable() else None
    found = needs.bill_file(lot.bill_sha256, form) if lot and lot.bill_sha256 else None
    if found is None:
        raise NotFound.because("procurement.bill.unknown", sha256=number[:64])
    name = f"{number} {_('工程量清单')}.{form}"
    response = HttpResponse(found.content, content_type=found.media_type)
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def offered(number: str) -> tuple[Link, ...]:
    """The same links of a published lot by its number."""
    lot = selectors.public_lot(number)
    return links(number, lot.bill_sha256) if lot else ()


def links(number: str, bill_sha256: str) -> tuple[Link, ...]:
    """Where the bill is to be had in each format; nothing where a lot is not priced over one."""
    if not bill_sha256:
        return ()
    return tuple(
        Link(words, reverse("procurement:notice-bill", args=[number, form]))
        for form, words in FORMS.items()
    )
