"""Any case by the API: opened, read and acted on by whoever the table lets, by one shape."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel import clock
from kernel.api import tokens
from kernel.api.fallback import server_error
from kernel.documents.models import Upload
from kernel.parties.models import Membership
from kernel.web import formats
from kernel.workflow import throttle
from procurement.projects.models import Project
from tests.procurement.projects.samples import submitted, whole

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/procurement.project"


@pytest.fixture
def client_of(people):
    def of(name: str) -> Client:
        membership = Membership.objects.get(person_id=people[name].person_id)
        expires = clock.technical_now() + timedelta(days=1)
        secret = tokens.issue(membership, name="test", expires_at=expires)[1]
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return of


def post(client, url, data, key="key-1"):
    headers = {"Idempotency-Key": key}
    return client.post(url, json.dumps(data), content_type="application/json", headers=headers)


def codes(answer):
    return [reason["code"] for reason in answer.json()["refusals"]]


def test_a_case_of_any_machine_is_opened_once_for_one_key(client_of):
    form = json.loads(json.dumps(whole(), default=str))
    first = post(client_of("clerk"), CASES, {"payload": form})
    again = post(client_of("clerk"), CASES, {"payload": form})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json() | {"replayed": True}
    assert Project.objects.count() == 1


def test_a_receipt_has_no_number_that_counts_the_acts_of_everybody(client_of):
    """Sealed bids are acts, too. What grows with them is the log alone, with its covers."""
    form = json.loads(json.dumps(whole(), default=str))
    told = post(client_of("clerk"), CASES, {"payload": form}).json()
    numbers = {name for name, said in told.items() if isinstance(said, int)}
    assert numbers == {"case_pk", "version", "log_index", "replayed"}


def test_an_act_goes_through_fire_with_its_version(people, client_of):
    project = submitted(people["clerk"])
    url = f"{CASES}/{project.pk}/acts/return"
    stale = post(client_of("officer"), url, {"seen_version": 1, "payload": {"reason": "补正"}})
    assert stale.status_code == 409 and codes(stale) == ["workflow.act.stale"]
    done = post(
        client_of("officer"), url, {"seen_version": 2, "payload": {"reason": "补正"}}, key="key-2"
    )
    assert done.status_code == 200 and done.json()["state"] == "returned"


def test_who_may_not_read_a_case_does_not_learn_that_it_exists(people, client_of):
    project = submitted(people["clerk"])
    assert client_of("stranger").get(f"{CASES}/{project.pk}").status_code == 404
    assert client_of("clerk").get(f"{CASES}/{project.pk}").json()["state"] == "submitted"


def test_masked_columns_are_left_out(people, client_of):
    project = submitted(people["clerk"])
    assert "manager_phone" not in client_of("officer").get(f"{CASES}/{project.pk}").json()["fields"]


@pytest.mark.parametrize("machine", ["no.machine", "procurement.project.open", "x" * 200])
def test_a_machine_that_nobody_has_is_not_there(client_of, machine):
    answer = post(client_of("clerk"), f"/api/v1/cases/{machine}", {"payload": {}})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"%PDF-1.7 x", 201), (b"\x89PNG\r\n", 201), (b"MZ\x90\x00 program", 422), (b"", 422)],
)
def test_a_file_is_kept_for_its_kind_only(client_of, content, status):
    file = SimpleUploadedFile("任意.bin", content)
    answer = client_of("clerk").post("/api/v1/files", {"file": file})
    assert answer.status_code == status
    assert Upload.objects.count() == (1 if status == 201 else 0)


def test_a_token_of_a_membership_that_ended_keeps_no_file(people, client_of):
    client = client_of("clerk")
    left = Membership.objects.filter(person_id=people["clerk"].person_id)
    left.update(valid_to=clock.today() - timedelta(days=1))
    answer = client.post("/api/v1/files", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    assert answer.status_code == 403 and codes(answer) == ["access.membership.ended"]
    assert not Upload.objects.exists()


def test_a_refusal_is_said_in_the_language_that_was_asked_for_and_its_code_in_none(
    people, client_of
):
    project = submitted(people["clerk"])
    url = f"{CASES}/{project.pk}/acts/submit"
    told = {}
    for language in ("zh-CN", "en"):
        client = client_of("clerk")
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        answer = post(client, url, {"seen_version": project.version}, key=f"key-{language}")
        assert answer["Content-Language"].startswith(language[:2])
        (told[language],) = answer.json()["refusals"]
    zh, en = told["zh-CN"], told["en"]
    assert zh["code"] == en["code"] == "workflow.act.not_in_state"
    assert zh["facts"] == en["facts"]
    for part in ("message", "article"):
        assert formats.has_han(zh[part]) and en[part]
        assert not formats.has_han(en[part]), en[part]
    assert not formats.has_han(en["cure"])


@pytest.mark.parametrize(
    ("path", "code"),
    [("/api/v1/cases/procurement.project/1", "api.token.invalid"),
     ("/api/v1/nothing", "api.page.not_found")],
)  # fmt: skip
def test_what_no_room_answers_is_said_in_that_language_too(path, code):
    answer = Client(headers={"Accept-Language": "en", "Authorization": "Bearer no"}).get(path)
    (reason,) = answer.json()["refusals"]
    assert reason["code"] == code
    assert reason["message"] and not formats.has_han(reason["message"] + reason["cure"])


def test_a_body_of_another_shape_and_a_fault_of_ours_are_told_in_the_one_shape(
    people, client_of, rf
):
    project = submitted(people["clerk"])
    url = f"{CASES}/{project.pk}/acts/return"
    wrong = post(client_of("officer"), url, {"seen_version": "two", "payload": {}})
    assert wrong.status_code == 422 and set(codes(wrong)) == {"api.request.invalid"}
    fault = server_error(rf.get(url))
    assert fault.status_code == 500
    assert [one["code"] for one in json.loads(fault.content)["refusals"]] == ["api.server.fault"]


def test_whoever_was_refused_too_often_is_heard_no_more_for_a_while(people, client_of, monkeypatch):
    project = submitted(people["clerk"])
    monkeypatch.setattr(throttle, "LIMIT", 2)
    url = f"{CASES}/{project.pk}/acts/accept"
    answers = [post(client_of("clerk"), url, {"seen_version": 2}, key=f"k{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert codes(answers[-1]) == ["workflow.act.too_many_refused"]
