"""What the platform knows already of what a bidder writes into its opening sheet.

A file of the lot's page, for the sealing program: taken from there it is no more than a proposal,
and nothing that the bidder then writes comes back before the opening.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from credit.enterprises import selectors as enterprises
from kernel.errors import NotFound
from kernel.sealing import canonical
from procurement.bids import lots, needs

FORMAT = "zhuxin-sheet-facts/2"
# Who may lead a construction project: registered constructors.
_LEADERS = "constructor_"
_MOST = 100


def compose(number: str, uscc: str, at: datetime) -> dict[str, Any]:
    """The lot's ceiling and the bid security that it asks for (fen, 0 where there is none), whether
    it is priced over a bill, the bidder's constructors and the numbers of its bid securities.

    Raises NotFound ``procurement.bid.lot_unknown``.
    """
    lot = lots.find(number)
    if lot is None:
        raise NotFound.because("procurement.bid.lot_unknown", lot=number[:20])
    return {
        "format": FORMAT,
        "lot": lot.number,
        "bidder": uscc,
        "ceiling_fen": lot.ceiling_fen,
        "security_fen": lot.security_fen,
        "bill": lot.over_bill,
        "managers": _managers(uscc, at),
        "securities": [one.number for one in needs.own_securities(lot.number, uscc, at)][:_MOST],
    }


def _managers(uscc: str, at: datetime) -> list[str]:
    """Names, each once; nobody where the archive does not have the enterprise."""
    try:
        staff = enterprises.resume_facts(uscc, at)["staff"]
    except NotFound:
        return []
    names = [each["name"] for each in staff if each["certificate"].startswith(_LEADERS)]
    return list(dict.fromkeys(names))[:_MOST]


def as_json(facts: dict[str, Any]) -> bytes:
    """The file: canonical JSON, as the program reads it."""
    return canonical.encode(facts)
