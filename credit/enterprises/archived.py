"""The way from a case's column to the archive of the enterprise whose code stands in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from credit.enterprises.models import Enterprise
from kernel.web.party_names import codes_on
from kernel.web.together import of_all
from kernel.workflow.models import Case


def archive_url(case: Case, uscc: str) -> str:
    """The public archive of an organisation named in a case; empty for one that has none.

    uscc: from a column ``*_uscc`` of the case. All such codes of the case, and of those that it is
    shown together with, are looked up at once.
    """
    if not uscc or uscc not in of_all(case, _archived):
        return ""
    return reverse("credit:enterprise", args=[uscc])


def _archived(cases: Sequence[Case]) -> dict[str, bool]:
    codes = {code for case in cases for code in codes_on(case)} - {""}
    found = Enterprise.objects.filter(uscc__in=codes).values_list("uscc", flat=True)
    return dict.fromkeys(found, True)
