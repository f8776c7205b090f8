"""Who may not bid for a lot because of who it is, or how it stands to whom the law names.

Before the opening a bidder is held against owner and agency alone, who stand on the notice. How
bidders stand to each other is asked once the bids are open: a refusal at receipt would tell the
later one that the earlier one has bid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from credit.enterprises.relations import selectors as relations
from kernel.errors import Refusal
from procurement.bids import selectors
from procurement.bids.lots import Lot

ARTICLE_OWNER = gettext_noop("《招标投标法实施条例》第34条第一款")
ARTICLE_AGENCY = gettext_noop("《招标投标法实施条例》第13条")
ARTICLE_BIDDERS = gettext_noop("《招标投标法实施条例》第34条第二款、第三款")


def itself(uscc: str, lot: Lot) -> Iterator[Refusal]:
    """Nobody bids for what it puts out to tender, nor for what it runs for another.

    Both stand on the notice: the refusal tells nothing of who else bids.
    """
    if uscc and uscc == lot.owner_uscc:
        yield Refusal("procurement.bid.is_owner", {}, ARTICLE_OWNER, "bidder")
    if uscc and uscc == lot.agency_uscc:
        yield Refusal("procurement.bid.is_agency", {}, ARTICLE_AGENCY, "bidder")


def to_parties(uscc: str, lot: Lot, at: datetime) -> Iterator[Refusal]:
    """Whose interest is one with the owner's or the agency's does not bid; it is told why."""
    for found in relations.to_parties(uscc, lot.owner_uscc, lot.agency_uscc, at):
        owner = found.other_uscc == lot.owner_uscc
        yield Refusal(
            "procurement.bid.related_to_owner" if owner else "procurement.bid.related_to_agency",
            {"kind": found.kind, "source": found.source},
            ARTICLE_OWNER if owner else ARTICLE_AGENCY,
            "bidder",
        )


def to_bidders(uscc: str, lot_number: str, at: datetime) -> Iterator[Refusal]:
    """Relations to other bidders of a lot whose bids are open: both bids fall. Nothing before."""
    opened = {bid.bidder_uscc: bid.name for bid in selectors.opened_bids(lot_number)}
    for found in relations.among(uscc, opened, at):
        yield Refusal(
            "procurement.bid.related_to_bidder",
            {
                "name": opened[found.other_uscc],
                "kind": found.kind,
                "source": found.source,
            },
            ARTICLE_BIDDERS,
            "bidder",
        )
