"""Reads of bills: by identity, item by item, what differs, what the checks of a moment find."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound, Refusal
from kernel.regulation import selectors as law
from kernel.regulation.citing import cited, language
from procurement.cost import canonical
from procurement.cost.models import Bill, BillItem
from procurement.cost.rates import Rates
from procurement.cost.schemas import EDITIONS
from procurement.cost.schemas import Bill as Content

if TYPE_CHECKING:
    from procurement.cost.findings import Outcome

CHECKS = tuple(f"C{number:02d}" for number in range(1, 15))
_TOLERANT = ("C04", "C05", "C09", "C11", "C12")


def bill(sha256: str, kind: str = "") -> Bill:
    """The stored bill of an identity, of a kind if one is asked for, the first stored of several.

    Raises NotFound ``procurement.bill.unknown``.
    """
    found = Bill.objects.filter(sha256=sha256).order_by("pk")
    first = (found.filter(kind=kind) if kind else found).first()
    if first is None:
        raise NotFound.because("procurement.bill.unknown", sha256=sha256[:64])
    return first


def items(sha256: str, kind: str = "") -> QuerySet[BillItem]:
    """The items of a stored bill in their order; raises as ``bill`` does."""
    return bill(sha256, kind).items.order_by("place")


def content(sha256: str) -> Content:
    """A stored bill whole, from its canonical bytes, whose hash is verified; raises as ``bill``."""
    bill(sha256)
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None:
        raise NotFound.because("procurement.bill.unknown", sha256=sha256[:64])
    with storage.open_verified(stored) as file:
        return canonical.decode(file.read())


def rates(at: datetime, region: str = "") -> Rates:
    """What the rule sets valid at a legal moment say about bills, for ``check`` and comparisons."""
    checks = law.resolve("values.bill_checks", at, region)
    rows = {key: found[0] for key, found in checks.by_key.items()}
    vat = law.resolve("values.bill_vat", at, region).by_key
    safety = law.resolve("values.bill_safety", at, region).by_key

    def editions(key: str) -> frozenset[str]:
        """Those of which a row of the checks says yes."""
        return frozenset(
            edition
            for edition in EDITIONS
            if law.row("values.bill_checks", key, at, region, {"edition": edition})["value"]
        )

    return Rates(
        current_edition=law.row("values.bill_edition", "current", at, region)["value"],
        severities={check: rows[f"{check}.severity"]["value"] for check in CHECKS},
        articles={check: cited(rows[f"{check}.severity"], language()) for check in CHECKS},
        tolerances_fen={check: rows[f"{check}.tolerance"]["value"] for check in _TOLERANT},
        vat={key: Decimal(found[0]["value"]) for key, found in vat.items()},
        safety={key: Decimal(found[0]["value"]) for key, found in safety.items()},
        excludes_specialist=editions("vat_base.excludes_specialist"),
        lists_fees=editions("fees.listed"),
    )


def check(
    made: Content,
    rates: Rates,
    *,
    tender: Content | None = None,
    ceiling: Content | None = None,
    opening_total_fen: int | None = None,
    unit_ceilings: bool = False,
    ceiling_fen: int | None = None,
) -> Outcome:
    """Every check of a priced bill, as errors and warnings.

    tender: held against it (C03, C10). ceiling: (C08; unit_ceilings: unit prices too). ceiling_fen:
    the ceiling price of the documents, which C08 holds the total against with or without that bill.
    opening_total_fen: the total that the opening read out (C06).
    """
    # pandas is slow to load and few requests need it.
    from procurement.cost import checking

    return checking.check(
        made,
        rates,
        tender=tender,
        ceiling=ceiling,
        opening_total_fen=opening_total_fen,
        unit_ceilings=unit_ceilings,
        ceiling_fen=ceiling_fen,
    )


def check_tender(made: Content, rates: Rates) -> Outcome:
    """The checks of a bill without prices: format, edition, codes."""
    from procurement.cost import checking

    return checking.check_tender(made, rates)


def differences(
    tender_sha256: str, bid_sha256: str, at: datetime, region: str = ""
) -> tuple[Refusal, ...]:
    """Every item in which a stored bid's bill differs from the tender's (C03), each named.

    Raises NotFound ``procurement.bill.unknown``.
    """
    from procurement.cost import checking

    return checking.differences(content(tender_sha256), content(bid_sha256), rates(at, region))
