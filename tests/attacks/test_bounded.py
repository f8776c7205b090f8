"""What one request can make us hold, tell or keep has an end."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet

from kernel import clock
from kernel.documents.models import StoredFile
from kernel.evidence.models import LogEntry
from kernel.sealing.bids.policy import MAX_BID
from kernel.web import door
from kernel.web.case_pages import case_page
from kernel.workflow import refused
from kernel.workflow.firing import fire
from kernel.workflow.models import RefusedAct
from kernel.workflow.reads import REFUSED_SHOWN
from procurement.projects.models import Project
from tests.kernel.api.test_contract import URL, bearer, post
from tests.procurement.projects.samples import registered, whole

pytestmark = pytest.mark.django_db


def test_a_body_made_of_faults_is_not_told_fault_by_fault(people, client):
    headers = bearer(people["clerk"])
    pk = post(client, URL, whole(), headers).json()["case_pk"]
    payload = {f"fault{i}": 1 for i in range(5_000)}
    body = {"seen_version": 1, "payload": payload}
    answer = post(client, f"{URL}/{pk}/acts/terminate", body, headers)
    assert answer.status_code == 422 and len(answer.content) < 100_000
    assert len(RefusedAct.objects.get().refusals) <= 50
    assert len(LogEntry.objects.order_by("-index")[0].body) < 4_000


def test_the_contracts_own_faults_are_not_told_without_end_either(people, client):
    answer = post(client, URL, {f"fault{i}": 1 for i in range(20_000)}, bearer(people["clerk"]))
    assert answer.status_code == 422 and len(answer.content) < 100_000


@pytest.mark.parametrize(
    ("address", "size"),
    [(URL, door.API_BODY_MAX + 1), ("/accounts/login/", door.PUBLIC_BODY_MAX + 1)],
)
def test_a_body_beyond_all_use_is_refused_before_it_is_read(client, address, size):
    class Unread:
        def read(self, *_args):
            raise AssertionError("the body was read")

        readline = read

    request = {"CONTENT_LENGTH": str(size), "wsgi.input": Unread()}
    answer = client.generic("POST", address, content_type="application/json", **request)
    assert answer.status_code == 413


def test_only_a_bids_own_file_may_be_larger_than_a_form_at_a_page(people, signed_in):
    """And only as a stream: the form that does the same has the bound of every form."""
    client = signed_in("clerk")

    def put(address, size, method="PUT"):
        request = {"CONTENT_LENGTH": str(size), "wsgi.input": io.BytesIO(b"")}
        return client.generic(method, address, **request).status_code

    address = "/bids/mine/2301022509010101-01/rescue/give-again/"
    assert put(address, MAX_BID) != 413
    assert put(address, MAX_BID + 1) == 413
    assert put(address, door.BODY_MAX + 1, "POST") == 413
    assert put(address.replace("give-again", "cure"), door.BODY_MAX + 1) == 413


def test_a_page_that_stood_open_for_long_is_told_the_newest_changes_only(people, client):
    clerk = people["clerk"]
    pk = fire("procurement.project", None, "open", actor=clerk, payload=whole(), key="o").case_pk
    for version in range(1, refused.CHANGES_TOLD + 6):
        fire(
            "procurement.project",
            pk,
            "amend",
            actor=clerk,
            payload=whole(name=f"第 {version} 次"),
            key=f"a{version}",
            seen_version=version,
        )
    body = {"seen_version": 1, "payload": {}}
    answer = post(client, f"{URL}/{pk}/acts/submit", body, bearer(clerk))
    changes = answer.json()["refusals"][0]["facts"]["changes"]
    assert len(changes) == refused.CHANGES_TOLD
    assert changes[-1]["version"] == Project.objects.get(pk=pk).version
    assert "changes" not in RefusedAct.objects.get().refusals[0]["facts"]


def test_a_stranger_cannot_make_anothers_case_page_endless(people):
    pk = fire(
        "procurement.project", None, "open", actor=people["clerk"], payload=whole(), key="o"
    ).case_pk
    for attempt in range(REFUSED_SHOWN + 3):
        with pytest.raises(Exception, match=r"not_permitted"):
            fire(
                "procurement.project",
                pk,
                "terminate",
                actor=people["stranger"],
                payload={"reason": "x"},
                key=f"{attempt}",
                seen_version=1,
            )
    case = Project.objects.get(pk=pk)
    assert RefusedAct.objects.count() == REFUSED_SHOWN + 3
    page = case_page(case, people["clerk"], clock.now())
    assert sum(item.refused for item in page.timeline) == REFUSED_SHOWN


def test_nobody_stores_files_on_anothers_case(people, client, signed_in):
    pk = post(client, URL, whole(), bearer(people["clerk"])).json()["case_pk"]
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 of a stranger")
    entries = {"step": "do", "key": "k", "seen": "1", "papers-0-scan": scan}
    browser = signed_in("stranger")
    answer = browser.post(f"/cases/procurement.project/{pk}/acts/amend/", entries)
    assert answer.status_code == 403
    assert not StoredFile.objects.exists()
    assert RefusedAct.objects.count() == 1


def test_an_export_never_holds_all_its_rows(people, client, signed_in, monkeypatch):
    registered(people["clerk"], people["officer"])
    whole_result = QuerySet._fetch_all

    def refuse(rows):
        assert rows.model is not Project, "all rows were fetched at once"
        whole_result(rows)

    monkeypatch.setattr(QuerySet, "_fetch_all", refuse)
    for browser, address in (
        (client, "/projects/?format=xlsx"),
        (signed_in("officer"), "/cases/procurement.project/?format=xlsx"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"
