"""What sealed bids answer to other rooms: how to bid, how a bid stands, what was read out."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from kernel.errors import Refusal
from procurement.bids import commands, lots, readings, selectors
from procurement.bids import needs as bidders
from procurement.bids.bid_machine import ANNULLED, VOID, WITHDRAWN
from procurement.bids.models import Bid
from procurement.bids.page_parts import server
from procurement.bids.rules.common import ARTICLE_VOID
from procurement.securities import needs as securities
from procurement.tendering import needs
from procurement.tendering.needs import HowToBid, VoidDecision


@needs.how_to_bid.answered_by
def how_to_bid(number: str) -> HowToBid | None:
    """The commands with this server's address, the lot and the keys that must be expected."""
    policy = readings.in_force(number)
    if policy is None:
        return None
    return HowToBid(
        commands.seal(server(), number, policy.policy.parties()),
        commands.submit(server(), number),
        reverse("procurement:bids-lot", args=[number]),
        reverse("procurement:bids-policy", args=[number]),
    )


@needs.bidder_refusals.answered_by
def bidder_refusals(number: str, uscc: str, at: datetime) -> tuple[Refusal, ...]:
    """Why an enterprise may not win a lot at a moment: the archive, or a bid found void."""
    lot = lots.find(number)
    if lot is None:
        return ()
    found = bidders.barred(uscc, lot, at)
    if Bid.objects.filter(lot_number=number, bidder_uscc=uscc, state=VOID).exists():
        found = (*found, Refusal("procurement.bid.is_void", {"lot": number}, ARTICLE_VOID))
    return found


@needs.void_decision.answered_by
def void_decision(number: str, uscc: str) -> VoidDecision | None:
    """By which decision an enterprise's bid for a lot was found void."""
    bid = Bid.objects.filter(lot_number=number, bidder_uscc=uscc, state=VOID).first()
    if bid is None:
        return None
    told = bid.decision
    return VoidDecision(
        told.get("document_number", ""), told.get("file_sha256", ""), bid.reason
    )  # fmt: skip


@needs.has_bid.answered_by
def has_bid(number: str, uscc: str) -> bool:
    """Whether an enterprise bid for a lot, however its bid fared since; not who withdrew it."""
    own = Bid.objects.filter(lot_number=number, bidder_uscc=uscc)
    return own.exclude(state=WITHDRAWN).exists()


@securities.bid_now.answered_by
def bid_now(pk: int) -> securities.BidNow | None:
    """Whose bid it is and whether it is withdrawn; for what has to follow, never for a page."""
    bid = Bid.objects.filter(pk=pk).first()
    if bid is None:
        return None
    return securities.BidNow(bid.lot_number, bid.bidder_uscc, bid.state in (WITHDRAWN, ANNULLED))


@needs.opening_page.answered_by
def opening_page(number: str) -> str:
    """The page of the opening, once the bids are open."""
    if not selectors.is_opened(number):
        return ""
    return reverse("procurement:bids-opening", args=[number])
