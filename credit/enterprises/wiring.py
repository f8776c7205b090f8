"""Makes declarations, corrections, projections and imports of the archive known at start-up."""

from __future__ import annotations

from credit.enterprises import projections  # noqa: F401
from credit.enterprises.corrections import access as _corrections_access  # noqa: F401
from credit.enterprises.corrections import messages as corrections_messages
from credit.enterprises.corrections import pages as _corrections_pages  # noqa: F401
from credit.enterprises.corrections import selectors as _corrections_selectors  # noqa: F401
from credit.enterprises.corrections import services as _corrections_services  # noqa: F401
from credit.enterprises.corrections import subscribers as _corrections_subscribers  # noqa: F401
from credit.enterprises.declarations import access as _declarations_access  # noqa: F401
from credit.enterprises.declarations import messages as declarations_messages
from credit.enterprises.declarations import pages as _declarations_pages  # noqa: F401
from credit.enterprises.declarations import selectors as _declarations_selectors  # noqa: F401
from credit.enterprises.declarations import services as _declarations_services  # noqa: F401
from credit.enterprises.national import access as _national_access  # noqa: F401
from credit.enterprises.national import desk as _national_desk  # noqa: F401
from credit.enterprises.national import messages as national_messages
from credit.enterprises.national import pages as _national_pages  # noqa: F401
from credit.enterprises.relations import access as _relations_access  # noqa: F401
from credit.enterprises.relations import firm_desk as _relations_desk  # noqa: F401
from credit.enterprises.relations import messages as relations_messages
from credit.enterprises.relations import pages as _relations_pages  # noqa: F401
from credit.enterprises.relations import services as _relations_services  # noqa: F401
from kernel.errors import catalogue

catalogue.register(declarations_messages.WORDINGS)
catalogue.register(corrections_messages.WORDINGS)
catalogue.register(national_messages.WORDINGS)
catalogue.register(relations_messages.WORDINGS)
