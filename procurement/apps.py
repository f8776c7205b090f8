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
        from procurement import projects
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
        register_folder(Path(projects.__file__).parent / "law")
        add("/projects", api.router)
        add("/registrations", api.mine)

        from procurement.evaluation import setup as evaluation

        evaluation.ready()
