"""Makes securities known at start-up: importing is what registers."""

from __future__ import annotations

from pathlib import Path


def register() -> None:
    """Register the machine's behaviour, access rows, subscribers, pages, words and law."""
    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder
    from procurement.securities import (  # noqa: F401
        access,
        messages,
        pages,
        selectors,
        services,
        subscribers,
    )

    catalogue.register(messages.WORDINGS)
    register_folder(Path(__file__).parent / "law")
