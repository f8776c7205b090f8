"""All that contracts register by being imported: facts, effects, rows, papers, pages."""

from procurement.contracts import (  # noqa: F401
    access,
    desk,
    documents,
    pages,
    selectors,
    services,
    sources,
    subscribers,
)
from procurement.contracts.adjustments import pages as adjustment_pages  # noqa: F401
from procurement.contracts.adjustments import selectors as adjustment_facts  # noqa: F401
from procurement.contracts.adjustments import services as adjustment_effects  # noqa: F401
from procurement.contracts.payments import documents as payment_papers  # noqa: F401
from procurement.contracts.payments import pages as payment_pages  # noqa: F401
from procurement.contracts.payments import selectors as payment_facts  # noqa: F401
from procurement.contracts.payments import services as payment_effects  # noqa: F401
from procurement.contracts.variations import documents as variation_papers  # noqa: F401
from procurement.contracts.variations import pages as variation_pages  # noqa: F401
from procurement.contracts.variations import selectors as variation_facts  # noqa: F401
from procurement.contracts.variations import services as variation_effects  # noqa: F401
