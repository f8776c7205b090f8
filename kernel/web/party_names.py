"""Names of the organisations whose credit codes stand in a case's columns."""

from __future__ import annotations

from kernel.parties.models import Organisation
from kernel.workflow.models import Case

_KEPT = "_party_names"


def name_on(case: Case, uscc: str) -> str:
    """An organisation's name; its code where nobody here is known by it.

    All codes of the case (columns ``*_uscc``) are looked up together, the first time that one is
    asked for, and kept with the object: it is read for one page.
    """
    known: dict[str, str] = case.__dict__.setdefault(_KEPT, {})
    if uscc and uscc not in known:
        names = {f.attname for f in case._meta.concrete_fields if f.attname.endswith("_uscc")}
        codes = {uscc, *(str(getattr(case, name)) for name in names)} - {""}
        known |= {code: code for code in codes}
        known |= dict(Organisation.objects.filter(uscc__in=codes).values_list("uscc", "name"))
    return known.get(uscc, uscc)
