"""An awarded lot with its bill, a contract brought somewhere, and short ways to act on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from kernel.workflow.machines import machine
from kernel.workflow.receipts import Receipt
from procurement.contracts import needs
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.needs import Award, BillLine
from tests.conftest import member

BILL = "b" * 64
PRICE = 1_000_000_00
LINES = {
    "010101001001": BillLine("010101001001", "平整场地", "m²", Decimal(1000), 12_50),
    "010502001001": BillLine("010502001001", "矩形柱", "m³", Decimal("120.5"), 860_00),
    "011001001001": BillLine("011001001001", "保温隔热屋面", "m²", Decimal(300), 95_40),
}
LOT = "2301022511240101-01"
_keys = itertools.count(1)


def market() -> dict[str, Actor]:
    """An owner, a contractor, a supervision firm, an officer, and somebody from elsewhere."""
    return {
        "owner": member("owner", "owner_clerk", serial=51),
        "contractor": member("contractor", "contractor_clerk", serial=52),
        "chief": member("chief", "chief_supervisor", serial=53),
        "stranger": member("stranger", "contractor_clerk", serial=54),
        "other_owner": member("other_owner", "owner_clerk", serial=55),
        "officer": member(
            "permits", "permit_officer", region="230100", serial=56, authority="city"
        ),
    }


@contextmanager
def answers(award: Award | None, securities: dict[str, int] | None = None) -> Iterator[None]:
    """Other rooms answer with this award, these sums of securities, and the bill above."""
    asked = (
        needs.award, needs.securities_fen, needs.bill, needs.bill_size, needs.wage_account,
    )  # fmt: skip
    held = [need._answer for need in asked]
    sums = (
        {"performance": PRICE // 10, "payment": PRICE // 10} if securities is None else securities
    )

    def award_of(lot: str) -> Award | None:
        return award if award is not None and lot == award.lot_number else None

    def sum_of(kind: str, _about: str, _principal: str, _at: datetime) -> int:
        return sums.get(kind, 0)

    def bill(sha256: str) -> Mapping[str, BillLine]:
        return LINES if sha256 == BILL else {}

    needs.award.answered_by(award_of)
    needs.securities_fen.answered_by(sum_of)
    needs.bill.answered_by(bill)
    needs.wage_account.answered_by(lambda _number: "1")
    needs.bill_size.answered_by(lambda sha256: len(bill(sha256)))
    try:
        yield
    finally:
        for need, answer in zip(asked, held, strict=True):
            need._answer = answer  # type: ignore[attr-defined]


def awarded(people: Mapping[str, Actor], **changes: Any) -> Award:
    """What the lot was awarded on."""
    values: dict[str, Any] = {
        "lot_id": 7,
        "lot_ref": "",
        "lot_number": LOT,
        "project_number": "2301022511240101",
        "region": "230102",
        "works_name": "示例小学新建工程",
        "owner_uscc": people["owner"].uscc,
        "winner_uscc": people["contractor"].uscc,
        "price_fen": PRICE,
        "period_days": 400,
        "quality": "合格",
        "project_manager": "示例甲",
        "boq_standard": "gbt50500-2024",
        "bid_bill_sha256": BILL,
        "awarded_at": clock.now(),
        "terms": {"progress_percent": Decimal(80)},
    }
    return Award(**values | changes)


def terms(people: Mapping[str, Actor], **changes: Any) -> dict[str, Any]:
    """Terms that lack nothing and depart from nothing."""
    return {
        "lot_number": LOT,
        "works_name": "示例小学新建工程",
        "supervision_uscc": people["chief"].uscc,
        "price_fen": PRICE,
        "period_days": 400,
        "quality": "合格",
        "project_manager": "示例甲",
        "boq_standard": "gbt50500-2024",
        "bill_sha256": BILL,
        "quantity_option": "segment",
        "adjustment": "information",
        "risk_percent": "5",
        "prepayment_percent": "10",
        "progress_percent": "80",
        "retention_percent": "3",
        "performance_percent": "10",
        "wage_percent": "20",
        "defect_months": 24,
        "owner_kind": "public_body",
        "contractor_is_sme": True,
        "government_money": True,
        **changes,
    }


def act(code: str, pk: int | None, transition: str, actor: Actor, payload: Any = None) -> Receipt:
    """Do an act as somebody who has just looked at the case."""
    found = machine(code)
    assert found is not None
    assert found.model is not None
    seen = None if pk is None else found.model.objects.get(pk=pk).version
    return fire(
        code, pk, transition, actor=actor, payload=payload, key=f"k{next(_keys)}", seen_version=seen
    )


def opened(people: Mapping[str, Actor], **changes: Any) -> int:
    """A draft; its key."""
    return act(CONTRACT.code, None, "open", people["owner"], terms(people, **changes)).case_pk


def signed(people: Mapping[str, Actor], **changes: Any) -> int:
    """A signed contract, without the papers."""
    pk = opened(people, **changes)
    act(CONTRACT.code, pk, "draft", people["owner"])
    auto(CONTRACT.code, pk, "sign", {"document_number": "1", "document_sha256": "c" * 64})
    return pk


def performing(people: Mapping[str, Actor], **changes: Any) -> Contract:
    """A contract whose works are permitted."""
    pk = signed(people, **changes)
    auto(CONTRACT.code, pk, "perform")
    return Contract.objects.get(pk=pk)


def auto(code: str, pk: int, transition: str, payload: Any = None) -> Receipt | None:
    """What something else causes."""
    return follow(code, pk, transition, key=f"cause{next(_keys)}", at=clock.now(), payload=payload)
