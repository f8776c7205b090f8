"""A registered project as the search of everything public finds it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.search import kinds
from kernel.search.kinds import Entry
from procurement.projects import selectors
from procurement.projects.models import Project

KIND = "project"
_PART = 500  # rows held in memory at a time


def entry_of(number: str) -> Entry | None:
    """The entry of a project by its number; None where the register does not have it."""
    project = selectors.public_project(number)
    return _entry(project) if project else None


def _entry(project: Project) -> Entry:
    """Name, numbers, owner, place and content: nothing that the register's page does not show."""
    lines = (
        project.project_code,
        project.owner.name,
        project.owner.uscc,
        project.address,
        project.summary,
    )
    return Entry(
        kind=KIND,
        key=project.number,
        title=project.name,
        number=project.number,
        url=reverse("procurement:project-public", args=[project.number]),
        published_at=project.registered_at or clock.now(),
        region=project.region,
        text="\n".join(filter(None, lines)),
    )


def _entries() -> Iterator[Entry]:
    for project in selectors.public_register().iterator(_PART):
        yield _entry(project)


kinds.register(KIND, _("项目登记"), _entries)
