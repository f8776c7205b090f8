"""An evaluation that begins on a day whose law is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.procurement.evaluation import samples


@pytest.fixture
def walk(september: None) -> Iterator[samples.Walk]:
    """A lot, an agency, twelve experts; nothing happened yet."""
    with samples.market() as market:
        yield samples.Walk(market, samples.agency(), samples.experts())
