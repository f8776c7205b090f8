"""Makes visits and hazards known at start-up: importing is what registers."""

from __future__ import annotations

from pathlib import Path


def register() -> None:
    """Register the machines' behaviour, access rows, subscribers, forms, pages, words and law."""
    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder
    from procurement.site import (  # noqa: F401
        access,
        criteria,
        messages,
        notice,
        pages,
        selectors,
        services,
    )

    catalogue.register(messages.WORDINGS)
    register_folder(Path(__file__).parent / "law")
