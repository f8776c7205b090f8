"""Names of the organisations whose credit codes stand in cases' columns."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.parties.models import Organisation
from kernel.workflow.models import Case

_KEPT = "_party_names"


class _Book:
    """Names of all parties of some cases, looked up together once one of them is asked for."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._cases = tuple(cases)
        self._known: dict[str, str] = {}

    def name(self, uscc: str) -> str:
        """An organisation's name, or its code."""
        if uscc not in self._known:
            codes = {uscc, *(code for case in self._cases for code in _codes(case))} - {""}
            # Another of the same parties may be asked for, which nobody here is known by.
            self._known |= {code: code for code in codes}
            found = Organisation.objects.filter(uscc__in=codes).values_list("uscc", "name")
            self._known |= dict(found)
        return self._known[uscc]


def _codes(case: Case) -> set[str]:
    names = (f.attname for f in case._meta.concrete_fields if f.attname.endswith("_uscc"))
    return {str(getattr(case, name)) for name in names}


def shown_together(cases: Iterable[Case]) -> None:
    """Have the parties of all these cases looked up at once: they stand on one page.

    Nothing is asked before a name is wanted.
    """
    rows = tuple(cases)
    book = _Book(rows)
    for case in rows:
        case.__dict__[_KEPT] = book


def name_on(case: Case, uscc: str) -> str:
    """An organisation's name; its code where nobody here is known by it.

    All codes of the case (columns ``*_uscc``), and of those that it is shown together with, are
    looked up together, the first time that one is asked for, and kept with the object: it is read
    for one page.
    """
    if not uscc:
        return ""
    if _KEPT not in case.__dict__:
        shown_together((case,))
    book: _Book = case.__dict__[_KEPT]
    return book.name(uscc)
