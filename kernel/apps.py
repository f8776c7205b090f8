"""The kernel as one Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Gathers the rooms; imports explicitly what registers itself."""

    name = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Register what rooms contribute at start-up."""
