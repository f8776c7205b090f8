"""A filed machine is found by what it is called, not by its model alone."""

from __future__ import annotations

import pytest

from equipment.registry import findable
from kernel.search import selectors, services
from tests.equipment import samples as s

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.mark.parametrize("text", ["起重机", "塔式起重机", "塔吊", "tower crane", "QTZ"])
def test_a_tower_crane_is_found_by_its_kind(text):
    one = s.idle(s.people())
    s.settle()
    services.rebuild()
    found = selectors.find(text, kinds=[findable.KIND]).hits
    assert [hit.number for hit in found] == [one.number], text
