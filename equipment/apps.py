"""Equipment as one Django app."""

from pathlib import Path

from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "equipment"
    verbose_name = "Equipment"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
        from equipment.leasing import access as leasing_access  # noqa: F401
        from equipment.leasing import pages as leasing_pages  # noqa: F401
        from equipment.leasing import selectors as leasing_selectors  # noqa: F401
        from equipment.leasing import services as leasing_services  # noqa: F401
        from equipment.registry import (  # noqa: F401
            access,
            certificates,
            findable,
            messages,
            pages,
            selectors,
            services,
        )
        from equipment.sites import subscribers  # noqa: F401
        from kernel.errors import catalogue
        from kernel.regulation.rule_sets import register_folder

        register_folder(Path(__file__).parent / "registry/law")
        catalogue.register(messages.WORDINGS)
