"""Pages that show lots: rows grow, queries do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.parties.models import User

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FEW, MANY = 10, 40


def of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    return client


def asked(client: Client, url: str) -> int:
    """Queries of a page once everything that a process keeps is kept."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(captured)


def grows(client: Client, url: str, put: Callable[[int], Any]) -> tuple[int, int]:
    """Queries of a page on which few rows stand, and of the same page with many."""
    put(FEW)
    few = asked(client, url)
    put(MANY - FEW)
    return few, asked(client, url)
