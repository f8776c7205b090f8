"""Everybody around a crane."""

from __future__ import annotations

import pytest

from kernel.access.actors import Actor
from tests.equipment import samples


@pytest.fixture
def people() -> dict[str, Actor]:
    return samples.people()
