"""What the public check says of a score certificate and of a conduct record, by its number."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from credit.conduct import showing
from credit.conduct.pages import enterprise_url, label_of
from credit.enterprises import selectors as archive
from credit.scoring import entitled
from credit.scoring.models import ScoreCertificate
from kernel import clock
from kernel.documents import numbers
from kernel.documents.numbers import Numbered

OPENING = "procurement.opening"


def _certificate(request: HttpRequest, number: str) -> Numbered | None:
    """One that an opening has made public: that it was issued, of whom, of what day.

    Neither its score nor its reasons: those are on the pages of whoever may read them. A report's
    certificate is its enterprise's own and is not told.
    """
    held = ScoreCertificate.objects.filter(number=number).first()
    if held is None or held.purpose.partition(":")[0] != OPENING or not entitled.known([held]):
        return None
    newer = ScoreCertificate.objects.filter(
        uscc=held.uscc, purpose__startswith=f"{OPENING}:", pk__gt=held.pk
    )
    state = _("有效：证明评价日当天的信用分")
    if entitled.known(newer):
        state = _("有效：证明评价日当天的信用分；其后另有新的证明")
    found = archive.enterprise(held.uscc)
    name = found.name if found else held.uscc
    url = enterprise_url(held.uscc) if found else ""
    return Numbered(number, _("信用分证明"), name, held.valid_on, state, url)


def _record(request: HttpRequest, number: str) -> Numbered | None:
    """One that is shown to everybody; of any other the check knows nothing."""
    row = showing.public_register().filter(number=number).first()
    if row is None:
        return None
    published = clock.legal_date(row.published_at) if row.published_at else None
    what = f"{_('行为记录')} {label_of(row)}"
    return Numbered(number, what, row.name, published, _("公示中"), enterprise_url(row.uscc))


numbers.register("XY-", _certificate)
numbers.register("XW-", _record)
