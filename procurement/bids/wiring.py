"""Makes sealed bids known at start-up: importing is what registers."""

from __future__ import annotations


def register() -> None:
    """Register the machines' behaviour, access rows, subscribers, forms, pages, words and law."""
    from kernel.api.main import add
    from kernel.errors import catalogue
    from procurement.bids import (  # noqa: F401
        access,
        api,
        bidding,
        closing,
        credit,
        decrypting,
        messages,
        neighbours,
        opening,
        pages,
        policies,
        record,
        selectors,
        subscribers,
        tasks,
        uploads_api,
    )

    catalogue.register(messages.WORDINGS)
    add("/lots", api.router)
    add("/lots", uploads_api.router)
