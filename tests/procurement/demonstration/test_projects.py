"""The invented projects of the demonstration."""

from __future__ import annotations

from procurement.demonstration import life, projects


def test_no_two_projects_of_the_demonstration_share_a_name() -> None:
    # As many as the province begins with; the play adds its two.
    names = [projects.payload(index)["name"] for index in range(6)] + [life.FIRST, life.SECOND]
    assert len(set(names)) == len(names)
