"""Widths, case, blanks and dashes make no other number."""

from hypothesis import given
from hypothesis import strategies as st

from kernel.identifiers.spelling import folded


def test_dashes_of_every_kind_are_one_and_may_be_left_out():
    assert {folded(f"A{dash}1") for dash in "-–—－−‐"} == {"a-1"}
    assert folded("Ａ－ 1\u200b", dashes=False) == "a1"


@given(st.text("aZ09-", max_size=20))
def test_blanks_change_nothing(text):
    assert folded(text) == folded(" \u3000".join(text))
