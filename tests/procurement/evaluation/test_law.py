"""What the rule set says of one place and of another; the rest is tested with all law."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from kernel import clock
from kernel.regulation import selectors as law

GOLDEN = tomllib.loads((Path(__file__).parent / "golden/values.evaluation.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    "case", GOLDEN["regional"], ids=lambda case: f"{case['key']} {case['region']}"
)
def test_a_place_has_its_own_number(case):
    at = datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE)
    row = law.row("values.evaluation", case["key"], at, case["region"])
    assert (row["value"], row.source) == (case["value"], case["source"])
