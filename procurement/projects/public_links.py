"""What else is public of a project, as its public page leads to it; each stage adds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.web.viewmodels import Fact, FactGroup
from procurement.projects.works import selectors as works

Source = Callable[[str], Iterable[Fact]]
"""(project number) -> links to what everybody may read of it, oldest first."""

_sources: list[Source] = []


def add(source: Source) -> None:
    """Have public pages of projects lead to something more; at start-up."""
    _sources.append(source)


def group(number: str) -> tuple[FactGroup, ...]:
    """The links of a project, in the order of its stages; no group where nothing is public."""
    facts = tuple(fact for source in (*_sources, _works) for fact in source(number))
    return (FactGroup(_("相关业务"), facts),) if facts else ()


def _works(number: str) -> Iterable[Fact]:
    """Works that have, or had, a permit."""
    for one in reversed(works.public_register().filter(project_number=number)):
        url = reverse("procurement:works-public", args=[one.number])
        yield Fact(_("施工许可"), f"{one.permit_number} {one.name}", "name", url=url)
