"""The precedences and the machines speak of the same acts."""

from __future__ import annotations

import pytest

from kernel.regulation.rule_sets import library
from kernel.workflow.machines import Machine, machines

# Acts of machines that exist, which the law's order already knows and the machine does not have.
# A line leaves this list when its act is built; a line whose act exists is a fault.
NOT_YET = {
    "procurement.bid.seal": "the bidder seals on its own machine; the platform sees it received",
    "procurement.project.approve_direct_award": "comes with the contracts that need no tender",
}


def _named() -> set[str]:
    rows = [row for one in library.sets if one.kind == "precedences" for row in one.rows]
    follows = [row["must_follow"] for row in rows]
    return {row["act"] for row in rows} | {
        act for one in follows for act in ([one] if isinstance(one, str) else one)
    }


def _acts(machine: Machine) -> set[str]:
    return {machine.act_name(transition.code) for transition in machine.transitions}


@pytest.mark.parametrize("machine", machines().values(), ids=list(machines()))
def test_every_act_that_the_order_names_exists_or_is_listed(machine: Machine) -> None:
    named = {act for act in _named() if act.rpartition(".")[0] == machine.code}
    assert named - _acts(machine) - NOT_YET.keys() == set()


def test_the_list_names_nothing_that_exists_and_nothing_that_the_order_forgot() -> None:
    existing = {act for machine in machines().values() for act in _acts(machine)}
    assert NOT_YET.keys() & existing == set()
    assert NOT_YET.keys() - _named() == set()
