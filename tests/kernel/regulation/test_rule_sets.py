"""The library: valid by the day, narrowest region first, never two at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kernel.regulation.rule_sets import LawFault, Library, library
from kernel.regulation.schemas import SOURCES

LAW = """[rule_set]
code = "periods.{code}"
version = "{version}"
valid_from = {start}
{more}
authority = {{ zh = "机关", en = "Authority" }}
title = {{ zh = "试", en = "Trial" }}
notice = {{ zh = "无", en = "None" }}

[[row]]
key = "{key}"
amount = 5
unit = "calendar_day"
article = "第一条"
article_en = "art. 1"
source = "statute_text"
"""


def write(folder: Path, version: str, start: str, more: str = "", code: str = "trial", key="k"):
    text = LAW.format(code=code, version=version, start=start, more=more, key=key)
    (folder / f"{code}-{version}.toml").write_text(text, encoding="utf-8")


def _versions(folder: Path, day: date, region: str = "") -> list[str]:
    return [s.version for s in Library([folder]).valid("periods.trial", day, region)]


def test_both_ends_of_validity_are_included(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01", "valid_to = 2020-12-31")
    assert _versions(tmp_path, date(2019, 12, 31)) == []
    assert _versions(tmp_path, date(2020, 1, 1)) == ["1"]
    assert _versions(tmp_path, date(2020, 12, 31)) == ["1"]
    assert _versions(tmp_path, date(2021, 1, 1)) == []


@pytest.mark.parametrize("end", ["", "valid_to = 2022-12-31"])
def test_two_versions_on_one_day_are_refused(tmp_path: Path, end: str) -> None:
    write(tmp_path, "1", "2020-01-01", end)
    write(tmp_path, "2", "2022-01-01")
    with pytest.raises(LawFault, match="1 and 2 are both valid on 2022-01-01"):
        _versions(tmp_path, date(2020, 1, 1))


def test_a_version_ends_the_one_that_it_supersedes(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    write(tmp_path, "2", "2022-01-01", 'supersedes = "1"')
    assert _versions(tmp_path, date(2021, 12, 31)) == ["1"]
    assert _versions(tmp_path, date(2022, 1, 1)) == ["2"]


def test_what_is_superseded_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, "2", "2022-01-01", 'supersedes = "1"')
    with pytest.raises(LawFault, match="which is not there"):
        _versions(tmp_path, date(2022, 1, 1))


def test_a_region_may_have_its_own_set_and_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    write(tmp_path, "1-23", "2021-01-01", 'region = "230000"')
    assert _versions(tmp_path, date(2022, 1, 1), "230103") == ["1-23", "1"]
    assert _versions(tmp_path, date(2022, 1, 1), "110000") == ["1"]


def test_a_period_key_stands_under_one_code(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    write(tmp_path, "1", "2020-01-01", code="other")
    with pytest.raises(LawFault, match=r"k stands in periods\.\w+ too"):
        _versions(tmp_path, date(2022, 1, 1))


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020")
    write(tmp_path, "2", "2020-13-01")
    with pytest.raises(LawFault) as raised:
        _versions(tmp_path, date(2022, 1, 1))
    assert {fault.split(":")[0] for fault in raised.value.faults} == {
        "trial-1.toml",
        "trial-2.toml",
    }


def test_a_new_folder_is_read_and_a_known_one_not_twice(tmp_path: Path) -> None:
    shelf = Library([])
    before = shelf.sets
    write(tmp_path, "1", "2020-01-01")
    shelf.register(tmp_path)
    shelf.register(tmp_path)
    after = shelf.sets
    assert ([s.version for s in before], [s.version for s in after]) == ([], ["1"])
    assert shelf.last_valid_day(after[0]) is None


def test_every_row_of_the_kernels_law_names_its_article_and_how_sure_it_is() -> None:
    rows = [row for rule_set in library.sets for row in rule_set.rows]
    assert all(row.article and row.article_en and row.source in SOURCES for row in rows)


def test_what_is_our_own_default_says_so_in_its_words() -> None:
    for rule_set in library.sets:
        for row in rule_set.rows:
            assert (row.source == "own_default") == row.article.startswith("平台"), row.key
