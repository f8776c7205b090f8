"""Reads of tender bills: which are on record, for whom, and what stands on them."""

from __future__ import annotations

from django.db.models import Q

from procurement.tendering.bills.machine import ON_RECORD
from procurement.tendering.bills.models import TenderBill
from procurement.tendering.models import Lot, TenderPlan


def on_record(project_number: str, sha256: str) -> TenderBill | None:
    """The project's bill of an identity, unless it was withdrawn."""
    found = TenderBill.objects.filter(project_number=project_number, sha256=sha256, state=ON_RECORD)
    return found.first()


def brought_for(sha256: str) -> frozenset[str] | None:
    """The projects that a bill is on record for; None where nobody ever brought it for one."""
    found = list(TenderBill.objects.filter(sha256=sha256).values_list("project_number", "state"))
    return frozenset(number for number, state in found if state == ON_RECORD) if found else None


def offered(uscc: str, most: int = 200) -> tuple[tuple[str, str], ...]:
    """(identity, name) of the bills that an owner or an agency may put out, newest first."""
    plans = TenderPlan.objects.filter(agency_uscc=uscc).exclude(state="ended")
    own = Q(owner_uscc=uscc) | Q(agency_uscc=uscc)
    found = TenderBill.objects.filter(
        own | Q(project_number__in=plans.values("project_number")), state=ON_RECORD
    )
    rows = found.order_by("-pk").values_list("sha256", "name", "project_number")[:most]
    return tuple((sha, f"{name} {sha[:12]} · {number}") for sha, name, number in rows)


def projects_of_agency(uscc: str) -> frozenset[str]:
    """Numbers of the projects whose plans name an agency."""
    plans = TenderPlan.objects.filter(agency_uscc=uscc).exclude(state="ended")
    return frozenset(plans.values_list("project_number", flat=True))


def lots(case: TenderBill) -> tuple[str, ...]:
    """Numbers of the project's lots that stand on the bill and were not given up."""
    found = Lot.objects.filter(project_number=case.project_number, bill_sha256=case.sha256)
    return tuple(lot.reference for lot in found.exclude(state="terminated").order_by("pk"))
