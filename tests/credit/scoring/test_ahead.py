"""What comes if nothing new happens is what the engine says on those days."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings

from credit.scoring import ahead, rules
from tests.credit.scoring.test_rules import DAY, ENTRIES, NOW, SCHEME, entry


@settings(max_examples=30)
@given(facts=ENTRIES)
def test_every_turn_is_the_first_day_of_its_grade(facts):
    found = ahead.turns(facts, SCHEME, DAY, NOW)
    grade = rules.score(facts, SCHEME, DAY, NOW).grade
    for turn in found:
        before = rules.score(facts, SCHEME, turn.day - timedelta(days=1), NOW)
        after = rules.score(facts, SCHEME, turn.day, NOW)
        assert (before.grade, after.grade, after.millionths) == (grade, turn.grade, turn.millionths)
        grade = turn.grade
    # At the end nothing weighs any more.
    end = rules.score(facts, SCHEME, DAY + timedelta(days=5000), NOW)
    assert grade == end.grade


def test_a_penalty_ends_on_its_day_and_the_grade_comes_back():
    (turn,) = ahead.turns([entry(1, "hazard_general", 100)], SCHEME, DAY, NOW)
    assert (turn.day, turn.grade, turn.better) == (DAY + timedelta(days=265), "B", True)


def test_nothing_known_is_nothing_to_come():
    assert ahead.turns([], SCHEME, DAY, NOW) == []
