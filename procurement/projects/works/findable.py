"""Works with a permit as the search of everything public finds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.events.procurement_works import WorksPermitted
from kernel.events.registry import Envelope, subscribe
from kernel.search import kinds
from kernel.search import services as search
from kernel.search.kinds import Entry
from procurement.projects.works import selectors
from procurement.projects.works.models import Works

KIND = "works"
_PART = 500  # rows held in memory at a time


def _entry(works: Works) -> Entry:
    """Name, numbers, size: nothing that the register's page does not show."""
    day = works.permitted_on
    return Entry(
        kind=KIND,
        key=works.number,
        title=works.name,
        number=works.permit_number,
        url=reverse("procurement:works-public", args=[works.number]),
        published_at=clock.start_of(day) if day else clock.now(),
        region=works.region,
        text=f"{works.number}\n{works.project_number}\n{works.size}",
    )


def _entries() -> Iterator[Entry]:
    for works in selectors.public_register().iterator(_PART):
        yield _entry(works)


@subscribe(WorksPermitted, "procurement.works.search")
def works_are_found(envelope: Envelope, _prepared: Any) -> None:
    """Everybody finds works that have their permit."""
    event = envelope.event
    assert isinstance(event, WorksPermitted)
    works = selectors.public_works(event.number)
    if works is not None:
        search.put(_entry(works))


kinds.register(KIND, _("施工许可"), _entries)
