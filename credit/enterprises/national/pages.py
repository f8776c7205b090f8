"""The way to the import from an officer's desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web import desk_parts
from kernel.web.viewmodels import Link


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "credit_officer":
        yield Link(_("导入全国平台数据表"), reverse("credit:national"))


desk_parts.add(actions=_begin)
