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
            findable,
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
        self._tendering()
        self._securities()
        add("/projects", api.router)
        add("/registrations", api.mine)
        self._sealed_bids()

    def _tendering(self) -> None:
        from kernel.errors import catalogue
        from kernel.regulation.rule_sets import register_folder
        from procurement import tendering
        from procurement.tendering import (  # noqa: F401
            access,
            documents,
            fact_loader,
            findable,
            law_kinds,
            messages,
            pages,
            printing,
            services,
            subscribers,
        )
        from procurement.tendering.award import services as award  # noqa: F401
        from procurement.tendering.objections import (
            messages as objection_messages,
        )
        from procurement.tendering.objections import selectors, subscribers  # noqa: F401,F811
        from procurement.tendering.objections import services as objections  # noqa: F401
        from procurement.tendering.plans import messages as plan_messages
        from procurement.tendering.plans import services as plans  # noqa: F401

        catalogue.register(messages.WORDINGS)
        catalogue.register(objection_messages.WORDINGS)
        catalogue.register(plan_messages.WORDINGS)
        register_folder(Path(tendering.__file__).parent / "law")

    def _securities(self) -> None:
        from kernel.errors import catalogue
        from kernel.regulation.rule_sets import register_folder
        from procurement import securities
        from procurement.securities import (  # noqa: F401
            access,
            messages,
            selectors,
            services,
            subscribers,
        )

        catalogue.register(messages.WORDINGS)
        register_folder(Path(securities.__file__).parent / "law")

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
