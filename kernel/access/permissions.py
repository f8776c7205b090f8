"""Whether an actor may do an act or read a case: the table's rows and the case's relations."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kernel.access.actors import Actor
from kernel.access.table import TABLE, Allow

Holds = Callable[[str], bool]
"""Says whether a named relation holds between the case at hand and the actor at hand."""


def _any_row(rows: Iterable[Allow], actor: Actor, holds: Holds) -> bool:
    return any(
        row.role == actor.role and (row.relation == "any" or holds(row.relation)) for row in rows
    )


def may_act(actor: Actor, act: str, holds: Holds) -> bool:
    """Whether the table lets this actor do this act on the case that ``holds`` speaks of."""
    return _any_row(TABLE.acts.get(act, ()), actor, holds)


def may_read(actor: Actor, machine: str, holds: Holds) -> bool:
    """Whether the table lets this actor open the page of the case that ``holds`` speaks of."""
    return _any_row(TABLE.readers.get(machine, ()), actor, holds)
