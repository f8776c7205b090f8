"""Who answers what contracts ask: tendering and bids the award, securities, costs the bills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.queries import Prepared
from labour.roster import selectors as roster
from procurement.bids import selectors as bids
from procurement.bids.bid_machine import VOID
from procurement.contracts import needs, selectors
from procurement.contracts.needs import Award, BillLine
from procurement.cost import services as costs
from procurement.cost.models import Bill
from procurement.securities import needs as security_needs
from procurement.securities import selectors as securities
from procurement.tendering import selectors as tendering

_SCALE = 10_000  # quantities are kept in ten-thousandths
_AWARDED = ("awarded", "contracted", "archived")


@needs.award.answered_by
def award(lot_number: str) -> Award | None:
    """What a lot was awarded on: the award notice, and the winner's bid as it was opened."""
    lot = tendering.lot(lot_number)
    if lot is None or lot.state not in _AWARDED or lot.awarded_at is None:
        return None
    opened = bids.opened_bids(lot_number)
    bid = next((one for one in opened if one.bidder_uscc == lot.winner_uscc), None)
    bill_sha256 = bid.bill_sha256 if bid else ""
    return Award(
        lot_id=lot.pk,
        lot_ref=lot.case_ref,
        lot_number=lot.number,
        project_number=lot.project_number,
        region=lot.region,
        works_name=lot.name,
        owner_uscc=lot.owner_uscc,
        winner_uscc=lot.winner_uscc,
        price_fen=lot.award_price_fen,
        period_days=bid.period_days if bid else lot.period_days,
        quality=bid.quality if bid else lot.quality,
        project_manager=bid.project_manager if bid else "",
        boq_standard=_standard(bill_sha256),
        bid_bill_sha256=bill_sha256,
        awarded_at=lot.awarded_at,
        void=bid is not None and bid.state == VOID,
    )


def _standard(bill_sha256: str) -> str:
    found = _stored(bill_sha256)
    return found.standard if found else ""


def _names() -> list[str]:
    return [field.attname for field in Bill._meta.concrete_fields]


_bills = Prepared(
    lambda slots: (
        Bill.objects.filter(Q(sha256=slots.text(0)) | Q(file_sha256=slots.text(0)))
        .order_by("pk")
        .values_list(*_names())
    )
)


def _stored(sha256: str) -> Bill | None:
    """The stored bill of an identity, or one that came in the file of this hash; else None."""
    if not sha256:
        return None
    found = [Bill.from_db(DEFAULT_DB_ALIAS, _names(), row) for row in _bills.rows(sha256)]
    known = (row for row in found if row.sha256 == sha256)
    return next(known, found[0] if found else None)


def store_winning_bill(lot_number: str, at: datetime) -> None:
    """Read the winner's bill out of its file, so that contracts are measured by it; once."""
    found = award(lot_number)
    sha256 = found.bid_bill_sha256 if found else ""
    stored = StoredFile.objects.filter(sha256=sha256).first() if sha256 else None
    if stored is None or _stored(sha256) is not None:
        return
    content = costs.read_bill(storage.read(stored))
    costs.store_bill(content=content, kind="contract", at=at, file_sha256=sha256)


@needs.securities_fen.answered_by
def securities_fen(kind: str, about: str, principal: str, at: datetime) -> int:
    """The sum of a contract's securities of a kind that were in force at a legal moment."""
    return sum(held.amount_fen for held in securities.in_force(kind, about, at, principal))


@needs.wage_account.answered_by
def wage_account(contract_number: str) -> str:
    """The number of the special wage account that labour has on record for a contract."""
    found = roster.wage_account(contract_number)
    return str(found.account_number) if found is not None else ""


@needs.bill.answered_by
def bill(sha256: str) -> Mapping[str, BillLine]:
    """The priced items of a stored bill by code; empty where nobody knows it."""
    found = _stored(sha256)
    rows = found.items.order_by("place") if found else ()
    return {
        row.code: BillLine(
            code=row.code,
            name=row.name,
            unit=row.measure_unit,
            quantity=Decimal(row.quantity_e4) / _SCALE,
            price_fen=row.price_fen,
        )
        for row in rows
        if row.price_fen is not None
    }


@needs.bill_size.answered_by
def bill_size(sha256: str) -> int:
    """How many priced items a stored bill has."""
    found = _stored(sha256)
    priced = found.items.filter(price_fen__isnull=False) if found else None
    return priced.values("code").distinct().count() if priced is not None else 0


security_needs.contract_price.answered_by(selectors.price_fen)
