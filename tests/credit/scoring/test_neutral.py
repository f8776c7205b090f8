"""A score asks nothing of the firm but what it did: not where it is registered, taxed or from."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import bulk, kinds, neutral, rules
from kernel.identifiers import uscc
from kernel.regulation.rule_sets import library
from kernel.regulation.schemas import KINDS
from tests.credit.scoring.test_bulk import DAY, NOW, SCHEME, ledgers

ROW = {
    "key": "item.x", "points": 100, "category": "good", "days": 365, "decay": "step",
    "half_life_days": 0, "severity": "", "veto": "no", "stated": "no", "value": None,
    "label": {"zh": "获奖", "en": "Award"},
}  # fmt: skip
FAULT = "a scheme does not read where a firm is registered"


def labelled(zh, en="Award"):
    return {"label": {"zh": zh, "en": en}}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "item.local_firm"},
        {"category": "本地企业"},
        labelled("加分", "Registered in the city"),
        labelled("加分", "Firms of the province"),
        *map(
            labelled,
            [
                "本省企业加分", "省内企业", "本市企业", "入黑企业", "哈尔滨市企业", "外埠企业",
                "在本省纳税", "在道里区设立分公司", "注册地在省内", "外地企业进黑备案",
                "黑龙江企业", "省外企业投标", "大庆的企业优先", "住所所在地", "进省施工企业",
            ],
        ),
    ],
    ids=str,
)  # fmt: skip
def test_a_scheme_that_reads_where_a_firm_is_registered_is_refused(changes):
    assert kinds and FAULT in list(KINDS["schemes"].agree(ROW | changes))


@pytest.mark.parametrize(
    "words",
    ["获奖", "本地化材料", "省级工程质量奖", "扰乱建筑市场秩序", "作业区域内未设警戒",
     "基坑外侧未支护", "擅自停工或放弃合同", "进场材料未检验", "登记资料虚假"],
)  # fmt: skip
def test_words_that_name_no_home_are_no_fault(words):
    assert list(KINDS["schemes"].agree(ROW | labelled(words))) == []


def test_every_scheme_that_is_held_names_no_place():
    found = [one for one in library.sets if one.kind == "schemes"]
    assert len(found) >= 4
    for scheme in found:
        for row in scheme.rows:
            said = [row.key, row["category"], *dict(row["label"] or {}).values()]
            assert not neutral.names_a_place(said), (scheme.code, row.key)


@given(facts=ledgers(), seed=st.integers(1, 50))
def test_the_same_facts_have_the_same_score_wherever_the_firm_is_registered(facts, seed):
    """Renamed to codes of other provinces and counties, nobody gains or loses."""
    homes = ["230102", "110000", "360000", "230600", "440000"]
    moved = {
        uscc.demonstration(homes[(place + seed) % len(homes)], place + seed): entries
        for place, entries in enumerate(facts.values())
    }
    one, other = bulk.ledger_of(facts), bulk.ledger_of(moved)
    weights = bulk.Weights(SCHEME, one.items)
    before = bulk.score(one, weights, DAY, NOW)
    after = bulk.score(replace(other, items=one.items), weights, DAY, NOW)
    assert list(before.millionths) == list(after.millionths)


def test_the_engine_is_given_nothing_of_the_firm():
    assert {field.name for field in fields(rules.Entry)} == {
        "id", "item", "group", "effective_on", "recorded_at", "revokes", "points", "days",
        "section", "price_fen", "until",
    }  # fmt: skip
