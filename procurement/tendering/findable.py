"""A published lot as the search of everything public finds it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from kernel import clock
from kernel.search import kinds
from kernel.search.kinds import Entry
from procurement.tendering import selectors
from procurement.tendering.documents import name_of
from procurement.tendering.models import Lot

KIND = "notice"
_PART = 500  # rows held in memory at a time


def entry_of(number: str) -> Entry | None:
    """The entry of a lot by its number; None where it is not published."""
    lot = selectors.public_lot(number)
    return _entry(lot) if lot else None


def _entry(lot: Lot) -> Entry:
    """Names, scope, what is asked, what was clarified: nothing that its page does not show."""
    lines = (
        lot.project_number,
        name_of(lot.owner_uscc),
        lot.scope,
        lot.qualification_text,
        *(item["text"] for item in lot.clarifications),
    )
    return Entry(
        kind=KIND,
        key=lot.number,
        title=lot.name,
        number=lot.number,
        url=reverse("procurement:notice", args=[lot.number]),
        published_at=lot.published_at or clock.now(),
        region=lot.region,
        text="\n".join(filter(None, lines)),
    )


def _entries() -> Iterator[Entry]:
    for lot in selectors.public_register().iterator(_PART):
        yield _entry(lot)


kinds.register(KIND, pgettext_lazy("register", "招标公告"), _entries)
