"""Where the rooms meet: what one asks as a need, another answers here, at start-up.

Rooms do not import one another where a project's life would make them a circle; each says what it
needs (``needs.py``), and this page, read after all of them, names who answers.
"""

from __future__ import annotations

from datetime import datetime

from kernel.errors import NotFound
from labour.roster import selectors as roster
from procurement.contracts import selectors as contracts
from procurement.cost import selectors as bills
from procurement.projects.drawings import selectors as drawings
from procurement.projects.works import needs as works
from procurement.securities import selectors as securities
from procurement.tendering import needs as tendering


def register() -> None:
    """Name who answers; importing this page is what does it."""


@tendering.bill.answered_by
def tender_bill(sha256: str) -> tendering.BillFacts | None:
    """A stored tender bill and the ceiling's total over the same items, where one was made."""
    try:
        found = bills.bill(sha256, "tender")
    except NotFound:
        return None
    return tendering.BillFacts(found.sha256, found.standard, found.total_fen or 0)


@tendering.drawings_passed.answered_by
def drawings_passed(project_number: str, _at: datetime) -> bool:
    """Whether a project's drawings passed their review."""
    return drawings.drawings_passed(project_number)


def _wage_account(asked: works.Asked) -> str:
    found = roster.wage_account(asked.contract_number)
    return str(found.number) if found is not None else ""


def _bond(asked: works.Asked) -> str:
    held = securities.in_force("wage", asked.contract_number, asked.at)
    return held[0].number if held else ""


def _payment_security(asked: works.Asked) -> str:
    held = securities.in_force("payment", asked.contract_number, asked.at)
    return held[0].number if held else ""


def _settlement(asked: works.Asked) -> str:
    if not contracts.is_settled(asked.contract_number):
        return ""
    found = contracts.contract(asked.contract_number)
    return contracts.statement_number(found) if found is not None else ""


works.register(works.WAGE_ACCOUNT, _wage_account)
works.register(works.WAGE_BOND, _bond)
works.register(works.PAYMENT_SECURITY, _payment_security)
works.register(works.SETTLEMENT, _settlement)
