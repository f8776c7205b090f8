"""Labour as one Django app."""

from django.apps import AppConfig


class LabourConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "labour"
    verbose_name = "Labour"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
