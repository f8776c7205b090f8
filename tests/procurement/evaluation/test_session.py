"""From the draw to the summary: every act, and what follows by itself."""

from __future__ import annotations

import pytest

from procurement.evaluation import selectors

pytestmark = pytest.mark.django_db


def test_a_session_comes_to_the_result_of_the_reference(walk):
    walk.open().draw()
    assert walk.case.state == "ready"
    walk.check_in().lead().vote()
    assert walk.case.state == "clearing"
    walk.score()
    assert walk.case.state == "priced"
    walk.summarise()
    found = selectors.result_of(walk.case)
    # M2: mean of 102 and 104 is 103, less 0.5 percent: 102.485
    assert found["benchmark_fen"] == 102_49
    by_bid = {row["bid_id"]: row for row in found["ranking"]}
    assert [by_bid[n]["deviation"] for n in (1, 2, 3, 4)] == [-242, -47, 148, 733]
    assert [by_bid[n]["price_points"] for n in (1, 2, 3, 4)] == [48_79, 49_77, 48_52, 42_67]
    assert {row["technical_points"] for row in found["ranking"]} == {27_50}
    assert {row["credit_points"] for row in found["ranking"]} == {8_00}
    assert [row["bid_id"] for row in found["ranking"]] == [2, 1, 3, 4]
    assert walk.case.state == "summary"
    assert selectors.redrawn(walk.case)
