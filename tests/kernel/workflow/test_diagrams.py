"""The page of machines is what the machines are, and says so when it is not."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from kernel.workflow.machines import machines

PAGE = Path(__file__).parents[3] / "docs" / "machines.md"


def printed() -> str:
    out = StringIO()
    call_command("diagrams", stdout=out)
    return out.getvalue()


def test_the_page_of_machines_is_up_to_date():
    call_command("diagrams", check=PAGE)


def test_every_state_act_and_clock_stands_on_the_page():
    text = printed()
    assert machines()
    for machine in machines().values():
        assert f"`{machine.code}`" in text
        assert all(f"| `{state.code}` |" in text for state in machine.states)
        assert all(f"| `{transition.code}` |" in text for transition in machine.transitions)
        assert all(f"| `{rule.period_key}` |" in text for rule in machine.deadlines)


def test_an_act_that_rests_on_our_own_default_is_marked():
    [row] = [line for line in printed().splitlines() if line.startswith("| 新建报建 |")]
    assert row.endswith("（平台默认值，非法定） |")


def test_the_language_of_who_asks_changes_nothing():
    with translation.override("en"):
        assert printed() == PAGE.read_text("utf-8")


def test_a_page_that_says_something_else_is_refused(tmp_path):
    other = tmp_path / "machines.md"
    with pytest.raises(CommandError, match=r"machines\.md"):
        call_command("diagrams", check=other)
    call_command("diagrams", output=other)
    call_command("diagrams", check=other)
    other.write_text(other.read_text("utf-8").replace("draft", "daft"), "utf-8")
    with pytest.raises(CommandError, match="out of date"):
        call_command("diagrams", check=other)
