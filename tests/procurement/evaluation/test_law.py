"""The numbers of the rule set are those worked by hand."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from kernel import clock
from kernel.regulation import selectors as law

GOLDEN = tomllib.loads((Path(__file__).parent / "golden/values.evaluation.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", GOLDEN["value"], ids=lambda case: case["key"])
def test_a_number_is_what_was_worked_by_hand(case):
    at = datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE)
    row = law.row("values.evaluation", case["key"], at, case.get("region", "230102"))
    assert (row["value"], row.source) == (case["value"], case["source"])
