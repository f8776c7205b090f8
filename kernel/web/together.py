"""What a page says of each of many cases is asked once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from kernel.workflow.models import Case

V = TypeVar("V")
_KEPT = "_shown_together"


class _Group:
    """Cases of one page, and what was found out about them."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self.cases = tuple(cases)
        self.found: dict[Any, Mapping[str, Any]] = {}


def shown_together(cases: Iterable[Case]) -> None:
    """Have what is asked about one of these cases asked about all: they stand on one page.

    Nothing is asked before it is wanted.
    """
    group = _Group(cases)
    for case in group.cases:
        case.__dict__[_KEPT] = group


def of_all(case: Case, ask: Callable[[Sequence[Case]], Mapping[str, V]]) -> Mapping[str, V]:
    """What ``ask``, a function of a module, says about all cases that this one is shown with.

    Kept with the objects, which are read for one page. A case that is shown alone is a group.
    """
    if _KEPT not in case.__dict__:
        shown_together((case,))
    group: _Group = case.__dict__[_KEPT]
    if ask not in group.found:
        group.found[ask] = ask(group.cases)
    return group.found[ask]
