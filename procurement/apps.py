"""Procurement as one Django app."""

from pathlib import Path

from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "procurement"
    verbose_name = "Procurement"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
        from kernel.api.main import add
        from kernel.errors import catalogue
        from kernel.regulation.rule_sets import register_folder
        from procurement import cost, projects
        from procurement.cost import access as cost_access  # noqa: F401
        from procurement.cost import messages as cost_messages
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
        from procurement.securities import wiring as securities
        from procurement.tendering import wiring as tendering

        catalogue.register(messages.WORDINGS)
        catalogue.register(cost_messages.WORDINGS)
        register_folder(Path(cost.__file__).parent / "law")
        register_folder(Path(projects.__file__).parent / "law")
        tendering.register()
        securities.register()
        add("/projects", api.router)
        add("/registrations", api.mine)
        _works_and_site()
        self._sealed_bids()

    def _sealed_bids(self) -> None:
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
            opening,
            pages,
            policies,
            record,
            selectors,
            subscribers,
        )

        catalogue.register(messages.WORDINGS)
        add("/lots", api.router)


def _works_and_site() -> None:
    """Drawing review, works, completion filing, and what happens on site."""
    from importlib import import_module

    from kernel.errors import catalogue
    from kernel.regulation.rule_sets import register_folder

    rooms = {
        "projects.drawings": ("certificate",),
        "projects.works": ("papers", "subscribers"),
        "projects.filing": ("paper",),
        "site": ("criteria", "notice"),
    }
    for room, more in rooms.items():
        package = import_module(f"procurement.{room}")
        for name in ("access", "selectors", "services", "pages", *more):
            import_module(f"procurement.{room}.{name}")
        catalogue.register(import_module(f"procurement.{room}.messages").WORDINGS)
        register_folder(Path(str(package.__file__)).parent / "law")
