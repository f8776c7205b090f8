"""What projects and works ask of rooms that come after them, answered here at start-up.

A project ends when nothing under it goes on (``projects/needs.py``). Works come before contracts in
a project's room and after them in its life; to keep the rooms from importing one another in a
circle they say what they need (``projects/works/needs.py``), and this page, read after all rooms,
names who answers.
"""

from __future__ import annotations

from datetime import datetime

from credit.enterprises import selectors as enterprises
from labour.roster import selectors as roster
from procurement.bids import needs as bids
from procurement.contracts import selectors as contracts
from procurement.contracts.models import Contract
from procurement.contracts.states import DEAD
from procurement.projects import needs as projects
from procurement.projects.works import needs as works
from procurement.projects.works.models import Works
from procurement.securities import selectors as securities
from procurement.site import selectors as site
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot


def register() -> None:
    """Name who answers; importing this page is what does it."""


def _wage_account(asked: works.Asked) -> str:
    found = roster.wage_account(asked.contract_number)
    return str(found.confirmation_number) if found is not None else ""


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


def safety_licence(asked: works.Asked) -> str:
    """The contractor's safety production licence, as the archive of enterprises has it that day."""
    return enterprises.safety_licence(asked.contractor_uscc, asked.at)


@bids.security_standing.answered_by
def security_standing(number: str, lot_number: str, at: datetime) -> str:
    """How a bid security stands that was read out: by the guarantors' own entries."""
    return securities.standing(number, lot_number, at)


@bids.own_securities.answered_by
def own_securities(lot_number: str, uscc: str, at: datetime) -> tuple[bids.OwnSecurity, ...]:
    """The bid securities in force behind an enterprise's own bid, for itself to see."""
    held = securities.in_force("bid", lot_number, at, principal=uscc)
    return tuple(
        bids.OwnSecurity(each.number, each.amount_fen, each.valid_to, each.beneficiary_uscc)
        for each in held
    )


_LOT_ENDS = tuple(state.code for state in LOT.states if state.final)


def _live_lots(project_number: str) -> tuple[str, ...]:
    """Lots that are neither archived nor given up nor put out again."""
    found = Lot.objects.filter(project_number=project_number).exclude(state__in=_LOT_ENDS)
    return tuple(found.order_by("pk").values_list("number", flat=True))


def _contracts_without_works(project_number: str) -> tuple[str, ...]:
    """Living contracts under which no works were opened (yet)."""
    built = Works.objects.filter(project_number=project_number).values("contract_number")
    found = Contract.objects.filter(project_number=project_number).exclude(state__in=DEAD)
    found = found.exclude(number__in=built)
    return tuple(contract.reference for contract in found.order_by("pk"))


projects.register(projects.LIVE_LOTS, _live_lots)
projects.register(projects.CONTRACTS_WITHOUT_WORKS, _contracts_without_works)
works.register(works.WAGE_ACCOUNT, _wage_account)
works.register(works.WAGE_BOND, _bond)
works.register(works.PAYMENT_SECURITY, _payment_security)
works.register(works.SAFETY_LICENCE, safety_licence)
works.register(works.SETTLEMENT, _settlement)
works.ordered_by(site.stop_orders)
works.endangered_by(site.open_major)
