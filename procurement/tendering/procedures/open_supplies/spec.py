"""Goods and services: as works, but described in words; there is no bill and no drawing."""

from __future__ import annotations

from procurement.tendering.procedures.registry import Procedure, register

OPEN_SUPPLIES = register(
    Procedure(
        code="open_supplies",
        methods=frozenset({"open", "invited", "direct"}),
        kinds=frozenset({"goods", "services"}),
        announced=frozenset({"open", "invited"}),
        values="values.tendering",
        formulas=frozenset({"m2"}),
        drawn=frozenset({"m2"}),
        scored_parts=("technical", "commercial"),
        files=frozenset({"document"}),
        over_bill=False,
        over_drawings=False,
    )
)
