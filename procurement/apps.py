"""Procurement as one Django app."""

from importlib import import_module

from django.apps import AppConfig

# Each room names in its ``wiring`` what is imported at start-up, because importing registers it.
ROOMS = (
    "projects",
    "cost",
    "tendering",
    "securities",
    "projects.drawings",
    "projects.works",
    "projects.filing",
    "site",
    "bids",
    "evaluation",
    "contracts",
)


class ProcurementConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "procurement"
    verbose_name = "Procurement"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
        for room in ROOMS:
            import_module(f"procurement.{room}.wiring").register()
        import_module("procurement.connections").register()
