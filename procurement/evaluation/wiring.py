"""Makes evaluation known: what it registers by being imported, its words, its law."""

from __future__ import annotations

from pathlib import Path


def register() -> None:
    """Called once, when the app is ready."""
    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder
    from procurement.evaluation import (  # noqa: F401
        access,
        committee,
        conclusion,
        connections,
        desk,
        experts,
        messages,
        on_record,
        pages,
        rejected_bids,
        report,
        secrecy,
        selectors,
        services,
        subscribers,
        timing,
        waiting,
    )

    experts.register()
    catalogue.register(messages.WORDINGS)
    register_folder(Path(__file__).parent / "law")
