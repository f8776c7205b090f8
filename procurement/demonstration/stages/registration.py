"""A project is registered: filled in, returned once, accepted, its certificate signed."""

from __future__ import annotations

from typing import Any

from procurement.demonstration import projects
from procurement.demonstration.play import Play

PROJECT = "procurement.project"


def play(p: Play, index: int = 0, key: str = "project", **changes: Any) -> None:
    """Leaves ``project`` (key) and ``project_number``; of another ``key`` the same with it.

    index: which of the invented projects; changes: fields of its form.
    """
    p.begin("registration")
    form = projects.payload(index) | changes
    pk = p.open(PROJECT, "owner1", form | {"papers": form["papers"][:-1]})
    p.refused(PROJECT, pk, "submit", "owner1", codes=["procurement.project.paper_missing"])
    p.act(PROJECT, pk, "amend", "owner1", form)
    p.act(PROJECT, pk, "submit", "owner1")
    p.working_days(2)
    p.act(PROJECT, pk, "accept", "officer1")
    p.sign(PROJECT, pk, "officer1")
    p.store[key] = pk
    p.store[f"{key}_number"] = p.case(PROJECT, pk).number
    p.expect_state(PROJECT, pk, "registered")
