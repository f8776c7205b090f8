"""An evaluation that begins on a day whose law is known, and whoever comes to its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.parties.models import User
from tests.procurement.evaluation import samples


@pytest.fixture
def walk(september: None) -> Iterator[samples.Walk]:
    """A lot, an agency, twelve experts; nothing happened yet."""
    with samples.market() as market:
        yield samples.Walk(market, samples.agency(), samples.experts())


@pytest.fixture
def enter(client: Any) -> Any:
    """A client logged in as an actor."""

    def sign_in(actor: Any) -> Any:
        client.force_login(
            User.objects.get(person_id=actor.person_id),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return sign_in
