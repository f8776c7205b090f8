"""What a kind of procedure is, and which one serves a lot. Pure: no Django, no clock."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from procurement.tendering import procedures


@dataclass(frozen=True)
class Procedure:
    """A kind of procedure: for which lots, by which law, what their documents must hold.

    code: the name of its folder. methods, kinds: codes of ``tender_method`` and ``tender_kind``;
    every pair of them is served. announced: the methods under which a notice calls for bids.
    values: the rule set of its numbers, articles and limits. formulas: codes of
    ``evaluation_method`` that may be chosen; drawn: those whose factor is drawn at the opening, so
    that factors and slopes stand in the notice. scored_parts: parts that members score item by
    item. files: kinds of ``tender_file`` without which the documents are not whole. over_bill:
    priced over a bill of quantities. over_drawings: needs reviewed drawings where the place's law
    says so. consortia: whether several firms may bid as one; the notice says it (Regulations, art.
    37), and none of the platform's procedures takes them.
    """

    code: str
    methods: frozenset[str]
    kinds: frozenset[str]
    announced: frozenset[str]
    values: str
    formulas: frozenset[str]
    drawn: frozenset[str]
    scored_parts: tuple[str, ...]
    files: frozenset[str]
    over_bill: bool
    over_drawings: bool
    consortia: bool = False

    def pairs(self) -> frozenset[tuple[str, str]]:
        """(method, kind) of every lot that it serves."""
        return frozenset((method, kind) for method in self.methods for kind in self.kinds)


_served: dict[tuple[str, str], Procedure] = {}


def register(procedure: Procedure) -> Procedure:
    """Let a procedure serve its lots. Raises ValueError where another one serves some of them."""
    taken = {_served[pair].code for pair in procedure.pairs() & _served.keys()} - {procedure.code}
    if taken:
        raise ValueError(f"{procedure.code} serves lots of {', '.join(sorted(taken))}")
    _served.update(dict.fromkeys(procedure.pairs(), procedure))
    return procedure


def serving(method: str, kind: str) -> Procedure | None:
    """The procedure of a lot, or None where none is built for it (or the lot does not say yet)."""
    return _served.get((method, kind))


def registered() -> Iterable[Procedure]:
    """All of them, by code."""
    return sorted(set(_served.values()), key=lambda procedure: procedure.code)


def load() -> None:
    """Import the spec of every folder beside this file; importing is what registers it."""
    for found in pkgutil.iter_modules(procedures.__path__):
        if found.ispkg:
            import_module(f"{procedures.__name__}.{found.name}.spec")
