"""What stands in the samples of papers under a contract: invented, never saved."""

from __future__ import annotations

from decimal import Decimal

from procurement.contracts.models import Contract

_INVENTED = {
    "91230102MA00000009": "哈尔滨示范置业有限公司（虚构）",
    "91230100MA00000001": "黑龙江示范建筑工程有限公司（虚构）",
    "91230103MA00000003": "哈尔滨示范工程监理有限公司（虚构）",
}


def invented_name(uscc: str) -> str:
    """The names in samples, which stand in no table."""
    return _INVENTED[uscc]


def invented() -> Contract:
    """An invented contract for samples; never saved."""
    return Contract(
        number="2301022511240101-HT01",
        project_number="2301022511240101",
        lot_number="2301022511240101-L01",
        works_name="松花江示范住宅小区一期工程",
        owner_uscc="91230102MA00000009",
        contractor_uscc="91230100MA00000001",
        supervision_uscc="91230103MA00000003",
        price_fen=12_345_678_900,
        provisional_fen=100_000_000,
        period_days=540,
        quality="合格",
        project_manager="示例甲",
        boq_standard="gbt50500-2024",
        bill_sha256="0" * 64,
        quantity_option="segment",
        adjustment="information",
        risk_percent=Decimal("5.00"),
        prepayment_percent=Decimal("10.00"),
        progress_percent=Decimal("80.00"),
        retention_percent=Decimal("3.00"),
        performance_percent=Decimal("10.00"),
        wage_percent=Decimal("20.00"),
        defect_months=24,
        claimed_fen=12_400_000_000,
        checked_fen=12_350_000_000,
    )
