"""A contract whose works are permitted, and those around it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.access.actors import Actor
from procurement.contracts.models import Contract
from procurement.contracts.payments import selectors
from tests.conftest import member
from tests.procurement.contracts import samples


@pytest.fixture
def people(september: None) -> dict[str, Actor]:
    return samples.market() | {"operator": member("operator", "operator", serial=59)}


@pytest.fixture
def contract(people: dict[str, Actor]) -> Iterator[Contract]:
    with samples.answers(samples.awarded(people)):
        yield samples.performing(people)


@pytest.fixture
def certificates_are_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing is played in the journey; here it is done unless a test says it is not."""
    monkeypatch.setattr(selectors, "certificate_is_issued", lambda case: True)
