"""What is asked of cases on one page is asked once; a case that is shown alone asks for itself."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.web.together import of_all, shown_together
from kernel.workflow.models import Case
from procurement.projects.models import Project

asked: list[tuple[str, ...]] = []


def names(cases: Sequence[Case]) -> dict[str, str]:
    asked.append(tuple(str(case) for case in cases))
    return {str(case): "name" for case in cases}


def test_cases_shown_together_are_asked_about_once() -> None:
    asked.clear()
    first, second = Project(name="甲"), Project(name="乙")
    shown_together(case for case in (first, second))
    assert asked == []
    assert of_all(first, names) is of_all(second, names)
    assert asked == [("甲", "乙")]


def test_a_case_alone_is_asked_about_alone() -> None:
    asked.clear()
    alone = Project(name="丙")
    assert of_all(alone, names) == of_all(alone, names) == {"丙": "name"}
    assert asked == [("丙",)]
