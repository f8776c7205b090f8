"""The register of projects, the languages of its pages, and doors that stay shut."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from kernel import clock
from kernel.evidence import keys
from kernel.evidence import services as evidence
from kernel.parties.models import User
from kernel.workflow.models import Act
from procurement.projects.models import Project
from tests.conftest import PASSWORD
from tests.procurement.projects.paging import (
    BACKEND,
    CASES,
    People,
    SignIn,
    entries,
    text,
)
from tests.procurement.projects.samples import opened, registered, submitted

pytestmark = pytest.mark.django_db


# The public register.


@pytest.fixture
def register(people: People) -> list[Project]:
    clerk, officer = people["clerk"], people["officer"]
    return [
        registered(clerk, officer, name="松北小学工程", project_class="01"),
        registered(clerk, officer, name="道里桥梁工程", project_class="02", region="230103"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("q=小学", 1),
        ("q=桥梁", 1),
        ("q=没有", 0),
        ("q=%", 0),
        ("q=2301", 2),
        ("region=230100", 2),
        ("region=230600", 0),
        ("region=230103", 1),
        ("class=02", 1),
        ("class=99", 0),
        ("from=2099-01-01", 0),
        ("to=2000-01-01", 0),
        ("from=2000-01-01&to=2099-01-01", 2),
        # What cannot be meant is not asked for.
        ("region=abc", 2),
        ("region=２３０１００", 2),
        ("from=2026-13-45&to=heute", 2),
        ("from=0001-01-01&to=9999-12-31", 2),
        ("page=999999999999999999999", 2),
        ("page=-1", 2),
        ("page=x", 2),
        ("q=" + "长" * 5000, 0),
        ("class=" + "9" * 5000, 0),
    ],
)
def test_the_register_is_filtered_and_bad_values_do_no_harm(
    register: list[Project], client: Client, query: str, found: int
) -> None:
    response = client.get(f"/projects/?{query}")
    assert response.status_code == 200
    assert sum(project.name in text(response) for project in register) == found


def test_a_character_that_is_none_is_refused(client: Client) -> None:
    assert client.get("/projects/?q=%00").status_code < 500


def test_the_workbook_holds_the_register_and_no_formula(people: People, client: Client) -> None:
    for name in ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "https://example.org"):
        registered(people["clerk"], people["officer"], name=name)
    response = client.get("/projects/?format=xlsx&q=")
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.active.iter_rows())  # type: ignore[union-attr]
    assert [row[1].value for row in rows[1:]][-1] == "=1+1"
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    assert all(cell.hyperlink is None for row in rows for cell in row)
    assert rows[1][5].value == 1000
    assert rows[1][6].value.date() == clock.today()


# Languages, marks, frames.


def pages_of(people: People) -> list[tuple[str, str, int]]:
    """(who, address, status) of every page of registration."""
    clerk, officer = people["clerk"], people["officer"]
    draft, waiting, public = opened(clerk), submitted(clerk), registered(clerk, officer)
    evidence.sign_head(clock.now(), keys.signer())
    return [
        ("", "/", 200),
        ("", "/projects/", 200),
        ("", f"/projects/{public.number}/", 200),
        ("", "/projects/0000000000000000/", 404),
        ("", "/check/", 200),
        ("", "/check/?number=none", 404),
        ("", "/log/", 200),
        ("", "/log/0/", 200),
        ("", "/accounts/login/", 200),
        ("clerk", "/desk/", 200),
        ("clerk", CASES, 200),
        ("clerk", f"{CASES}new/", 200),
        ("clerk", f"{CASES}{draft.pk}/", 200),
        ("clerk", f"{CASES}{draft.pk}/acts/amend/", 200),
        ("clerk", f"{CASES}{draft.pk}/acts/submit/", 200),
        ("clerk", f"{CASES}{waiting.pk}/acts/submit/", 422),
        ("clerk", f"{CASES}{waiting.pk}/acts/accept/", 403),
        ("clerk", "/projects/import/", 200),
        ("clerk", "/accounts/sessions/", 200),
        ("clerk", "/accounts/2fa/", 200),
        ("officer", "/desk/", 200),
        ("officer", f"{CASES}{waiting.pk}/acts/accept/", 200),
        ("officer", f"{CASES}{waiting.pk}/acts/return/", 200),
        ("officer", f"{CASES}{public.pk}/receipts/{public.version}/", 200),
        ("officer", "/projects/import/", 403),
        ("auditor", f"{CASES}{public.pk}/", 200),
        ("operator", "/sandbox/clock/", 200),
    ]


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_every_page_renders_in_both_languages_and_says_sandbox(
    people: People, language: str, lang: str
) -> None:
    for who, url, status in pages_of(people):
        client = Client()
        if who:
            client.force_login(User.objects.get(username=who), BACKEND)
        client.cookies["django_language"] = language
        response = client.get(url)
        page = text(response)
        assert response.status_code == status, url
        assert f'<html lang="{lang}">' in page, url
        assert 'class="zx-sandbox"' in page, url
        assert page.count("<h1") == 1, url


def test_production_shows_no_sandbox_bar(people: People, client: Client, settings: Any) -> None:
    settings.SANDBOX = False
    assert 'class="zx-sandbox"' not in text(client.get("/"))


def test_an_article_nobody_has_read_is_marked(people: People, signed_in: SignIn) -> None:
    project = submitted(people["clerk"])
    officer = signed_in("officer")
    for url in ("/desk/", f"{CASES}{project.pk}/", f"{CASES}{project.pk}/acts/accept/"):
        assert 'class="zx-mark' in text(officer.get(url)), url
    clerk = signed_in("clerk")
    assert 'class="zx-mark' in text(clerk.get(f"{CASES}new/"))
    draft = opened(people["clerk"], name="")
    refused = text(clerk.get(f"{CASES}{draft.pk}/acts/submit/"))
    assert "待核实" in refused


def test_due_times_are_said_in_words_with_their_article(people: People, signed_in: SignIn) -> None:
    submitted(people["clerk"])
    page = text(signed_in("officer").get("/desk/"))
    assert re.search(r"还剩 \d+ 个工作日，截至 \d\d-\d\d 24:00", page)


# Doors.


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "https://evil.example/",
        "http:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "",
    ],
)
def test_nobody_is_led_away(people: People, signed_in: SignIn, target: str) -> None:
    client = signed_in("clerk")
    own = User.objects.get(username="clerk").person.memberships.get()  # type: ignore[union-attr]
    response = client.post("/account/act-for/", {"membership": own.pk, "next": target})
    assert response["Location"] == "/desk/"
    response = client.post("/i18n/setlang/", {"language": "en", "next": target})
    assert "evil" not in response.get("Location", "")
    login = {"login": "clerk", "password": PASSWORD, "next": target}
    response = Client().post("/accounts/login/", login)
    assert response["Location"] == "/desk/"


def test_what_is_posted_only_is_not_got(people: People, signed_in: SignIn) -> None:
    project = submitted(people["clerk"])
    client = signed_in("officer")
    for url in (
        f"{CASES}{project.pk}/show/manager_phone/",
        "/account/act-for/",
        "/account/keep-alive/",
    ):
        assert client.get(url).status_code == 405, url


def test_every_post_needs_its_token(people: People) -> None:
    project = submitted(people["clerk"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="clerk"), BACKEND)
    acts_before = Act.objects.count()
    for url in (
        f"{CASES}new/",
        f"{CASES}{project.pk}/acts/submit/",
        f"{CASES}{project.pk}/acts/terminate/",
        f"{CASES}{project.pk}/show/manager_phone/",
        "/account/act-for/",
        "/account/keep-alive/",
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/sessions/",
        "/projects/import/",
        "/sandbox/clock/",
        "/documents/1/sign/begin",
    ):
        response = client.post(url, entries())
        assert response.status_code == 403, url
        assert 'class="zx-error-page"' in text(response), url
    assert Act.objects.count() == acts_before
    assert clock.now() - clock.technical_now() < timedelta(minutes=1)
