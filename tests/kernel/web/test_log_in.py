"""The door: guessing is slowed, a second factor is asked for, sessions are seen and ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from kernel.access.actors import Actor
from kernel.parties.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    """Attempts are counted in a cache of each test's own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def log_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, **more)


def is_in(client: Client) -> bool:
    return bool(client.get("/desk/").status_code == 200)


def test_the_right_password_lets_in(client: Client, people: dict[str, Actor]) -> None:
    assert not is_in(client)
    log_in(client, "clerk")
    assert is_in(client)


def test_after_five_wrong_passwords_even_the_right_one_is_refused(
    client: Client, people: dict[str, Actor]
) -> None:
    for _ in range(5):
        assert log_in(client, "clerk", "wrong password").status_code == 200
    refused = log_in(client, "clerk")
    assert not is_in(client)
    assert refused.status_code in {200, 429}
    assert "/desk/" not in refused.headers.get("Location", "")
    # From another machine the account is as closed; another account is not.
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    log_in(elsewhere, "clerk")
    assert not is_in(elsewhere)
    log_in(elsewhere, "colleague")
    assert is_in(elsewhere)


def test_one_machine_guesses_at_no_more_than_ten_accounts_a_minute(
    client: Client, people: dict[str, Actor]
) -> None:
    for number in range(10):
        log_in(client, f"nobody{number}", "wrong password")
    log_in(client, "officer")
    assert not is_in(client)


def test_with_a_second_factor_the_password_alone_lets_nobody_in(
    client: Client, people: dict[str, Actor]
) -> None:
    user = User.objects.get(username="officer")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    answer = log_in(client, "officer")
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(client)


def test_sessions_are_listed_and_ended(client: Client, people: dict[str, Actor]) -> None:
    other = Client(REMOTE_ADDR="192.0.2.9")
    log_in(other, "clerk", headers={"User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"})
    log_in(client, "clerk")
    assert is_in(other)
    page = client.get("/accounts/sessions/")
    assert page.status_code == 200
    assert "192.0.2.9" in page.content.decode()
    client.post("/accounts/sessions/")
    assert is_in(client)
    assert not is_in(other)


def test_another_ones_sessions_are_not_ended(client: Client, people: dict[str, Actor]) -> None:
    other = Client()
    log_in(other, "colleague")
    log_in(client, "clerk")
    client.post("/accounts/sessions/")
    assert is_in(other)


def test_the_cookie_of_a_session_is_for_https_only_and_for_no_script(
    client: Client, people: dict[str, Actor]
) -> None:
    program = (
        "import json; from config import settings as s; "
        "print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS > 0]))"
    )
    for url, expected in (
        ("https://zhuxin.example", [True, True, True, "Lax", True]),
        ("http://127.0.0.1:8000", [False, False, True, "Lax", False]),
    ):
        found = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"ZHUXIN_PUBLIC_URL": url},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        assert json.loads(found.stdout) == expected


def test_the_flags_stand_on_the_cookie_itself(
    client: Client, people: dict[str, Actor], settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = log_in(client, "clerk", secure=True).cookies["sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == "" or int(cookie["max-age"]) <= settings.SESSION_COOKIE_AGE
