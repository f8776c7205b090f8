"""An enterprise of the archive as the search of everything public finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credit.enterprises import selectors, services
from credit.enterprises.machine import VALID
from credit.enterprises.models import Enterprise, Licence
from kernel.events.credit import LicenceRecorded
from kernel.events.registry import Envelope, subscribe
from kernel.search import kinds, whole
from kernel.search import services as search
from kernel.search.kinds import Entry

KIND = "enterprise"
_MOST = 20  # who bears one number
_PART = 500  # rows held in memory at a time


def entry(one: Enterprise) -> Entry:
    """Name and code: nothing that the archive's page does not show."""
    return Entry(
        kind=KIND,
        key=one.uscc,
        title=one.name,
        number=one.uscc,
        url=reverse("credit:enterprise", args=[one.uscc]),
        published_at=one.entered_at,
        region=one.region,
    )


def _entries() -> Iterator[Entry]:
    for one in selectors.register().iterator(_PART):
        yield entry(one)


@subscribe(LicenceRecorded, "credit.enterprises.search")
def enterprise_is_found(envelope: Envelope, _prepared: Any) -> None:
    """Everybody finds who is in the archive."""
    event = envelope.event
    assert isinstance(event, LicenceRecorded)
    search.put(entry(services.enter(event, envelope.occurred_at)))


@whole.register
def by_licence(number: str) -> Iterator[Entry]:
    """Who holds the licence, qualification or valid certificate of this number."""
    held = Licence.objects.filter(Q(number=number) & (~Q(kind="person") | Q(state=VALID)))
    for uscc in held.order_by("uscc").values_list("uscc", flat=True).distinct()[:_MOST]:
        found = selectors.enterprise(uscc)
        if found is not None:
            yield replace(entry(found), number=number)


kinds.register(KIND, _("企业"), _entries)
