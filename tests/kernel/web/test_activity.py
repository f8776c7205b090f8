"""Where somebody is logged in is noted at once; that they are still there, once a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.clock import technical_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(signed_in: Callable[[str], Client]) -> Client:
    client = signed_in("clerk")
    client.get("/desk/")
    return client


def written(client: Client, **headers: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/desk/", **headers).status_code == 200
    return [q["sql"] for q in captured.captured_queries if q["sql"].startswith("UPDATE")]


def test_looking_at_a_page_again_writes_nothing(clerk: Client) -> None:
    assert UserSession.objects.count() == 1
    assert written(clerk) == []


@pytest.mark.parametrize("change", [{"REMOTE_ADDR": "192.0.2.9"}, {"HTTP_USER_AGENT": "Another"}])
def test_a_session_that_comes_from_elsewhere_is_noted_at_once(
    clerk: Client, change: dict[str, str]
) -> None:
    assert written(clerk, **change)
    found = UserSession.objects.get()
    assert set(change.values()) <= {found.ip, found.user_agent}


@pytest.mark.parametrize("minutes", [2, -2])
def test_a_session_was_last_seen_a_minute_ago_at_most(clerk: Client, minutes: int) -> None:
    """Also where the machine's clock was set back."""
    UserSession.objects.update(last_seen_at=technical_now() - timedelta(minutes=minutes))
    assert written(clerk)
    assert abs(UserSession.objects.get().last_seen_at - technical_now()) < timedelta(minutes=1)
