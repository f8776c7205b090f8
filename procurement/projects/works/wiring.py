"""Makes works known at start-up: importing is what registers."""

from __future__ import annotations

from pathlib import Path


def register() -> None:
    """Register the machines' behaviour, access rows, subscribers, forms, pages, words and law."""
    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder
    from procurement.projects.works import (  # noqa: F401
        access,
        findable,
        messages,
        pages,
        papers,
        selectors,
        services,
        subscribers,
    )

    catalogue.register(messages.WORDINGS)
    register_folder(Path(__file__).parent / "law")
