"""Credit as one Django app."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "credit"
    verbose_name = "Credit"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
