"""The API: one error shape, keys, tokens, and nothing that schemathesis can break."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import ApiToken, Membership
from kernel.workflow.models import Act
from procurement.projects.models import Project
from tests.procurement.projects.samples import registered, whole

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations"


def bearer(actor):
    membership = Membership.objects.get(person_id=actor.person_id, role=actor.role)
    expires = clock.technical_now() + timedelta(days=1)
    _, secret = tokens.issue(membership, name="test", expires_at=expires)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def post(client, url, body, headers, key="k"):
    extra = {**headers, **({"HTTP_IDEMPOTENCY_KEY": key} if key else {})}
    return client.post(url, body, content_type="application/json", **extra)


def test_a_system_registers_a_project_by_its_token(people, client):
    headers = bearer(people["clerk"])
    opened = post(client, URL, whole(), headers)
    assert opened.status_code == 201
    receipt = opened.json()
    case = client.get(f"{URL}/{receipt['case_pk']}", **headers).json()
    assert case["state"] == "draft" and case["version"] == 1
    assert {a["act"]: a["allowed"] for a in case["next"]}["submit"] is True
    body = {"seen_version": 1, "payload": {}}
    done = post(client, f"{URL}/{receipt['case_pk']}/acts/submit", body, headers)
    assert done.status_code == 200 and done.json()["state"] == "submitted"


def test_the_same_key_is_answered_with_the_same_receipt(people, client):
    headers, body = bearer(people["clerk"]), whole()
    first, again = post(client, URL, body, headers), post(client, URL, body, headers)
    assert again.json() == {**first.json(), "replayed": True}


def test_a_write_without_a_key_is_refused(people, client):
    answer = post(client, URL, whole(), bearer(people["clerk"]), key="")
    assert answer.status_code == 422
    assert answer.json()["refusals"][0]["code"] == "api.key.missing"


def test_a_stale_version_is_a_409_that_says_what_changed(people, client):
    headers = bearer(people["clerk"])
    pk = post(client, URL, whole(), headers).json()["case_pk"]
    body = {"seen_version": 7, "payload": {}}
    answer = post(client, f"{URL}/{pk}/acts/submit", body, headers)
    assert answer.status_code == 409
    assert answer.json()["refusals"][0]["code"] == "workflow.act.stale"


def test_a_refusal_names_every_rule_with_article_and_words(people, client):
    headers = bearer(people["clerk"])
    pk = post(client, URL, {}, headers).json()["case_pk"]
    answer = post(client, f"{URL}/{pk}/acts/submit", {"seen_version": 1}, headers, key="s")
    assert answer.status_code == 422
    refusals = answer.json()["refusals"]
    assert len(refusals) > 10
    assert all(r["article"] and r["message"] and r["message"] != r["code"] for r in refusals)


@pytest.mark.parametrize("kind", ["none", "wrong", "expired", "revoked", "cookie"])
def test_without_a_good_token_nobody_gets_in(people, client, signed_in, kind):
    headers = bearer(people["clerk"])
    if kind == "none":
        headers = {}
    elif kind == "wrong":
        headers = {"HTTP_AUTHORIZATION": "Bearer zx_nonsense"}
    elif kind == "expired":
        ApiToken.objects.update(expires_at=clock.technical_now())
    elif kind == "revoked":
        ApiToken.objects.update(revoked_at=clock.technical_now())
    else:
        headers = {}
        client = signed_in("clerk")
    answer = post(client, URL, whole(), headers)
    assert answer.status_code == 401
    assert answer.json()["refusals"][0]["code"] == "api.token.invalid"
    assert not Project.objects.exists()


def test_anothers_registration_is_not_there(people, client):
    pk = post(client, URL, whole(), bearer(people["clerk"])).json()["case_pk"]
    answer = client.get(f"{URL}/{pk}", **bearer(people["stranger"]))
    assert answer.status_code == 404


def test_the_public_register_shows_no_draft_and_no_phone(people, client):
    project = registered(people["clerk"], people["officer"])
    post(client, URL, whole(name="秘密草稿"), bearer(people["clerk"]))
    listed = client.get("/api/v1/projects").json()
    assert [row["number"] for row in listed["items"]] == [project.number]
    one = client.get(f"/api/v1/projects/{project.number}").content.decode()
    assert project.manager_phone not in one


def test_pages_of_the_register_neither_skip_nor_repeat(people, client):
    numbers = {registered(people["clerk"], people["officer"]).number for _ in range(5)}
    seen, after = [], ""
    while True:
        page = client.get("/api/v1/projects", {"limit": 2, "after": after}).json()
        seen += [row["number"] for row in page["items"]]
        if not page["next"]:
            break
        after = page["next"]
    assert len(seen) == 5 and set(seen) == numbers


def test_a_token_is_kept_as_its_hash_only(people):
    headers = bearer(people["clerk"])
    secret = headers["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert secret not in str(list(ApiToken.objects.values()))


def test_an_act_by_api_and_by_page_are_one_thing(people, client):
    headers = bearer(people["clerk"])
    pk = post(client, URL, whole(), headers).json()["case_pk"]
    assert Act.objects.get(case_pk=pk).role == "owner_clerk"


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"name": 1}', '{"x": 1}'])
def test_a_body_that_is_not_the_contracts_is_refused_in_the_one_shape(people, body):
    answer = Client().post(
        URL,
        body,
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="k",
        **bearer(people["clerk"]),
    )
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"refusals", "request_id"}


def test_an_address_that_is_not_there_is_refused_in_the_one_shape(client):
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert set(answer.json()) == {"refusals", "request_id"}
