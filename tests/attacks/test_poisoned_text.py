"""Bytes that a database, a log or a reader's eye cannot take are refused, never a server error."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from kernel.workflow import texts
from kernel.workflow.models import RefusedAct
from procurement.projects.models import Project
from tests.kernel.api.test_contract import URL, bearer, post
from tests.procurement.projects.samples import whole

pytestmark = pytest.mark.django_db
UNFIT = ["\x00", "a\x00b", "\x1b[2J", "\u202egnp.exe", "a\u2066b", "\uffff", "\x85"]


@pytest.fixture
def stranger() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("text", [*UNFIT, "\ud800"])
def test_text_with_control_characters_is_refused(people, stranger, text):
    answer = stranger.post(
        URL,
        json.dumps({"name": f"项目{text}一期"}),
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="k",
        **bearer(people["clerk"]),
    )
    assert answer.status_code == 422
    assert not Project.objects.exists()


@pytest.mark.parametrize("text", UNFIT)
def test_the_refusal_names_the_field_deep_inside(people, stranger, text):
    party = {"role": "designer", "uscc": "x", "name": f"设计院{text}一部"}
    answer = post(stranger, URL, {"parties": [party]}, bearer(people["clerk"]))
    reasons = [(r["code"], r["field"]) for r in answer.json()["refusals"]]
    assert reasons == [("workflow.payload.characters", "parties.0.name")]


def test_zero_width_blanks_do_not_make_two_names_that_look_the_same(people, stranger):
    answer = post(stranger, URL, {"name": "\ufeff松江\u200b小区\u2060"}, bearer(people["clerk"]))
    assert Project.objects.get(pk=answer.json()["case_pk"]).name == "松江小区"


@pytest.mark.parametrize("name", ["a\x00", "a\ud800", "\u202e", "x" * 100_000])
def test_a_poisoned_field_name_is_refused_and_the_refusal_kept(people, stranger, name):
    headers = bearer(people["clerk"])
    pk = post(stranger, URL, whole(), headers).json()["case_pk"]
    answer = stranger.post(
        f"{URL}/{pk}/acts/terminate",
        json.dumps({"seen_version": 1, "payload": {"reason": "不再建设", name: 1}}),
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="k",
        **headers,
    )
    assert answer.status_code == 422
    kept = RefusedAct.objects.get().refusals
    assert all(texts.is_fit(r["field"]) and len(r["field"]) <= 80 for r in kept)


@pytest.mark.parametrize("key", ["a\x00b", "a\nb", "\u202e", "\x7f"])
def test_a_key_that_cannot_be_printed_is_refused(people, signed_in, key):
    client = signed_in("clerk")
    client.raise_request_exception = False
    answer = client.post(
        "/cases/procurement.project/new/", {"step": "do", "key": key, "name": "某项目"}
    )
    assert answer.status_code == 422
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/projects/?q=%00",
        "/projects/?class=%00",
        "/projects/?format=xlsx&q=%00",
        "/projects/%00/",
        "/check/?number=%00",
        "/check/%00/",
        "/projects/?from=0001-01-01",
        "/projects/?to=9999-12-31",
        "/api/v1/projects?after=0001-01-01T00:00:00%2B14:00_1",
        "/api/v1/projects?after=9999-12-31T23:59:59-14:00_1",
        "/api/v1/projects/%00",
        "/log/9223372036854775808/",
    ],
)
def test_an_address_that_no_database_can_answer_is_no_fault_of_ours(people, stranger, address):
    assert stranger.get(address).status_code < 500


@pytest.mark.parametrize("text", ["²", "BJ²", "%00", "9" * 30, "٣"])
def test_a_search_for_odd_digits_finds_nothing(people, signed_in, text):
    client = signed_in("officer")
    client.raise_request_exception = False
    assert client.get(f"/cases/procurement.project/?q={text}").status_code < 500


@pytest.mark.parametrize("region", ["zzzzzz", "2", "999999", "９９９９９９"])
def test_a_draft_with_a_region_that_does_not_exist_can_be_opened_and_mended(
    people, client, signed_in, region
):
    headers = bearer(people["clerk"])
    pk = post(client, URL, whole(region=region), headers).json()["case_pk"]
    browser = signed_in("clerk")
    assert browser.get(f"/cases/procurement.project/{pk}/").status_code == 200
    assert browser.get(f"/cases/procurement.project/{pk}/acts/amend/").status_code == 200


def test_the_reason_to_unmask_is_text(people, client, signed_in):
    pk = post(client, URL, whole(), bearer(people["clerk"])).json()["case_pk"]
    browser = signed_in("clerk")
    browser.raise_request_exception = False
    address = f"/cases/procurement.project/{pk}/show/manager_phone/"
    assert browser.post(address, {"reason": "核对\x00电话"}).status_code == 422
