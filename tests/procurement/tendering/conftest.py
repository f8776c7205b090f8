"""People of a small market, and rooms that answer what a lot asks."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.access.actors import Actor
from tests.procurement.tendering import samples


@pytest.fixture
def market(september: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    """People; bill, drawings and policy are there."""
    samples.answered(monkeypatch)
    return samples.market()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Take one answer away: ``silent("bill")``."""
    from procurement.tendering import needs

    return lambda name: monkeypatch.setattr(getattr(needs, name), "_answer", None)


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A committee's report of one's own: ``report(ranks, at)``."""
    from procurement.tendering import needs

    def make(ranks: Any, at: Any) -> None:
        chosen = tuple(map(samples.candidate, ranks))
        found = needs.EvaluationReport(7, at, "PB-7", chosen)
        monkeypatch.setattr(needs.evaluation_report, "_answer", lambda _number: found)

    return make
