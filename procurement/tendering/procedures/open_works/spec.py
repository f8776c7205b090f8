"""Works: an open tender with qualification after the opening, priced over a bill of quantities.

An invited tender differs in who may bid, a direct award in that no notice calls for bids; the
rules of the method see to both (Tendering and Bidding Law, art. 10; Regulations, art. 7 to 9).
"""

from __future__ import annotations

from procurement.tendering.procedures.registry import Procedure, register

OPEN_WORKS = register(
    Procedure(
        code="open_works",
        methods=frozenset({"open", "invited", "direct"}),
        kinds=frozenset({"works"}),
        announced=frozenset({"open", "invited"}),
        values="values.tendering",
        formulas=frozenset({"m2"}),
        drawn=frozenset({"m2"}),
        scored_parts=("technical", "commercial"),
        files=frozenset({"document"}),
        over_bill=True,
        over_drawings=True,
    )
)
