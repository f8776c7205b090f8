"""Names of the organisations whose credit codes stand in cases' columns."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.parties.models import Organisation
from kernel.web.together import of_all
from kernel.workflow.models import Case


def name_on(case: Case, uscc: str) -> str:
    """An organisation's name; its code where nobody here is known by it.

    uscc: from a column ``*_uscc`` of the case. All such codes of the case, and of those that it is
    shown together with, are looked up at once.
    """
    return of_all(case, _names).get(uscc, uscc) if uscc else ""


def name_of(uscc: str) -> str:
    """The same of one code that stands in no case yet."""
    return Organisation.objects.filter(uscc=uscc).values_list("name", flat=True).first() or uscc


def _names(cases: Sequence[Case]) -> dict[str, str]:
    codes = {code for case in cases for code in codes_on(case)} - {""}
    return dict(Organisation.objects.filter(uscc__in=codes).values_list("uscc", "name"))


def codes_on(case: Case) -> set[str]:
    """Every code that stands in a column ``*_uscc`` of a case."""
    names = (f.attname for f in case._meta.concrete_fields if f.attname.endswith("_uscc"))
    return {str(getattr(case, name)) for name in names}
