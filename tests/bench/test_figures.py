"""A bar is kept, missed or absent, and never misread."""

from __future__ import annotations

import pytest

from tests.bench.figures import Figure, table


@pytest.mark.parametrize(
    ("value", "bar", "passed"),
    [
        (105, ">= 105", True),
        (104.9, ">= 105", False),
        (0.99, "< 1", True),
        (1, "< 1", False),
        (300, "≤ 300", True),
        (20_001, "> 20,000", True),
        (7, "", None),
        (7, None, None),
    ],
)
def test_a_figure_is_held_against_its_bar(value, bar, passed):
    assert Figure("x", value, "/s", bar).passed() is passed


def test_what_is_no_bar_is_refused():
    with pytest.raises(ValueError, match="not a bar"):
        Figure("x", 1, "/s", "about 5").passed()


def test_the_table_shows_every_figure_with_its_verdict():
    text = table([Figure("立项", 120, "/s", ">= 105"), Figure("b", 2, "ms", "< 1")])
    assert "立项" in text
    assert "达标 pass" in text
    assert "未达标 FAIL" in text
