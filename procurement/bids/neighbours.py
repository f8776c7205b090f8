"""What sealed bids answer to the lot: how to bid for it, and what was read out."""

from __future__ import annotations

from django.urls import reverse

from procurement.bids import commands, readings, selectors
from procurement.bids.pages import server
from procurement.tendering import needs
from procurement.tendering.needs import HowToBid


@needs.how_to_bid.answered_by
def how_to_bid(number: str) -> HowToBid | None:
    """The commands with this server's address, the lot and the keys that must be expected."""
    policy = readings.in_force(number)
    if policy is None:
        return None
    return HowToBid(
        commands.seal(server(), number, policy.policy.parties(), replaces=False),
        commands.submit(server(), number),
        reverse("procurement:bids-lot", args=[number]),
        reverse("procurement:bids-policy", args=[number]),
    )


@needs.opening_page.answered_by
def opening_page(number: str) -> str:
    """The page of the opening, once the bids are open."""
    if not selectors.is_opened(number):
        return ""
    return reverse("procurement:bids-opening", args=[number])
