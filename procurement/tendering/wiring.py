"""Makes tendering known at start-up: importing is what registers."""

from __future__ import annotations

from pathlib import Path


def register() -> None:
    """Register machines' behaviour, access rows, subscribers, forms, pages, words and law."""
    from kernel.api.main import add
    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder
    from procurement.tendering import (  # noqa: F401
        access,
        api,
        documents,
        fact_loader,
        findable,
        law_kinds,
        messages,
        neighbours,
        pages,
        printing,
        project_links,
        services,
        subscribers,
    )
    from procurement.tendering import register as _register  # noqa: F401
    from procurement.tendering.award import services as award  # noqa: F401
    from procurement.tendering.bills import access as _bills  # noqa: F401
    from procurement.tendering.bills import messages as bills
    from procurement.tendering.bills import pages as _bill_pages  # noqa: F401
    from procurement.tendering.bills import services as _bill_services  # noqa: F401
    from procurement.tendering.objections import messages as objections
    from procurement.tendering.objections import pages as _objections  # noqa: F401
    from procurement.tendering.objections import selectors as _selectors  # noqa: F401
    from procurement.tendering.objections import services as _services  # noqa: F401
    from procurement.tendering.objections import subscribers as _pausing  # noqa: F401
    from procurement.tendering.plans import messages as plans
    from procurement.tendering.plans import pages as _planned  # noqa: F401
    from procurement.tendering.plans import services as _plans  # noqa: F401
    from procurement.tendering.procedures import registry

    registry.load()
    add("/lots", api.router)

    for words in (messages.WORDINGS, bills.WORDINGS, objections.WORDINGS, plans.WORDINGS):
        catalogue.register(words)
    register_folder(Path(__file__).parent / "law")
