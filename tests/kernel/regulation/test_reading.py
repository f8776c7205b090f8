"""A rule set is read strictly, and a fault is told with its line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.regulation.reading import parse
from kernel.regulation.rows import Fault, LawFault, RuleSet
from kernel.regulation.schemas import KINDS, Field, Schema, register_kind, text

HEADER = """[rule_set]
code = "periods.trial"
version = "1"
valid_from = 2020-01-01
authority = { zh = "机关", en = "Authority" }
title = { zh = "试", en = "Trial" }
notice = { zh = "无", en = "None" }
"""
ROW = """
[[row]]
key = "a.b"
amount = 5
unit = "working_day"
article = "第一条"
article_en = "art. 1"
source = "statute_text"
"""
ROW_LINE = 9


def _faults(law: str) -> tuple[str, ...]:
    with pytest.raises(LawFault) as raised:
        parse(law, "x.toml")
    return raised.value.faults


def _read(law: str) -> RuleSet:
    return parse(law, "x.toml")


def test_a_right_rule_set_is_read_with_its_defaults() -> None:
    row = _read(HEADER + ROW).by_key["a.b"][0]
    assert (row["amount"], row["direction"], row["limit"], row["rolls"]) == (
        5,
        "after",
        "at_most",
        True,
    )
    assert row.line == ROW_LINE


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("amount = 5", "amount = 5.0", "x.toml:11: amount: a whole number above 0 is needed"),
        ("amount = 5", "amount = true", "x.toml:11: amount: a whole number above 0 is needed"),
        ("amount = 5", "", "x.toml:9: amount is missing"),
        ("amount = 5", "amount = 5\namuont = 6", "x.toml:12: unknown key amuont"),
        ("amount = 5", "amount = ", "x.toml:11: Invalid value (at line 11, column 10)"),
        ('"working_day"', '"workday"', "x.toml:12: unit: one of working_day, calendar_day"),
        ("2020-01-01", '"2020"', "x.toml:4: valid_from: a date like 2026-01-01 is needed"),
        ("2020-01-01", "2020-01-01T00:00:00", "x.toml:4: valid_from: a date"),
        ("2020-01-01", "2020-01-01\nvalid_to = 2019-12-31", "x.toml:5: valid_to is before"),
        ('"periods.trial"', '"nothing.trial"', "x.toml:2: no kind of rule set begins like"),
        ('"statute_text"', '"hearsay"', "x.toml:15: source: one of statute_text"),
        (', en = "Trial"', "", "x.toml:6: title: words like"),
        ("[[row]]", "[other]", "x.toml:1: unknown table other"),
        ("amount = 5", "amount = 5" + 101 * ".", "x.toml:11: more than 100 dots in a line"),
        ('"第一条"', '"""第一条"""', "x.toml:13: multi-line texts are not used"),
        ("amount = 5", 'amount = 5\ndirection = "before"', "x.toml:9: a period before an event"),
        ("amount = 5", "amount = 5\nfull_days = true", "x.toml:9: full_days says something"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, fault: str) -> None:
    faults = _faults((HEADER + ROW).replace(old, new, 1))
    assert any(told.startswith(fault) for told in faults), faults


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("amount = 5", "amount = 5.0", ("a.b", "amount", 11, "")),
        ("amount = 5", "", ("a.b", "amount", 9, "missing")),
        ("amount = 5", "amount = 5\namuont = 6", ("a.b", "amuont", 12, "unknown")),
        ("amount = 5", "amount = ", ("", "", 11, "syntax")),
        ('"working_day"', '"workday"', ("a.b", "unit", 12, "one_of")),
        ("2020-01-01", '"2020"', ("", "valid_from", 4, "day")),
        ('"第一条"', '""', ("a.b", "article", 13, "text")),
    ],
)
def test_a_fault_says_apart_where_it_stands_and_which_it_is(
    old: str, new: str, parts: tuple[str, str, int, str]
) -> None:
    (told,) = _faults((HEADER + ROW).replace(old, new, 1))
    assert isinstance(told, Fault)
    assert (told.row, told.key, told.line, told.kind) == parts
    assert told == str(told)


def test_all_faults_are_told_at_once() -> None:
    law = (HEADER + ROW).replace("amount = 5", "amount = 0").replace('"第一条"', '""')
    assert len(_faults(law)) == 2


def test_two_rows_for_one_subject_are_refused() -> None:
    assert _faults(HEADER + ROW + ROW) == ("x.toml:17: a.b could as well be the row of line 9",)
    conditional = ROW + 'subject = { kind = "large" }\n'
    assert len(_read(HEADER + ROW + conditional).rows) == 2
    assert len(_read(HEADER + ROW + ROW + 'region = "230000"\n').rows) == 2


def test_numbers_are_never_floats_and_nothing_can_be_changed() -> None:
    law = HEADER.replace("periods.trial", "values.trial")
    law += ROW.replace("amount = 5", "value = { weight = 0.1, list = [1, 2] }").replace(
        'unit = "working_day"', 'unit = "share"'
    )
    row = _read(law).rows[0]
    assert row["value"]["weight"] == Decimal("0.1")
    assert isinstance(row["value"]["weight"], Decimal)
    assert row["value"]["list"] == (1, 2)
    with pytest.raises(TypeError):
        row["value"]["weight"] = 1


def test_the_digest_is_of_the_text_whatever_its_line_ends() -> None:
    law = HEADER + ROW
    assert _read(law).sha256 == _read(law.replace("\n", "\r\n")).sha256
    assert _read(law).sha256 != _read(law + "# a remark\n").sha256


def test_a_package_may_add_a_kind_but_not_another_shape_of_one() -> None:
    schema = Schema({"words": Field(text)})
    register_kind("trial_kind", schema)
    try:
        law = HEADER.replace("periods.trial", "trial_kind") + ROW.replace(
            "amount = 5", 'words = "x"'
        ).replace('unit = "working_day"\n', "")
        assert _read(law).rows[0]["words"] == "x"
        with pytest.raises(ValueError, match="two shapes"):
            register_kind("trial_kind", Schema({}))
    finally:
        del KINDS["trial_kind"]


@pytest.mark.parametrize(
    "law",
    [
        f"a = {'9' * 5000}",
        f"a = {'[' * 5000}",
        "rule_set = 5",
        "row = 5",
        HEADER.replace("[rule_set]", "row = [1]\n[rule_set]"),
    ],
)
def test_what_is_no_rule_set_at_all_is_a_fault_and_no_crash(law: str) -> None:
    assert _faults(law)
