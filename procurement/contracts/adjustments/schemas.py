"""What the acts on a price adjustment bring along. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.contracts.schemas import Quantity, Text, exact
from procurement.projects.schemas import Code, Fen, Line

Weight = Annotated[Decimal, *exact(1, 6)]
Index = Annotated[Decimal, *exact(10**7, 4)]


class Material(Payload):
    """A material of a period by price information. Prices in fen per unit.

    base_fen: at the base date; bid_fen: in the bid; current_fen: now. source: the issue of the
    price information.
    """

    code: Code
    name: Line
    unit: Line = ""
    quantity: Quantity
    base_fen: Fen
    bid_fen: Fen
    current_fen: Fen
    source: Line = ""


class Component(Payload):
    """A variable factor of an index adjustment: weight B, index now and at the base date."""

    name: Line
    weight: Weight
    current: Index
    base: Index


class Grown(Payload):
    """An item of the bill whose quantity differs from the bill's by more than was agreed.

    done: all that was done of it. new_price_fen: the price agreed for what is beyond.
    """

    code: Code
    done: Quantity
    new_price_fen: Fen


class ProposePayload(Payload):
    """What a contractor asks prices to be adjusted by; exactly one of the three ways.

    period: in words, e.g. 2026年3月. materials: by price information. work_done_fen, constant,
    components: by indices. grown: by quantity.
    """

    contract_number: Code
    period: Line
    materials: Annotated[tuple[Material, ...], Field(max_length=500)] = ()
    work_done_fen: Fen = 0
    constant: Weight = Decimal(0)
    components: Annotated[tuple[Component, ...], Field(max_length=50)] = ()
    grown: Annotated[tuple[Grown, ...], Field(max_length=500)] = ()


class CheckPayload(Payload):
    """The chief supervisor's opinion: the sources of prices and indices were checked."""

    opinion: Text = ""


class InPaymentPayload(Payload):
    """The payment that pays it."""

    payment_number: Line
