"""Reads of sites and signed contracts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from kernel.events.procurement_completion import CompletionUseStopped
from kernel.events.selectors import has_happened_since
from labour.sites.models import SignedContract, SiteOfWork


def site(number: str) -> SiteOfWork | None:
    """A site by its works number, or None."""
    return SiteOfWork.objects.filter(number=number).first()


def open_sites() -> QuerySet[SiteOfWork]:
    """Sites that have their permit and are not closed."""
    return SiteOfWork.objects.filter(permitted_at__isnull=False, closed_at__isnull=True)


def contract(number: str) -> SignedContract | None:
    """A signed contract by its number, or None."""
    return SignedContract.objects.filter(number=number).first()


def contracts_of(contractor_uscc: str) -> QuerySet[SignedContract]:
    """The signed contracts of a contractor."""
    return SignedContract.objects.filter(contractor_uscc=contractor_uscc)


def is_being_built(contract_number: str, but: str = "") -> bool:
    """Whether works of a contract (``but`` some) have begun and are not yet accepted."""
    found = SiteOfWork.objects.filter(
        contract_number=contract_number, started_at__isnull=False, accepted_at__isnull=True
    )
    return bool(found.exclude(number=but).exclude(closed_at__isnull=False).exists())


def numbers_of(contract_number: str) -> list[str]:
    """The works numbers of a contract."""
    found = SiteOfWork.objects.filter(contract_number=contract_number)
    return list(found.values_list("number", flat=True))


def is_annulled(number: str, accepted_at: datetime) -> bool:
    """Whether an acceptance of works was annulled since: that may be told before the acceptance."""
    return has_happened_since(CompletionUseStopped, accepted_at, works_number=number)
