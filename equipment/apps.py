"""Equipment as one Django app."""

from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "equipment"
    verbose_name = "Equipment"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
