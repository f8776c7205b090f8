"""Labour as one Django app."""

from pathlib import Path

from django.apps import AppConfig


class LabourConfig(AppConfig):
    """Gathers the stages; imports explicitly what registers itself."""

    name = "labour"
    verbose_name = "Labour"

    def ready(self) -> None:
        """Register machines' behaviour, access rows, subscribers, forms, pages and words."""
        from kernel.errors import catalogue
        from kernel.evidence import append_only
        from kernel.regulation.rule_sets import register_folder
        from labour.accounts import access as accounts_access  # noqa: F401
        from labour.accounts import messages as accounts_messages
        from labour.accounts import pages as accounts_pages  # noqa: F401
        from labour.accounts import selectors as accounts_selectors  # noqa: F401
        from labour.accounts import services as accounts_services  # noqa: F401
        from labour.accounts.models import AccountEntry
        from labour.payroll import access as payroll_access  # noqa: F401
        from labour.payroll import messages as payroll_messages
        from labour.payroll import pages as payroll_pages  # noqa: F401
        from labour.payroll import selectors as payroll_selectors  # noqa: F401
        from labour.payroll import services as payroll_services  # noqa: F401
        from labour.roster import access, messages, pages, selectors, services  # noqa: F401
        from labour.sites import subscribers  # noqa: F401

        register_folder(Path(__file__).parent / "roster/law")
        for one in (messages, accounts_messages, payroll_messages):
            catalogue.register(one.WORDINGS)
        append_only.protect(AccountEntry._meta.db_table)
