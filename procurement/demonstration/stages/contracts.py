"""The play of a contract: signed by both, three measurements, a change, an adjustment, settlement.

It is played in three parts, because works are permitted and accepted between them.

In ``p.store``: ``lot_number`` (an awarded lot), ``winner`` (log-in name of the winner's clerk,
``bidder1`` if left out), ``security`` (called with kind, contract number and fen: gives a
security; the stage of securities puts it there). Left there: ``contract_id``,
``contract_number``, ``payments`` (keys of the paid payments).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from procurement.contracts import needs, quantities
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.machine import CONTRACT
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.rules.performance import required_performance_fen
from procurement.contracts.schemas import ContractPayload
from procurement.contracts.variations.machine import VARIATION
from procurement.demonstration.play import Play

OWNER, CHIEF = "owner1", "chief1"
_BANK = "哈尔滨示范银行"
_SHARES = (Decimal("0.4"), Decimal("0.3"), Decimal("0.3"))
_MATERIAL_CODE = "YCL-HRB400-16"


def play(
    p: Play,
    permit: Callable[[Play], None] | None = None,
    accept: Callable[[Play], None] | None = None,
) -> None:
    """All three parts. permit, accept: what the stage of works does between them."""
    sign(p)
    if permit is not None:
        permit(p)
    measure(p)
    if accept is not None:
        accept(p)
    settle(p)


def _winner(p: Play) -> str:
    return str(p.store.get("winner", "bidder1"))


def terms(p: Play, award: needs.Award) -> dict[str, Any]:
    """The contract as the owner draws it up: what was bid, and what tender documents leave open."""
    return {
        "lot_number": award.lot_number,
        "works_name": award.works_name,
        "supervision_uscc": p.actors[CHIEF].uscc,
        "price_fen": award.price_fen,
        "provisional_fen": 0,
        "period_days": award.period_days,
        "quality": award.quality,
        "project_manager": award.project_manager,
        "boq_standard": award.boq_standard,
        "bill_sha256": award.bid_bill_sha256,
        "quantity_option": "segment",
        "adjustment": "information",
        "risk_percent": "5",
        "prepayment_percent": "10",
        "progress_percent": "80",
        "retention_percent": "3",
        "performance_percent": "10",
        "wage_percent": "20",
        "defect_months": 24,
        "owner_kind": "other",
        "contractor_is_sme": True,
        "government_money": False,
    } | {name: str(value) for name, value in award.terms.items()}


def sign(p: Play) -> None:
    """The contract says what was bid and is signed by both; a departure is refused."""
    p.begin("contract")
    award = needs.award.ask(p.store["lot_number"])
    if award is None:
        raise LookupError("the lot was not awarded")
    said = terms(p, award)
    pk = p.open(CONTRACT.code, OWNER, said | {"price_fen": award.price_fen + 1_000_000_00})
    p.refused(CONTRACT.code, pk, "draft", OWNER, codes=["procurement.contract.differs"])
    p.act(CONTRACT.code, pk, "amend", OWNER, said)
    case = p.case(CONTRACT.code, pk)
    give = p.store["security"]
    give("performance", case.number, required_performance_fen(ContractPayload(**said)))
    give("payment", case.number, case.price_fen // 10)
    p.settle()
    p.act(CONTRACT.code, pk, "draft", OWNER)
    p.sign(CONTRACT.code, pk, OWNER, _winner(p))
    p.expect_state(CONTRACT.code, pk, "signed")
    p.act(CONTRACT.code, pk, "register", OWNER)
    p.store["contract_id"], p.store["contract_number"] = pk, case.number


def measure(p: Play) -> None:
    """A prepayment, three measurements, of which the last pays a change and an adjustment."""
    p.begin("payments")
    p.store["payments"] = []
    p.expect_state(CONTRACT.code, p.store["contract_id"], "performing")
    _paid(p, _opened(p, "prepayment"))
    for number, share in enumerate(_SHARES, start=1):
        p.days(28)  # labour cost is transferred within the month
        named: dict[str, Any] = {}
        if number == len(_SHARES):
            named = {"variations": [_change(p)], "adjustments": [_adjustment(p)]}
        payment = _opened(p, "progress")
        p.act(PAYMENT.code, payment, "measure", _winner(p), {"lines": _lines(p, share), **named})
        _paid(p, payment)
    held = p.case(CONTRACT.code, p.store["contract_id"])
    p.expect(
        quantities.paid_fen(held.number) == quantities.certified_fen(held.number),
        "all that was certified is paid",
    )


def _bill(p: Play) -> dict[str, needs.BillLine]:
    contract = p.case(CONTRACT.code, p.store["contract_id"])
    return dict(needs.bill.ask(contract.bill_sha256))


def _lines(p: Play, share: Decimal) -> list[dict[str, Any]]:
    """This share of every item, rounded down to what a measurement can say; the last the rest."""
    done = quantities.measured(p.store["contract_number"])
    more = quantities.extra_quantities(p.store["contract_number"])
    found = []
    for code, line in _bill(p).items():
        left = line.quantity + more.get(code, Decimal(0)) - done.get(code, Decimal(0))
        part = (line.quantity * share).quantize(Decimal("0.0001"), "ROUND_DOWN")
        last = share == _SHARES[-1] and len(p.store["payments"]) == len(_SHARES)
        quantity = left if last else min(part, left)
        if quantity > 0:
            found.append({"code": code, "quantity": format(quantity, "f")})
    return found


def _opened(p: Play, kind: str) -> int:
    return p.open(
        PAYMENT.code,
        _winner(p),
        {"contract_number": p.store["contract_number"], "kind": kind, "measured_to": p.today},
    )


def _receipt(p: Play, number: str, fen: int) -> dict[str, Any]:
    return {"bank": _BANK, "number": number, "paid_on": p.today, "amount_fen": fen}


def _paid(p: Play, pk: int) -> None:
    """Certified, approved, signed, wages first, the rest; money without wages is refused."""
    p.act(PAYMENT.code, pk, "submit", _winner(p))
    p.act(PAYMENT.code, pk, "certify", CHIEF, {"opinion": "经审核，同意支付（演示）。"})
    p.act(PAYMENT.code, pk, "approve", OWNER)
    p.sign(PAYMENT.code, pk, CHIEF, OWNER)
    case = p.case(PAYMENT.code, pk)
    wages = [_receipt(p, f"{case.number}-1", case.wages_fen)]
    if not p.store["payments"]:
        short = [_receipt(p, f"{case.number}-1", case.wages_fen - 1)]
        p.refused(
            PAYMENT.code, pk, "pay_wages", OWNER, {"account": "9999999999", "receipts": short},
            codes=["procurement.payment.wages_not_whole",
                   "procurement.payment.wage_account_other"],
        )  # fmt: skip
    account = needs.wage_account.ask(case.contract_number)
    p.act(PAYMENT.code, pk, "pay_wages", OWNER, {"account": account, "receipts": wages})
    rest = _receipt(p, f"{case.number}-2", case.due_fen - case.wages_fen)
    p.act(PAYMENT.code, pk, "pay", OWNER, {"receipts": [rest]})
    p.settle()
    p.expect_state(PAYMENT.code, pk, "paid")
    p.store["payments"].append(pk)


def _change(p: Play) -> str:
    """A change of design: more of an item that the bill has, and one that it has not."""
    number = p.store["contract_number"]
    said = {"contract_number": number, "title": "二层增设疏散通道（演示）", "reason_code": "design"}
    pk = p.open(VARIATION.code, _winner(p), said)
    p.act(
        VARIATION.code,
        pk,
        "instruct",
        OWNER,
        {
            "instruction_number": "演示变更指令 1 号",
            "instructed_on": p.today,
            "supervision_notice": "演示监理通知 7 号",
            "drawing_number": "建施-07（A 版）",
        },
    )
    line = next(iter(_bill(p).values()))
    same = {
        "code": line.code, "quantity": "10", "price_fen": line.price_fen, "basis": "same",
    }  # fmt: skip
    new = {
        "code": "01B001", "name": "防火隔断", "unit": "m²", "quantity": "20", "basis": "agreed",
        "price_fen": 320_00, "cost_fen": 296_00, "profit_fen": 24_00,
    }  # fmt: skip
    p.refused(
        VARIATION.code, pk, "value", _winner(p),
        {"items": [same | {"price_fen": line.price_fen + 1}]},
        codes=["procurement.variation.price_departs"],
    )  # fmt: skip
    p.act(VARIATION.code, pk, "value", _winner(p), {"items": [same, new], "extra_days": 3})
    p.act(VARIATION.code, pk, "check", CHIEF, {"opinion": "按合同单价和协商单价计价（演示）。"})
    p.act(VARIATION.code, pk, "approve", OWNER, {})
    p.sign(VARIATION.code, pk, CHIEF, OWNER)
    return str(p.case(VARIATION.code, pk).number)


def _adjustment(p: Play) -> str:
    """Steel at 4,000 in bid and base, 4,600 now: beyond the risk of 5 percent it is 400 a tonne."""
    material = {
        "code": _MATERIAL_CODE, "name": "热轧带肋钢筋 HRB400 φ16", "unit": "t", "quantity": "12.5",
        "base_fen": 4_000_00, "bid_fen": 4_000_00, "current_fen": 4_600_00,
        "source": "演示造价信息当期",
    }  # fmt: skip
    said = {
        "contract_number": p.store["contract_number"],
        "period": f"{p.today:%Y-%m}",
        "materials": [material],
    }
    within = {**material, "current_fen": 4_100_00}
    p.refused(
        PRICE_ADJUSTMENT.code, None, "propose", _winner(p), said | {"materials": [within]},
        codes=["procurement.price_adjustment.within_risk"],
    )  # fmt: skip
    pk = p.open(PRICE_ADJUSTMENT.code, _winner(p), said)
    p.act(PRICE_ADJUSTMENT.code, pk, "check", CHIEF, {"opinion": "信息价已核对（演示）。"})
    p.act(PRICE_ADJUSTMENT.code, pk, "approve", OWNER)
    case = p.case(PRICE_ADJUSTMENT.code, pk)
    p.expect(case.amount_fen == 5_000_00, "12.5 t at 400 yuan a tonne are 5,000 yuan")
    return str(case.number)


def settle(p: Play) -> None:
    """The settlement is checked, signed by three and agreed; retention is held."""
    p.begin("settlement")
    pk = p.store["contract_id"]
    p.settle()
    p.expect_state(CONTRACT.code, pk, "settling")
    case = p.case(CONTRACT.code, pk)
    claimed = (
        case.price_fen + quantities.changes_fen(case.number) + quantities.adjusted_fen(case.number)
    )
    p.act(CONTRACT.code, pk, "file_settlement", _winner(p), {"claimed_fen": claimed})
    p.act(CONTRACT.code, pk, "check_settlement", CHIEF, {"checked_fen": claimed})
    p.refused(CONTRACT.code, pk, "settle", OWNER, codes=["procurement.contract.statement_unsigned"])
    p.sign(CONTRACT.code, pk, _winner(p), CHIEF, OWNER)
    p.act(CONTRACT.code, pk, "settle", OWNER)
    p.settle()
    settled = p.case(CONTRACT.code, pk)
    p.expect_state(CONTRACT.code, pk, "settled")
    p.expect(settled.retention_fen * 100 <= settled.settled_fen * 3 + 100, "retention is lawful")
