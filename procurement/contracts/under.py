"""The cases under a contract, and what they come to, as its page tells them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.money import format_yuan
from kernel.web.case_pages import case_url
from kernel.web.viewmodels import Fact, FactGroup
from kernel.workflow import selectors as workflow
from kernel.workflow.machines import Machine
from kernel.workflow.project_cases import outlines_of
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.variations.machine import VARIATION

# By machine the columns that hold what a case comes to, what is settled before what was asked.
_SUMS = {
    PAYMENT.code: ("due_fen",),
    VARIATION.code: ("approved_fen", "checked_fen", "valued_fen"),
    PRICE_ADJUSTMENT.code: ("amount_fen",),
}


def cases(contract: Any) -> dict[str, list[Any]]:
    """The cases under a contract by machine, as outlines; read once for a page."""
    found: dict[str, list[Any]] | None = contract.__dict__.get("_cases_under")
    if found is None:
        found = contract._cases_under = {code: [] for code in _SUMS}
        # A case under a contract has the contract's project: see contracts.parties.
        rows: list[Any] = outlines_of(contract.project_number, lambda kind: kind.code in _SUMS)
        for case in rows:
            if case.contract_number == contract.number:
                found[case.machine.code].append(case)
    return found


def group(title: str, machine: Machine, contract: Any, actor: Actor) -> FactGroup:
    """Those of one kind that the reader may open: what each comes to, and where it stands."""
    facts = tuple(
        Fact(row.reference, _row(machine, row), url=case_url(row))
        for row in _readable(contract, machine, actor)
    )
    return FactGroup(title, facts)


def _readable(contract: Any, machine: Machine, actor: Actor) -> list[Any]:
    return list(workflow.readable_among(cases(contract)[machine.code], actor))


def _row(machine: Machine, row: Any) -> str:
    state = str(machine.state(row.state).label)
    sum_fen = next((fen for name in _SUMS[machine.code] if (fen := getattr(row, name))), 0)
    if not sum_fen:
        return state
    return _("%(amount)s 元 · %(state)s") % {"amount": format_yuan(sum_fen), "state": state}


def unpaid(case: Any, paid_fen: int) -> tuple[Fact, ...]:
    """What is left of what was settled, the retention not counted."""
    if not case.settled_fen:
        return ()
    left = max(0, case.settled_fen - case.retention_fen - paid_fen)
    return (Fact(_("结算价款尚未支付（不含质量保证金）"), left, "money"),)


def settlement(case: Any) -> tuple[Fact, ...]:
    """What was claimed, checked and settled, and until when retention is held."""
    return (
        Fact(_("报送结算价"), case.claimed_fen, "money"),
        Fact(_("审定结算价"), case.checked_fen, "money"),
        Fact(_("另有争议的金额"), case.disputed_fen or None, "money"),
        Fact(_("结算价"), case.settled_fen, "money"),
        Fact(_("质量保证金"), case.retention_fen, "money"),
        Fact(
            _("返还期限"),
            case.retention_due_at,
            "moment",
        ),
    )
