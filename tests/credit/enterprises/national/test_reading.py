"""Cells of a national table: exact or refused with column, value and article."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.enterprises.national.reading import read_line
from credit.enterprises.national.tables import TABLES
from kernel.errors import Refused

CONTRACT = TABLES["TBContractRecordManage"]
ARTICLE = "建市〔2014〕108号"


def cells(**changes):
    return {
        "RecordNum": "2301002501010101-HZ-001", "PrjNum": "2301002501010101",
        "ContractNum": "HT-2024-7", "ContractMoney": "12345.6789", "ContractDate": "2024-05-06",
        "ContractorCorpName": "示例建筑公司", "ContractorCorpCode": "91110000600037341L",
        "PropietorCorpName": "示例置业公司", **changes,
    }  # fmt: skip


def refused(**changes):
    with pytest.raises(Refused) as fault:
        read_line(CONTRACT, cells(**changes), ARTICLE)
    assert {r.article for r in fault.value.refusals} == {ARTICLE}
    return {(r.code.removeprefix("credit.national."), r.field) for r in fault.value.refusals}


def test_a_line_is_read_by_the_standards_own_names():
    line = read_line(CONTRACT, cells(), ARTICLE)
    assert line.uscc == "91110000600037341L"
    assert line.facts["price_fen"] == 12_345_678_900
    assert line.facts["owner_name"] == "示例置业公司"


@given(st.integers(0, 10**13 - 1))
def test_ten_thousands_with_four_decimals_are_fen_exactly(units):
    text = f"{units // 10_000}.{units % 10_000:04d}"
    for cell in (text, Decimal(text)):
        assert read_line(CONTRACT, cells(ContractMoney=cell), ARTICLE).facts["price_fen"] == (
            units * 100
        )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"ContractMoney": "1.23456"}, {("too_exact", "ContractMoney")}),
        ({"ContractMoney": "-1"}, {("invalid", "ContractMoney")}),
        ({"ContractMoney": "1e3"}, {("invalid", "ContractMoney")}),
        ({"ContractMoney": "NaN"}, {("invalid", "ContractMoney")}),
        ({"ContractDate": "2024-02-30"}, {("invalid", "ContractDate")}),
        ({"ContractorCorpCode": "230100000012345"}, {("code_of_old_width", "ContractorCorpCode")}),
        ({"ContractorCorpCode": ""}, {("missing", "ContractorCorpCode")}),
        ({"RecordNum": Decimal(10**17)}, {("digits_lost", "RecordNum")}),
        ({"ContractorCorpName": "甲" * 201}, {("too_long", "ContractorCorpName")}),
        ({"RecordNum": "R－1"}, {("full_width", "RecordNum")}),
        ({"RecordNum": "R–1"}, {("full_width", "RecordNum")}),
        ({"ContractNum": "ＨＴ-2024-7"}, {("full_width", "ContractNum")}),
        ({"ContractNum": "HT-2024-٧"}, {("full_width", "ContractNum")}),
        ({"RecordNum": "R|1"}, {("invalid", "RecordNum")}),
        (
            {"ContractMoney": "x", "ContractDate": "y"},
            {("invalid", "ContractMoney"), ("invalid", "ContractDate")},
        ),
    ],
)
def test_every_cell_at_fault_is_told(changes, found):
    assert refused(**changes) == found


def test_a_wrong_credit_code_is_refused_by_its_own_name():
    assert refused(ContractorCorpCode="91350203M0001QAY8B") == {
        ("identifiers.uscc.check", "ContractorCorpCode")
    }


def test_an_identity_number_is_kept_masked_and_told_masked():
    table = TABLES["TBTenderInfo"]
    given = {
        "TenderNum": "T-1", "PrjNum": "2301002501010101", "TenderResultDate": "20240506",
        "TenderMoney": "1", "TenderCorpName": "示例", "TenderCorpCode": "91110000600037341L",
        "ConstructorIDCard": "11010519491231002X",
    }  # fmt: skip
    given["TenderResultDate"] = "2024/5/6 00:00:00"
    line = read_line(table, given, ARTICLE)
    assert line.facts["manager_id"] == "110105********002X"
    with pytest.raises(Refused) as fault:
        read_line(table, given | {"ConstructorIDCard": "110105194912310021"}, ARTICLE)
    assert "19491231" not in str(fault.value.refusals[0].facts)


def test_brackets_of_a_contract_number_are_no_fault():
    line = read_line(CONTRACT, cells(ContractNum="哈建合（2024）第7号"), ARTICLE)
    assert line.facts["contract_number"] == "哈建合（2024）第7号"


def test_long_texts_hold_nothing_that_shows_in_another_order():
    table = TABLES["TBProjectInfo"]
    given = {"PrjNum": "2301002501010101", "PrjName": "示例", "PrjSize": "一\n二"}
    assert read_line(table, given, ARTICLE).facts["size"] == "一\n二"
    with pytest.raises(Refused) as fault:
        read_line(table, given | {"PrjSize": "一\u202e二"}, ARTICLE)
    assert fault.value.refusals[0].code == "credit.national.invalid"


def test_the_standards_misspelt_names_are_data():
    names = {column.name for table in TABLES.values() for column in table.columns}
    assert {"PropietorCorpName", "BuldPlanNum", "OneCensorWfqtCount"} <= names
