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


def test_after_five_wrong_passwords_even_the_right_one_is_refused_there(
    client: Client, people: dict[str, Actor]
) -> None:
    for _ in range(5):
        assert log_in(client, "clerk", "wrong password").status_code == 200
    refused = log_in(client, "clerk")
    assert not is_in(client)
    assert refused.status_code in {200, 429}
    assert "/desk/" not in refused.headers.get("Location", "")
    # Another name is not closed here.
    log_in(client, "colleague")
    assert is_in(client)


def test_a_stranger_closes_nobodys_name_elsewhere(people: dict[str, Actor]) -> None:
    for number in range(6):
        log_in(Client(REMOTE_ADDR="192.0.2.7"), "clerk", f"wrong {number}")
    elsewhere = Client(REMOTE_ADDR="192.0.2.8")
    log_in(elsewhere, "clerk")
    assert is_in(elsewhere)


def guessed_from_everywhere(name: str) -> None:
    for number in range(50):
        log_in(Client(REMOTE_ADDR=f"10.0.{number}.1"), name, "wrong password")


def test_a_name_guessed_at_from_everywhere_opens_to_browsers_that_it_knows(
    client: Client, people: dict[str, Actor]
) -> None:
    log_in(client, "clerk")
    client.post("/accounts/logout/")
    assert not is_in(client)
    guessed_from_everywhere("clerk")
    new = Client(REMOTE_ADDR="192.0.2.7")
    log_in(new, "clerk")
    assert not is_in(new)
    log_in(client, "clerk")
    assert is_in(client)


def test_a_known_browser_is_known_for_its_name_only_and_guesses_five_times(
    client: Client, people: dict[str, Actor]
) -> None:
    log_in(client, "colleague")
    client.post("/accounts/logout/")
    guessed_from_everywhere("clerk")
    log_in(client, "clerk")
    assert not is_in(client)
    for _ in range(5):
        log_in(client, "colleague", "wrong password")
    log_in(client, "colleague")
    assert not is_in(client)


def test_who_makes_up_a_known_browser_is_not_known(people: dict[str, Actor]) -> None:
    guessed_from_everywhere("clerk")
    made_up = Client(REMOTE_ADDR="192.0.2.7")
    made_up.cookies["device"] = "WyJ4IixbImNsZXJrIl1d:1abcde:x"
    log_in(made_up, "clerk")
    assert not is_in(made_up)


@pytest.mark.parametrize("proxies", [0, 1])
def test_behind_a_proxy_that_is_named_each_has_an_address_of_its_own(
    people: dict[str, Actor], settings: Any, proxies: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(11):
        stranger = Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.66"})
        log_in(stranger, f"nobody{number}", "x")
    one = Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "203.0.113.5"})
    log_in(one, "clerk")
    assert is_in(one) == bool(proxies)


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
