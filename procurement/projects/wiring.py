"""Makes project registration known at start-up: importing is what registers."""

from __future__ import annotations

from pathlib import Path


def register() -> None:
    """Register the machines' behaviour, access rows, subscribers, forms, pages, words and law."""
    from kernel.api.main import add
    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder
    from procurement.projects import (  # noqa: F401
        access,
        api,
        certificate,
        findable,
        import_subscriber,
        messages,
        pages,
        selectors,
        services,
        subscribers,
    )

    catalogue.register(messages.WORDINGS)
    register_folder(Path(__file__).parent / "law")
    add("/projects", api.router)
    add("/registrations", api.mine)
