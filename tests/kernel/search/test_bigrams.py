"""Text as the index sees it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kernel.search.bigrams import bigrams, fold, runs, terms
from kernel.search.marking import excerpt, marked


def test_a_run_becomes_its_overlapping_pairs():
    assert bigrams("道路桥") == ["道路", "路桥"]
    assert bigrams("A-12") == ["a1", "12"]


def test_punctuation_width_and_case_are_no_difference():
    assert fold("环湖路（二期）ＡＢ１") == fold("环湖路(二期) ab1") == "环湖路二期ab1"
    assert fold("《2511-230102》") == "2511230102"
    assert fold("㎡\0*'\"%_😀") == "m2"


def test_no_pair_runs_across_the_end_of_a_line():
    assert bigrams("道路\n桥梁") == ["道路", "桥梁"]


@given(st.text(), st.text())
def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text(left: str, right: str):
    assert fold(left + right) == fold(left) + fold(right)


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str):
    assert fold(fold(text)) == fold(text)
    assert all(run.isalnum() and len(run) >= 2 for run in runs(text))


def test_spaces_divide_words_unless_one_of_them_is_a_single_character():
    assert terms("道路  哈尔滨 道路") == ["道路", "哈尔滨"]
    assert terms("第 3 标段") == ["第3标段"]
    assert terms(" 路 ") == terms("“*”") == terms("") == []


@given(st.text(max_size=40), st.text(max_size=3))
def test_the_marked_parts_are_the_text_and_a_hit_holds_a_word(text: str, word: str):
    words = terms(word)
    parts = marked(text, words)
    assert "".join(part for part, _ in parts) == text
    for part, hit in parts:
        assert any(w in fold(part) for w in words) == hit


def test_a_hit_is_marked_as_it_was_written():
    assert marked("环湖路（二期）道路", ["路二期"]) == (
        ("环湖", False),
        ("路（二期", True),
        ("）道路", False),
    )


def test_an_excerpt_shows_the_first_hit_and_a_little_around_it():
    text = "第一行\n" + "甲" * 100 + "桥梁" + "乙" * 100
    parts = excerpt(text, ["桥梁"])
    assert ("桥梁", True) in parts
    assert parts[0][0].startswith("…")
    assert parts[-1][0].endswith("…")
    assert len("".join(part for part, _ in parts)) < 80
    assert excerpt(text, ["没有"]) == ()
