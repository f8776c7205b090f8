"""Credit as one Django app."""

from pathlib import Path

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "credit"
    verbose_name = "Credit"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, schemes, pages and words."""
        from credit.conduct import (  # noqa: F401
            access,
            awaiting,
            firm_desk,
            listing,
            messages,
            pages,
            papers,
            selectors,
            services,
            serving,
            subscribers,
        )
        from credit.enterprises import access as enterprises_access  # noqa: F401
        from credit.enterprises import (
            findable,  # noqa: F401
            wiring,  # noqa: F401
        )
        from credit.enterprises import kinds as enterprises_kinds  # noqa: F401
        from credit.enterprises import messages as enterprises_messages
        from credit.enterprises import pages as enterprises_pages  # noqa: F401
        from credit.enterprises import selectors as enterprises_selectors  # noqa: F401
        from credit.enterprises import services as enterprises_services  # noqa: F401
        from credit.enterprises import subscribers as enterprises_subscribers  # noqa: F401
        from credit.enterprises.models import ArchiveChange
        from credit.scoring import access as scoring_access  # noqa: F401
        from credit.scoring import api as scoring_api
        from credit.scoring import desks, kinds, looked_up  # noqa: F401
        from credit.scoring import messages as scoring_messages
        from credit.scoring import subscribers as scoring_subscribers  # noqa: F401
        from credit.scoring import tasks as scoring_tasks  # noqa: F401
        from credit.scoring.models import PointEntry, ScoreCertificate
        from kernel.api import main as api
        from kernel.errors import catalogue
        from kernel.evidence import append_only
        from kernel.regulation.rule_sets import register_folder

        here = Path(__file__).parent
        for folder in ("conduct/law", "enterprises/law", "scoring/schemes"):
            register_folder(here / folder)
        catalogue.register(messages.WORDINGS)
        catalogue.register(enterprises_messages.WORDINGS)
        catalogue.register(scoring_messages.WORDINGS)
        api.add("/credit", scoring_api.router)
        append_only.protect(PointEntry._meta.db_table)
        append_only.protect(ScoreCertificate._meta.db_table)
        append_only.protect(ArchiveChange._meta.db_table)
