"""Makes sealed bids known at start-up: importing is what registers."""

from __future__ import annotations


def register() -> None:
    """Register the machines' behaviour, access rows, subscribers, forms, pages, words and law."""
    from kernel.api.main import add
    from kernel.errors import catalogue
    from kernel.evidence import cadence, filling, stamping
    from procurement.bidder import takeaway
    from procurement.bids import (  # noqa: F401
        access,
        api,
        bid_facts,
        bidding,
        closing,
        covers,
        credit,
        decrypting,
        hiding,
        later_lists,
        messages,
        neighbours,
        opening,
        opening_api,
        opening_facts,
        pages,
        policies,
        policy_stamps,
        record,
        resume_api,
        selectors,
        stamps,
        subscribers,
        tasks,
        uploads_api,
    )

    catalogue.register(messages.WORDINGS)
    takeaway.carry()
    stamping.work("procurement.bids.policies", policy_stamps.stamp_policies)
    stamping.work("procurement.bids.receipts", stamps.follow_up)
    stamping.work("procurement.bids.lists", stamps.stamp_lists)
    cadence.watch("procurement.bids", stamps.is_deadline_between)
    filling.hide("procurement.bids", hiding.is_secret, covers.several)
    add("/lots", api.router)
    add("/lots", opening_api.router)
    add("/lots", uploads_api.router)
    add("/lots", resume_api.router)
