"""What rooms of this package that do not know tendering have to say to a lot: bills, drawings."""

from __future__ import annotations

from datetime import datetime

from kernel.errors import NotFound
from procurement.cost import offering
from procurement.cost import selectors as cost
from procurement.cost.models import Bill
from procurement.projects.drawings import selectors as drawings
from procurement.tendering import needs
from procurement.tendering.bills import selectors as bills


@needs.bill.answered_by
def bill(sha256: str) -> needs.BillFacts | None:
    """The stored tender bill of an identity, or None."""
    try:
        found = cost.bill(sha256, Bill.Kind.TENDER)
    except NotFound:
        return None
    return needs.BillFacts(
        found.sha256, found.standard, found.total_fen or 0, bills.brought_for(sha256)
    )


@needs.bill_file.answered_by
def bill_file(sha256: str, form: str) -> needs.BillFile | None:
    """The stored tender bill of an identity without prices, as XLSX or XML; None of any other."""
    try:
        return needs.BillFile(offering.file(sha256, form), offering.MEDIA[form])
    except NotFound:
        return None


@needs.tender_bills.answered_by
def tender_bills(uscc: str) -> tuple[tuple[str, str], ...]:
    """The tender bills that a firm may put out, newest first, as a form offers them."""
    return bills.offered(uscc)


@needs.drawings_passed.answered_by
def drawings_passed(project_number: str, _at: datetime) -> bool:
    """Whether some drawings of the project passed their review."""
    return drawings.drawings_passed(project_number)
