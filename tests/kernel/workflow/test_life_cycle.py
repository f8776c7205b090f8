"""The page of the life cycle is what machines, precedences and events are."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kernel.events import registry
from kernel.workflow.machines import machines

PAGE = Path(__file__).parents[3] / "docs" / "life-cycle.md"


def test_the_page_of_the_life_cycle_is_up_to_date():
    call_command("life_cycle", check=PAGE)


def test_every_machine_and_event_stands_on_it():
    out = StringIO()
    call_command("life_cycle", stdout=out)
    assert all(f"{code.replace('.', '_')}[" in out.getvalue() for code in machines())
    assert all(f"| `{name}` |" in out.getvalue() for name in registry.types())


def test_a_page_that_says_something_else_is_refused(tmp_path):
    other = tmp_path / "life-cycle.md"
    call_command("life_cycle", output=other)
    call_command("life_cycle", check=other)
    other.write_text("else", "utf-8")
    with pytest.raises(CommandError, match="out of date"):
        call_command("life_cycle", check=other)
