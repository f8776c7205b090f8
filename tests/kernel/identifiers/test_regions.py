"""Regions: complete for the province, dated, and with what followed each."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from kernel.errors import Refused
from kernel.identifiers import regions

TODAY = date(2026, 11, 23)
ROWS = [row for rows in regions._table().values() for row in rows]
HERE = [row for row in ROWS if row.code.startswith("23")]


def refusal(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0].code


def test_the_province_has_its_thirteen_prefectures():
    assert [row.code for row in regions.children("230000", TODAY)] == [
        "230100", "230200", "230300", "230400", "230500", "230600", "230700",
        "230800", "230900", "231000", "231100", "231200", "232700",
    ]  # fmt: skip


def test_the_province_has_its_counties():
    # 54 districts, 21 county-level cities, 46 counties of which one autonomous: 121.
    counties = [
        county
        for prefecture in regions.children("230000", TODAY)
        for county in regions.children(prefecture.code, TODAY)
    ]
    kinds = Counter(county.name[-1] for county in counties)
    assert kinds == {"区": 54, "市": 21, "县": 46}
    assert len({county.code for county in counties}) == 121


def test_every_other_province_is_known_by_itself():
    provinces = [row for row in ROWS if row.kind == "province"]
    assert len(provinces) == 34
    assert all(row.code.endswith("0000") for row in provinces)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("230717", "伊美区"),
        ("230718", "乌翠区"),
        ("230719", "友好区"),
        ("230723", "汤旺县"),
        ("230724", "丰林县"),
        ("230725", "大箐山县"),
        ("230726", "南岔县"),
        ("230751", "金林区"),
        ("231183", "嫩江市"),
        ("232701", "漠河市"),
        ("231086", "东宁市"),
        ("230883", "抚远市"),
        ("230113", "双城区"),
    ],
)
def test_recent_codes(code, name):
    assert regions.name(code) == name
    assert regions.name(code, TODAY) == name


def test_the_recoding_of_yichun_in_2019():
    assert regions.name("230702", date(2018, 6, 1)) == "伊春区"
    assert refusal(regions.region, "230702", date(2020, 1, 1)) == "identifiers.region.superseded"
    assert refusal(regions.region, "230717", date(2018, 6, 1)) == (
        "identifiers.region.not_in_force"
    )
    assert regions.current("230702") == {"230717"}
    assert regions.current("230711") == {"230717", "230718"}  # 乌马河区 was divided
    olds = [f"2307{n:02d}" for n in range(2, 17)]
    news = set().union(*(regions.current(old) for old in olds))
    assert news == {f"2307{n}" for n in (17, 18, 19, 23, 24, 25, 26, 51)}


def test_a_refused_code_names_what_followed_it():
    with pytest.raises(Refused) as caught:
        regions.region("230711", TODAY)
    facts = caught.value.refusals[0].facts
    assert facts["name"] == "乌马河区"
    assert facts["successors"] == ["伊美区 230717", "乌翠区 230718"]


def test_in_the_year_of_a_change_old_and_new_are_accepted():
    for code in ("230702", "230717"):
        assert regions.region(code, date(2019, 6, 15)).code == code


def test_a_code_may_have_two_lives():
    assert regions.name("232701", date(2010, 1, 1)) == "加格达奇区"
    assert regions.name("232701", date(2018, 6, 1)) == "漠河市"  # both lives; the newer wins
    assert regions.name("232701", date(2020, 1, 1)) == "漠河市"
    assert regions.current("232701", date(2010, 1, 1)) == {"232761"}
    assert regions.current("232701") == {"232701"}


@pytest.mark.parametrize("code", ["232761", "232762", "232763", "232764", "230671"])
def test_statistical_areas_are_marked_and_stand_in_no_choice(code):
    row = regions.region(code)
    assert row.kind == "statistical"
    assert not row.official
    assert row not in regions.children(f"{code[:4]}00", TODAY)


def test_jiansanjiang_is_no_division():
    assert not any("建三江" in row.name for row in ROWS)


def test_above_and_within():
    assert [row.name for row in regions.ancestors("230717")] == ["黑龙江省", "伊春市"]
    assert regions.ancestors("230000") == ()
    assert regions.full_name("230717") == "黑龙江省伊春市伊美区"
    assert regions.full_name("110000") == "北京市"
    assert [row.name for row in regions.ancestors("110105")] == ["北京市"]
    assert regions.province("440305").name == "广东省"
    assert [regions.level(code) for code in ("230000", "230700", "230717")] == [
        "province", "prefecture", "county",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "other", "answer"),
    [
        ("230717", "230700", True),
        ("230717", "230000", True),
        ("230717", "230717", True),
        ("230717", "230718", False),
        ("230700", "230717", False),
        ("230100", "230700", False),
        ("440305", "230000", False),
        ("440305", "440000", True),
        ("230717", regions.STATE, True),
        ("230702", "230717", True),  # succeeded
        ("230702", "230718", False),
        ("230717", "230702", False),  # an abolished district has nothing in it
        ("232126", "230100", True),  # 巴彦县, of 松花江地区 until 1996
        ("23", "230000", False),
        ("", "230000", False),
    ],
)
def test_within(code, other, answer):
    assert regions.within(code, other) is answer


def test_codes_are_read_as_typed():
    assert regions.parse(" ２３０７１７ ").name == "伊美区"
    assert refusal(regions.parse, "239999") == "identifiers.region.unknown"
    assert refusal(regions.parse, "x") == "identifiers.region.unknown"


def test_plausible_codes_lie_in_a_province():
    assert regions.plausible("230199")  # a development zone's register
    assert regions.plausible(regions.STATE)
    for code in ("990000", "2301", "", "２３０１００", "23010X"):
        assert not regions.plausible(code)


def test_every_row_is_whole():
    for row in ROWS:
        assert len(row.code) == 6
        assert row.code.isdecimal()
        assert row.kind in {"province", "prefecture", "county", "urban", "statistical"}
        assert row.basis in {"list", "year", "deed", "memory"}
        if row.valid_from and row.valid_to:
            assert row.valid_from <= row.valid_to
        if row.basis == "list":
            assert row.valid_from is row.valid_to is None
        assert not (row.successors and row.valid_to is None)


def test_what_is_abolished_leads_to_something_in_force():
    # 岭西区 of 双鸭山 was dissolved in 1987; what took it over was not found.
    for row in HERE:
        if row.abolished and row.code != "230504":
            day = row.valid_to
            assert row.successors, row
            assert regions.current(row.code, day), row


def test_two_lives_of_a_code_overlap_at_most_in_the_year_of_the_change():
    for rows in regions._table().values():
        for earlier, later in pairwise(rows):
            assert earlier.valid_to is not None
            assert later.valid_from is not None
            assert earlier.valid_to.year <= later.valid_from.year


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("230102", "黑龙江省哈尔滨市道里区"),
        ("440300", "广东省 440300"),  # the table has no counties of other provinces
        ("360000", "江西省"),
        (regions.STATE, regions.STATE),
        ("990000", "990000"),
    ],
)
def test_a_place_of_a_register_is_named_as_far_as_it_is_known(code, told):
    assert regions.place_name(code) == told


def test_all_provinces_stand_in_a_choice():
    found = regions.provinces()
    assert len(found) == 34
    assert {row.code for row in found} >= {"110000", "230000", "360000"}
