"""People see, make and end their own tokens on a page, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel import clock
from kernel.access.actors import Actor
from kernel.api import tokens as api
from kernel.evidence.models import LogEntry
from kernel.parties import tokens
from kernel.parties.models import ApiToken, Membership, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LIST, NEW = "/accounts/tokens/", "/accounts/tokens/new/"


def log_in(client: Client, username: str, *, fresh: bool = True) -> Client:
    """By password, as people come in; fresh: and once more, as the sensitive pages ask."""
    client.post("/accounts/login/", {"login": username, "password": PASSWORD})
    if fresh:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def of(actor: Actor) -> Membership:
    return Membership.objects.get(
        person_id=actor.person_id, organisation_id=actor.organisation_id, role=actor.role
    )


def asked(actor: Actor, **more: Any) -> dict[str, Any]:
    return {"name": "同步", "membership": of(actor).pk, "days": 30} | more


def logged() -> tuple[str, dict[str, Any]]:
    entry = LogEntry.objects.latest("pk")
    assert not entry.public
    return entry.kind, json.loads(entry.body)


def made(client: Client, actor: Actor, **more: Any) -> str:
    answer = client.post(NEW, asked(actor, **more))
    assert answer.status_code == 200, answer.content.decode()[:500]
    (secret,) = set(re.findall(r"zx_[\w-]{40,}", answer.content.decode()))
    return str(secret)


def test_a_token_is_made_shown_once_acts_and_is_in_the_log(
    client: Client, people: dict[str, Actor]
) -> None:
    log_in(client, "clerk")
    secret = made(client, people["clerk"])
    acting = api.actor_of(secret)
    assert acting is not None and acting.organisation_id == people["clerk"].organisation_id
    kind, body = logged()
    account = User.objects.get(username="clerk").pk
    assert (kind, body["by"], body["days"]) == (
        "administration.token_issued",
        f"account {account}",
        30,
    )
    assert secret not in json.dumps(body)
    page = client.get(LIST).content.decode()
    assert "同步" in page and secret not in page


def test_the_list_says_when_a_token_was_last_used_to_the_hour(
    client: Client, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, "clerk")
    secret = made(client, people["clerk"])
    assert "从未使用" in client.get(LIST).content.decode()
    assert api.actor_of(secret)
    assert "从未使用" not in client.get(LIST).content.decode()
    first = ApiToken.objects.get().last_used_at
    assert api.actor_of(secret) and _last_used() == first
    later = clock.technical_now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "technical_now", lambda: later)
    assert api.actor_of(secret) and _last_used() == later


def test_uses_of_many_tokens_are_written_with_one_statement(
    people: dict[str, Actor], django_assert_num_queries: Callable[..., Any]
) -> None:
    tokens.write_uses()
    member = Membership.objects.get(person_id=people["clerk"].person_id)
    until = clock.technical_now() + timedelta(days=1)
    for name in "abc":
        _token, secret = tokens.issue(member, name=name, expires_at=until)
        with django_assert_num_queries(1):
            assert api.actor_of(secret)
    assert not ApiToken.objects.exclude(last_used_at=None).exists()
    with django_assert_num_queries(1):
        tokens.write_uses()
    assert not ApiToken.objects.filter(last_used_at=None).exists()


def _last_used() -> Any:
    tokens.write_uses()
    return ApiToken.objects.get().last_used_at


def test_a_token_is_ended_by_its_own_person(client: Client, people: dict[str, Actor]) -> None:
    log_in(client, "clerk")
    secret = made(client, people["clerk"])
    revoke = f"{LIST}{ApiToken.objects.get().pk}/revoke/"
    assert client.get(revoke).status_code == 200 and api.actor_of(secret)
    assert client.post(revoke).headers["Location"] == LIST
    assert (api.actor_of(secret), logged()[0]) == (None, "administration.token_revoked")
    page = client.get(LIST).content.decode()
    assert "已撤销" in page and revoke not in page
    assert client.post(revoke).status_code == 409


def test_anothers_token_is_neither_seen_nor_ended_and_their_membership_not_taken(
    client: Client, people: dict[str, Actor]
) -> None:
    other = log_in(Client(), "officer")
    secret = made(other, people["officer"], name="局内同步")
    log_in(client, "clerk")
    assert "局内同步" not in client.get(LIST).content.decode()
    revoke = f"{LIST}{ApiToken.objects.get().pk}/revoke/"
    assert (client.get(revoke).status_code, client.post(revoke).status_code) == (404, 404)
    assert api.actor_of(secret)
    assert client.post(NEW, asked(people["officer"])).status_code == 422
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 367}, {"name": " "}])
def test_a_token_has_a_term_and_a_purpose(
    client: Client, people: dict[str, Actor], wrong: dict[str, Any]
) -> None:
    log_in(client, "clerk")
    assert client.post(NEW, asked(people["clerk"], **wrong)).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_log_in_that_is_not_fresh_sees_the_list_and_proves_itself_before_more(
    client: Client, people: dict[str, Actor]
) -> None:
    made(log_in(Client(), "clerk"), people["clerk"])
    log_in(client, "clerk", fresh=False)
    assert client.get(LIST).status_code == 200
    revoke = f"{LIST}{ApiToken.objects.get().pk}/revoke/"
    for answer in (
        client.get(NEW),
        client.post(NEW, asked(people["clerk"])),
        client.get(revoke),
        client.post(revoke),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert ApiToken.objects.filter(revoked_at=None).count() == 1
    # What was sent before goes on by itself once the password is given.
    again = client.post(
        f"/accounts/reauthenticate/?next={revoke}", {"password": PASSWORD, "next": revoke}
    )
    assert again.headers["Location"] == LIST
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_a_token_of_a_membership_that_ended_is_told_so(
    client: Client, people: dict[str, Actor]
) -> None:
    log_in(client, "clerk")
    made(client, people["clerk"])
    today = clock.today()
    of(people["clerk"]).__class__.objects.filter(pk=of(people["clerk"]).pk).update(
        valid_to=today - timedelta(days=1)
    )
    page = client.get(LIST).content.decode()
    assert "任职已终止" in page and NEW not in page
