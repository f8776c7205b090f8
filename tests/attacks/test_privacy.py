"""What is not everybody's: drafts, telephones, pages behind a log-in."""

from __future__ import annotations

import pytest

from kernel.workflow.firing import fire
from kernel.workflow.models import Act
from procurement.projects.models import Project
from tests.kernel.api.test_contract import URL, bearer, post
from tests.procurement.projects.samples import registered, submitted, whole

pytestmark = pytest.mark.django_db
PHONE = whole()["manager_phone"]


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_a_draft_that_was_never_handed_in_is_seen_by_its_owner_only(people, client, signed_in, who):
    pk = post(client, URL, whole(name="尚未递交"), bearer(people["clerk"])).json()["case_pk"]
    assert client.get(f"{URL}/{pk}", **bearer(people[who])).status_code == 404
    browser = signed_in(who)
    assert browser.get(f"/cases/procurement.project/{pk}/").status_code == 403
    assert "尚未递交" not in browser.get("/cases/procurement.project/").content.decode()


def test_an_authority_cannot_end_a_draft_that_was_never_handed_in(people, client):
    pk = post(client, URL, whole(), bearer(people["clerk"])).json()["case_pk"]
    body = {"seen_version": 1, "payload": {"reason": "越权"}}
    answer = post(client, f"{URL}/{pk}/acts/terminate", body, bearer(people["officer"]))
    assert answer.status_code == 403
    assert Project.objects.get(pk=pk).state == "draft"


def test_what_an_owner_ended_before_handing_it_in_stays_the_owners(people, client, signed_in):
    pk = post(client, URL, whole(name="胎死腹中"), bearer(people["clerk"])).json()["case_pk"]
    body = {"seen_version": 1, "payload": {"reason": "不建了"}}
    post(client, f"{URL}/{pk}/acts/terminate", body, bearer(people["clerk"]), key="t")
    assert client.get(f"{URL}/{pk}", **bearer(people["officer"])).status_code == 404
    page = signed_in("auditor").get("/cases/procurement.project/").content.decode()
    assert "胎死腹中" not in page


def test_what_was_handed_in_stays_before_the_authority_when_its_owner_ends_it(people, client):
    project = submitted(people["clerk"])
    fire(
        "procurement.project",
        project.pk,
        "terminate",
        actor=people["clerk"],
        payload={"reason": "不建了"},
        key="t",
        seen_version=project.version,
    )
    assert client.get(f"{URL}/{project.pk}", **bearer(people["officer"])).status_code == 200


def test_the_api_masks_what_the_page_masks(people, client):
    project = registered(people["clerk"], people["officer"])
    own = client.get(f"{URL}/{project.pk}", **bearer(people["colleague"])).json()
    assert own["fields"]["manager_phone"] == PHONE
    for who in ("officer", "auditor"):
        seen = client.get(f"{URL}/{project.pk}", **bearer(people[who])).json()
        assert seen["fields"]["manager_phone"] not in {"", PHONE}


def test_a_lost_race_does_not_tell_masked_values(people, client):
    pk = post(client, URL, whole(), bearer(people["clerk"])).json()["case_pk"]
    amended = {"seen_version": 1, "payload": whole(manager_phone="13900001234")}
    post(client, f"{URL}/{pk}/acts/amend", amended, bearer(people["clerk"]), key="a")
    assert "manager_phone" in Act.objects.get(case_pk=pk, version=2).changes
    stale = {"seen_version": 1, "payload": {}}
    answer = post(client, f"{URL}/{pk}/acts/submit", stale, bearer(people["colleague"]), key="s")
    assert answer.status_code == 409
    assert answer.json()["refusals"][0]["facts"]["changes"][0]["fields"]["manager_phone"]
    assert "13900001234" not in answer.content.decode() and PHONE not in answer.content.decode()


def test_pages_behind_the_log_in_are_kept_by_no_cache(people, client, signed_in):
    pk = post(client, URL, whole(), bearer(people["clerk"])).json()["case_pk"]
    by_token = client.get(f"{URL}/{pk}", **bearer(people["clerk"]))
    assert "no-store" in by_token["Cache-Control"]
    browser = signed_in("clerk")
    for address in ("/desk/", f"/cases/procurement.project/{pk}/", "/projects/"):
        assert "no-store" in browser.get(address)["Cache-Control"]


def test_what_is_public_may_be_kept(people, client):
    assert "no-store" not in client.get("/projects/").get("Cache-Control", "")
    assert "no-store" not in client.get("/api/v1/projects").get("Cache-Control", "")
