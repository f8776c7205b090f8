"""Attacker: somebody with a right password who logs in again and again, to fill the database.

Each log-in leaves a session's two rows, and each next one looked at all of them. Stopped: nobody
has more than twenty sessions; those not used for longest end first. Of known browsers nothing is
kept at all: what a browser is known for stands in a signed cookie of its own, of eight names.
"""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.test import Client

from kernel.access.actors import Actor
from kernel.web import log_in as door
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def log_in(username: str, client: Client | None = None) -> Client:
    client = client or Client()
    cache.clear()  # an attacker has more than one address
    client.post(LOGIN, {"login": username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def test_no_log_in_makes_a_person_have_more_than_twenty_sessions(people: dict[str, Actor]) -> None:
    first = log_in("clerk")
    other = log_in("colleague")
    for _ in range(door.MOST_SESSIONS + 5):
        last = log_in("clerk")
    assert UserSession.objects.filter(user__username="clerk").count() == door.MOST_SESSIONS
    assert Session.objects.count() == door.MOST_SESSIONS + 1
    assert (is_in(first), is_in(other), is_in(last)) == (False, True, True)


def test_a_browser_that_is_known_leaves_no_row_and_a_bounded_cookie(
    people: dict[str, Actor],
) -> None:
    client = Client()
    rows = {model: model.objects.count() for model in apps.get_models()}
    client.cookies[door.COOKIE] = signing.dumps(
        ["device", [f"name{i}" for i in range(50)]], salt=door._SALT
    )
    log_in("clerk", client)
    _device, names = signing.loads(client.cookies[door.COOKIE].value, salt=door._SALT)
    assert len(names) == door._MOST_NAMES and names[0] == "clerk"
    grown = {m.__name__ for m, count in rows.items() if m.objects.count() > count}
    assert grown <= {"Session", "UserSession", "Login"}
