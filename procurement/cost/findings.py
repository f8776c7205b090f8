"""What checks of bills are asked and answer, and how they name what they found. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from kernel import money
from kernel.errors import Refusal
from kernel.identifiers import boq_code
from procurement.cost.frames import Frames
from procurement.cost.rates import ERROR, Rates
from procurement.cost.schemas import EDITIONS
from procurement.cost.values import SCALE


@dataclass(frozen=True)
class Outcome:
    """What the checks found. errors reject by the rules of the day, warnings are for the reader.

    ran: the checks that were made, so that nobody takes what was not asked for sound.
    """

    errors: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    ran: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A bill and what it is held against; what is None is not asked.

    opening_total_fen: the total that the opening read out. ceiling_fen: the ceiling price that the
    documents state, where it binds without a bill of its own. unit_ceilings: whether the ceiling
    bill's unit prices bind too, as the documents say.
    """

    frames: Frames
    rates: Rates
    tender: Frames | None = None
    ceiling: Frames | None = None
    opening_total_fen: int | None = None
    unit_ceilings: bool = False
    ceiling_fen: int | None = None

    @property
    def limit_fen(self) -> int | None:
        """What the total may not exceed: the stated ceiling price, else the ceiling bill's."""
        if self.ceiling_fen is not None or self.ceiling is None:
            return self.ceiling_fen
        return self.ceiling.bill.total_fen


Check = Callable[[Question], Iterator[Refusal]]


def judged(found: Iterable[tuple[str, Iterable[Refusal]]], rates: Rates) -> Outcome:
    """Refusals by check, parted by the severity that the rule set gives each check."""
    errors, warnings, ran = list[Refusal](), list[Refusal](), list[str]()
    for check, refusals in found:
        ran.append(check)
        (errors if rates.severities[check] == ERROR else warnings).extend(refusals)
    return Outcome(tuple(errors), tuple(warnings), tuple(ran))


def each(frame: pd.DataFrame) -> Iterable[Any]:
    """Rows as named tuples of plain Python values."""
    return frame.astype(object).itertuples(index=False)


def refusal(what: str, rates: Rates, check: str, place: str, /, **facts: Any) -> Refusal:
    """A refusal of a check, with the article that the check rests on."""
    return Refusal(f"procurement.bill.{what}", facts, rates.articles[check], place)


def named(row: Any, name: str) -> dict[str, Any]:
    """The facts that say which row it is."""
    return {"unit": row.unit, "item": getattr(row, name), "name": row.name}


def at(row: Any, name: str, field: str) -> str:
    """Where a field of a row stands: unit works, number, field."""
    return f"{row.unit}/{getattr(row, name)}.{field}"


def place_of(row: Any, field: str) -> str:
    """Where a field of an item stands."""
    return at(row, "code", field)


def yuan(fen: Any) -> str:
    """Fen as yuan, as people read it."""
    return money.format_yuan(int(fen))


def quantity(scaled: Any) -> str:
    """A quantity of ten-thousandths, as people read it."""
    return format((Decimal(int(scaled)) / SCALE).normalize(), "f")


def percent(rate: Decimal) -> str:
    """A rate, as people read it."""
    return format(rate.normalize(), "f")


def compact(text: str) -> str:
    """Text without white space."""
    return "".join(text.split())


def standard(edition: str) -> str:
    """The standard that an edition stands for."""
    return boq_code.EDITIONS[EDITIONS[edition]]
