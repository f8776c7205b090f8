"""One bank receipt of one payer pays once, however it is written."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from procurement.contracts.banks import compared
from procurement.contracts.rules.settlement import receipts_are_sound
from procurement.contracts.schemas import ReceiptsPayload

ICBC = "中国工商银行"


def codes(*receipts):
    facts = SimpleNamespace(
        used_receipts={(ICBC, "H-1")}, today=date(2026, 1, 1), articles={"platform": "平台规则"}
    )
    rows = [
        {"bank": bank, "number": number, "paid_on": "2025-12-01", "amount_fen": 1}
        for bank, number in receipts
    ]
    found = receipts_are_sound(facts, ReceiptsPayload.model_validate({"receipts": rows}))
    return [one.code.rpartition(".")[2] for one in found]


@pytest.mark.parametrize(
    ("bank", "number"),
    [
        (f"{ICBC} ", "H-1"),
        ("工商银行", "H-1"),
        ("工行", "H-1"),
        ("ＩＣＢＣ", "H-1"),
        ("中国工商银行股份有限公司哈尔滨道里支行", "H-1"),
        (ICBC, "Ｈ-1"),
        (ICBC, "h-1"),
        (ICBC, "H - 1"),
        (ICBC, "H–1"),
    ],
)
def test_a_receipt_in_another_spelling_pays_nothing_again(bank, number):
    assert codes((bank, number)) == ["receipt_twice"]


def test_two_spellings_in_one_act_are_one_receipt():
    assert codes(("龙江银行", "L1"), ("龙江银行 哈尔滨分行", "l1")) == ["receipt_twice"]


def test_another_number_or_another_bank_is_another_receipt():
    assert codes((ICBC, "H-2"), ("中国建设银行", "H-1"), ("中国银行", "H-1")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中行道里支行", "中国银行"),
        ("某某农村商业银行股份有限公司", "某某农村商业银行道里支行"),
        ("某某县农村信用社", "某某县农村信用社城关分社"),
    ],
)
def test_a_branch_or_a_short_name_is_the_bank(one, other):
    assert compared(one) == compared(other)
