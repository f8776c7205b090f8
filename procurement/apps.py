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
        from procurement import contracts, cost, projects
        from procurement.contracts import messages as contract_messages
        from procurement.contracts import registered as contracts_registered  # noqa: F401
        from procurement.cost import messages as cost_messages
        from procurement.projects import (  # noqa: F401
            access,
            api,
            certificate,
            import_subscriber,
            messages,
            pages,
            selectors,
            services,
            subscribers,
        )

        catalogue.register(messages.WORDINGS)
        catalogue.register(contract_messages.WORDINGS)
        catalogue.register(cost_messages.WORDINGS)
        register_folder(Path(contracts.__file__).parent / "law")
        register_folder(Path(cost.__file__).parent / "law")
        register_folder(Path(projects.__file__).parent / "law")
        add("/projects", api.router)
        add("/registrations", api.mine)
