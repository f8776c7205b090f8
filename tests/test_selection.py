"""Which tests run where, and what a run with a limit does when its time is over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests import selection

ROOT = Path(__file__).parents[1]


def item(name: str, *, services: bool = False, commits: bool = False, **kept: Any) -> Any:
    marks = {"services": services or None}
    marks["django_db"] = SimpleNamespace(kwargs={"transaction": True}) if commits else None
    return SimpleNamespace(
        name=name,
        path=Path(kept.get("module", name)),
        get_closest_marker=marks.get,
        fixturenames=kept.get("fixturenames", ()),
    )


def test_what_only_the_services_can_show_begins_either_half() -> None:
    rows = [item("a"), item("b", commits=True), item("c"), item("d", services=True)]
    rows += [item("e", fixturenames=("live_server",)), item("f")]
    assert [row.name for row in selection.in_order_of_need(rows)] == list("becdaf")


def test_tests_of_a_module_stay_together() -> None:
    rows = [item(name, module=module) for module in "xyz" for name in (f"{module}1", f"{module}2")]
    assert [row.name for row in selection.in_order_of_need(rows)] == [
        "x1",
        "x2",
        "z1",
        "z2",
        "y1",
        "y2",
    ]


def test_after_its_end_a_run_begins_nothing_and_says_how_much_it_left_out(tmp_path: Path) -> None:
    told = tmp_path / "left"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.selection", "-q", "tests/test_played.py"],
        cwd=ROOT,
        env={
            **{name: text for name, text in os.environ.items() if "ZHUXIN" not in name},
            "ZHUXIN_TEST_UNTIL": "1",
            "ZHUXIN_TEST_LEFT_OUT": str(told),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert " passed" not in ran.stdout
    line = told.read_text("utf-8").strip()
    assert line.endswith(
        "tests on the embedded database were not run for want of time (ZHUXIN_TEST_UNTIL)"
    )
    assert line in ran.stdout
