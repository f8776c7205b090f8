"""Scans, masks and drafts of a registration: who is shown what."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kernel.evidence.models import LogEntry
from kernel.workflow.models import Act
from procurement.projects import forms
from procurement.projects.models import Project
from tests.procurement.projects.paging import (
    CASES,
    PDF,
    PHONE,
    People,
    SignIn,
    entries,
    scan,
    text,
)
from tests.procurement.projects.samples import act, opened, registered, submitted

pytestmark = pytest.mark.django_db


def test_a_scan_is_stored_and_served_to_those_concerned_only(
    people: People, signed_in: SignIn
) -> None:
    client = signed_in("clerk")
    client.post(f"{CASES}new/", entries() | {"papers-0-scan": scan()})
    project = Project.objects.get()
    url = f"/projects/papers/{project.pk}/{project.papers[0]['file_sha256']}/"
    served = client.get(url)
    assert b"".join(served.streaming_content) == PDF  # type: ignore[attr-defined]
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Disposition"].startswith("attachment")
    act(project, "submit", people["clerk"])
    assert signed_in("officer").get(url).status_code == 200
    for who in ("stranger", "elsewhere"):
        assert signed_in(who).get(url).status_code == 403


def test_a_scan_of_another_case_is_not_served(people: People, signed_in: SignIn) -> None:
    signed_in("stranger").post(f"{CASES}new/", entries() | {"papers-0-scan": scan()})
    sha256 = Project.objects.get().papers[0]["file_sha256"]
    own = opened(people["clerk"])
    assert signed_in("clerk").get(f"/projects/papers/{own.pk}/{sha256}/").status_code == 404


@pytest.mark.parametrize(
    "content", [b"GIF89a", b"<html><script>", b"MZ\x90", b"PK\x03\x04", b" %PDF-1.7"]
)
def test_a_scan_of_another_type_is_refused_whatever_it_is_called(
    signed_in: SignIn, content: bytes
) -> None:
    form = entries() | {"papers-0-scan": scan(content)}
    response = signed_in("clerk").post(f"{CASES}new/", form)
    assert response.status_code == 422
    assert "id_papers-0-scan_error" in text(response)
    assert Project.objects.count() == 0


def test_a_scan_too_large_is_refused(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "SCAN_MAX_BYTES", 1000)
    form = entries() | {"papers-0-scan": scan(PDF + b" " * 1000)}
    response = signed_in("clerk").post(f"{CASES}new/", form)
    assert response.status_code == 422
    assert Project.objects.count() == 0


def test_a_page_with_errors_keeps_the_scan(signed_in: SignIn) -> None:
    client = signed_in("clerk")
    wrong = entries(total_investment="x") | {"papers-0-scan": scan()}
    page = text(client.post(f"{CASES}new/", wrong))
    kept = re.search(r'name="papers-0-sha256" value="(\w{64})"', page)
    assert kept
    assert f"已存扫描件 {kept[1][:8]}" in page
    client.post(f"{CASES}new/", entries(**{"papers-0-sha256": kept[1]}))
    assert Project.objects.get().papers[0]["file_sha256"] == kept[1]


# Masks and drafts.


def test_a_masked_value_stands_in_no_page(people: People, signed_in: SignIn) -> None:
    draft, public = opened(people["clerk"]), registered(people["clerk"], people["officer"])
    client = signed_in("clerk")
    pages = [
        f"{CASES}{draft.pk}/",
        f"{CASES}{draft.pk}/acts/submit/",
        f"{CASES}{public.pk}/",
        CASES,
        "/desk/",
        f"/projects/{public.number}/",
        "/projects/",
        *(f"/log/{entry.index}/" for entry in LogEntry.objects.all()),
        *(f"{CASES}{done.case_pk}/receipts/{done.version}/" for done in Act.objects.all()),
    ]
    for url in pages:
        assert PHONE not in text(client.get(url)), url
    assert "199****0001" in text(client.get(pages[0]))


def test_unmasking_is_logged_with_its_reason(people: People, signed_in: SignIn) -> None:
    project = submitted(people["clerk"])
    url = f"{CASES}{project.pk}/show/manager_phone/"
    page = text(signed_in("officer").post(url, {"reason": "核实联系人"}))
    assert PHONE in page
    assert f'href="{CASES}{project.pk}/"' in page
    entry = LogEntry.objects.get(kind="web.unmasked")
    assert "核实联系人" in entry.body
    assert people["officer"].uscc in entry.body
    assert PHONE not in entry.body
    assert entry.public is False


@pytest.mark.parametrize("reason", ["", "   ", "看看", "长" * 201])
def test_unmasking_without_a_reason_shows_nothing(
    people: People, signed_in: SignIn, reason: str
) -> None:
    project = submitted(people["clerk"])
    url = f"{CASES}{project.pk}/show/manager_phone/"
    response = signed_in("officer").post(url, {"reason": reason})
    assert response.status_code == 422
    assert "web.unmask.reason_missing" in text(response)
    assert PHONE not in text(response)
    assert not LogEntry.objects.filter(kind="web.unmasked").exists()


@pytest.mark.parametrize(
    ("who", "field", "status", "code"),
    [
        ("stranger", "manager_phone", 403, "access.page.not_permitted"),
        ("officer", "name", 404, ""),
        ("officer", "state", 404, ""),
    ],
)
def test_unmasking_is_for_readers_and_masked_fields(
    people: People, signed_in: SignIn, who: str, field: str, status: int, code: str
) -> None:
    project = submitted(people["clerk"])
    url = f"{CASES}{project.pk}/show/{field}/"
    answer = signed_in(who).post(url, {"reason": "核实联系人"})
    assert answer.status_code == status
    assert code in text(answer)


def test_a_draft_is_seen_by_its_owner_and_nobody_outside(
    people: People, signed_in: SignIn, client: Client
) -> None:
    draft = opened(people["clerk"], name="秘密工程")
    assert "秘密工程" in text(signed_in("colleague").get(CASES))
    for url in ("/", "/projects/", "/projects/?q=秘密", "/log/0/"):
        assert "秘密工程" not in text(Client().get(url)), url
    assert Client().get(f"{CASES}{draft.pk}/public/").status_code == 404
    stranger = signed_in("stranger")
    assert stranger.get(f"{CASES}{draft.pk}/").status_code == 403
    assert "秘密工程" not in text(stranger.get(CASES))
    assert "秘密工程" not in text(stranger.get("/desk/"))
