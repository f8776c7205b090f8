"""The kernel as one Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Gathers the rooms; imports explicitly what registers itself."""

    name = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Register access rows, events, words; let legal time follow the sandbox's row."""
        from kernel import money_messages
        from kernel.access import rows  # noqa: F401
        from kernel.api import cases as api_cases
        from kernel.api import search as api_search
        from kernel.api.main import add
        from kernel.documents import access as documents_access  # noqa: F401
        from kernel.documents import demo_pki, demo_stamps
        from kernel.documents import messages as documents
        from kernel.errors import catalogue
        from kernel.evidence import append_only
        from kernel.evidence import messages as evidence
        from kernel.identifiers import messages as identifiers
        from kernel.regulation import messages as regulation
        from kernel.sealing import messages as sealing
        from kernel.sealing.bids import messages as sealed_bids
        from kernel.search import messages as search
        from kernel.web import documents_desk  # noqa: F401
        from kernel.web import messages as web
        from kernel.web.views import attempts  # noqa: F401
        from kernel.web.words import listed
        from kernel.workflow import messages as workflow
        from kernel.workflow import sandbox

        catalogue.listed = listed
        for room in (documents, evidence, identifiers, money_messages, regulation):
            catalogue.register(room.WORDINGS)
        for room in (sealing, sealed_bids, search, web, workflow):
            catalogue.register(room.WORDINGS)
        add("/cases", api_cases.router)
        add("/files", api_cases.files)
        add("/search", api_search.router)
        append_only.protect("kernel_headtoken")
        sandbox.install()
        demo_pki.install()
        demo_stamps.install()
