"""The lots of a project whose notices are out, on the project's public page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.web.viewmodels import Fact
from procurement.projects import public_links
from procurement.tendering import selectors


def _lots(number: str) -> Iterator[Fact]:
    for lot in reversed(selectors.public_register().filter(project_number=number)):
        url = reverse("procurement:notice", args=[lot.number])
        yield Fact(_("招标公告"), f"{lot.number} {lot.name}", "name", url=url)


public_links.add(_lots)
