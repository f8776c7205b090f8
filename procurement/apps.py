"""Procurement as one Django app."""

from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "procurement"
    verbose_name = "Procurement"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
        from kernel.errors import catalogue
        from procurement.projects import (  # noqa: F401
            access,
            certificate,
            messages,
            pages,
            selectors,
            services,
            subscribers,
        )

        catalogue.register(messages.WORDINGS)
