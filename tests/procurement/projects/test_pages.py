"""The pages of project registration without a browser: what they say, hide and refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotFound
from kernel.evidence import keys
from kernel.evidence import services as evidence
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from kernel.workflow.models import Act
from procurement.projects import forms
from procurement.projects.models import Project
from tests.conftest import PASSWORD
from tests.procurement.projects.samples import act, opened, registered, submitted, whole

pytestmark = pytest.mark.django_db

CASES = "/cases/procurement.project/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PHONE = "19900000001"
People = dict[str, Actor]
SignIn = Callable[[str], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


def entries(**changes: str) -> dict[str, str]:
    """What a clerk types into the form of a whole registration."""
    facts = whole()
    plain = {
        name: str(value)
        for name, value in facts.items()
        if isinstance(value, str | int) and not name.endswith("_fen")
    }
    typed = plain | {"total_investment": "10,000,000.00", "key": "k", "seen": "", "step": "do"}
    for i, line in enumerate(facts["funding"]):
        typed |= {
            f"funding-{i}-source": line["source"],
            f"funding-{i}-amount": str(line["amount_fen"] // 100),
        }
    for i, line in enumerate(facts["papers"]):
        typed |= {f"papers-{i}-{name}": value for name, value in line.items()}
    return typed | changes


# Refusals, receipts, conflicts.


def test_every_reason_of_a_refusal_has_its_rule_its_article_and_its_cure(
    people: People, signed_in: SignIn
) -> None:
    project = opened(people["clerk"], name="", total_investment_fen=1, papers=[])
    response = signed_in("clerk").get(f"{CASES}{project.pk}/acts/submit/")
    assert response.status_code == 422
    page = text(response)
    reasons = page.split('<ol class="zx-refusals">')[1].split("</ol>")[0].split("<li>")[1:]
    assert len(reasons) == 6
    for reason in reasons:
        assert 'class="zx-refusal-words">' in reason
        assert "<dt>依据</dt><dd>" in reason
        assert "<dt>如何解决</dt><dd>" in reason
        assert f'href="{CASES}{project.pk}/acts/amend/"' in reason
    assert "未填写“项目名称”" in reasons[0]


def test_a_reason_that_nobody_present_can_cure_has_no_link(
    people: People, signed_in: SignIn
) -> None:
    project = submitted(people["clerk"])
    Project.objects.filter(pk=project.pk).update(total_investment_fen=5)
    response = signed_in("officer").get(f"{CASES}{project.pk}/acts/accept/")
    assert response.status_code == 422
    assert "funding_differs" in text(response)
    assert "/acts/amend/" not in text(response)


def test_an_act_out_of_its_state_names_both_states(people: People, signed_in: SignIn) -> None:
    project = registered(people["clerk"], people["officer"])
    response = signed_in("officer").get(f"{CASES}{project.pk}/acts/accept/")
    assert response.status_code == 422
    assert "待受理" in text(response)
    assert "已报建" in text(response)


def test_an_act_of_another_role_is_refused_and_says_so(people: People, signed_in: SignIn) -> None:
    project = submitted(people["clerk"])
    response = signed_in("clerk").get(f"{CASES}{project.pk}/acts/accept/")
    assert response.status_code == 403
    assert "zx-refusal-words" in text(response)


@pytest.mark.parametrize("code", ["lapse", "nonsense", "open"])
def test_an_act_that_nobody_does_by_hand_is_not_there(
    people: People, signed_in: SignIn, code: str
) -> None:
    project = opened(people["clerk"])
    response = signed_in("clerk").get(f"{CASES}{project.pk}/acts/{code}/")
    assert response.status_code == 404
    form = entries(seen=str(project.version))
    assert signed_in("stranger").post(f"{CASES}{project.pk}/acts/{code}/", form).status_code == 404
    again = Project.objects.get()
    assert (again.version, again.owner_id) == (project.version, project.owner_id)


def test_a_case_is_opened_once_and_never_over_another(people: People) -> None:
    project = opened(people["clerk"])
    with pytest.raises(NotFound):
        act(project, "open", people["stranger"], whole())
    assert Project.objects.get().owner_id == people["clerk"].organisation_id


def test_a_stale_page_tells_what_changed_in_words(people: People, signed_in: SignIn) -> None:
    project = opened(people["clerk"])
    changed = whole(
        project_code=project.project_code,
        name="改名后的小学",
        region="230103",
        total_investment_fen=20_000_000_00,
        manager_phone="19900000009",
    )
    act(project, "amend", people["colleague"], changed)
    response = signed_in("clerk").post(
        f"{CASES}{project.pk}/acts/amend/",
        entries(project_code=project.project_code, seen=str(project.version)),
    )
    page = text(response)
    assert response.status_code == 409
    for told in ("colleague", "示例单位1", "改名后的小学", "20,000,000.00", "南岗区"):
        assert told in page, told
    assert "1990000000" not in page
    assert Project.objects.get().name == "改名后的小学"


def test_after_an_act_comes_its_receipt(people: People, signed_in: SignIn) -> None:
    client = signed_in("clerk")
    response = client.post(f"{CASES}new/", entries(), follow=True)
    done = Act.objects.get()
    page = text(response)
    assert response.redirect_chain == [(f"/receipts/{done.pk}/", 302)]
    assert response.headers["Content-Type"].startswith("text/html")
    assert f"procurement.project-{done.case_pk}-{done.version}" in page
    assert done.leaf[:8] in page
    assert f'href="/log/{done.log_index}/"' in page


def test_a_receipt_is_for_those_who_may_read_the_case(people: People, signed_in: SignIn) -> None:
    submitted(people["clerk"])
    assert signed_in("stranger").get(f"/receipts/{Act.objects.latest('pk').pk}/").status_code == 404


def test_what_cannot_be_done_is_said_before_the_summary(people: People, signed_in: SignIn) -> None:
    project = submitted(people["clerk"])
    url = f"{CASES}{project.pk}/acts/return/"
    response = signed_in("officer").post(url, {"reason": " ", "step": "review"})
    assert response.status_code == 422
    assert "id_reason_error" in text(response)
    assert Act.objects.count() == 2


def test_the_summary_shows_all_that_is_submitted(people: People, signed_in: SignIn) -> None:
    party = {"role": "design_firm", "uscc": people["officer"].uscc, "name": "示例设计院"}
    project = opened(people["clerk"], parties=[party])
    page = text(signed_in("clerk").get(f"{CASES}{project.pk}/acts/submit/"))
    for told in (project.name, "4,000,000.00", "6,000,000.00", "示例设计院", "示例4号"):
        assert told in page, told


def test_a_grave_act_is_never_the_blue_button(people: People, signed_in: SignIn) -> None:
    project = registered(people["clerk"], people["officer"])
    page = text(signed_in("clerk").get(f"{CASES}{project.pk}/"))
    assert f'class="btn btn-secondary" href="{CASES}{project.pk}/acts/terminate/"' in page
    form = {"reason": "项目取消", "step": "review"}
    page = text(signed_in("clerk").post(f"{CASES}{project.pk}/acts/terminate/", form))
    assert re.search(r'class="btn btn-danger btn-lg" name="step" value="do"', page)


def test_an_act_whose_time_is_over_is_no_not_yet(people: People, signed_in: SignIn) -> None:
    project = registered(people["clerk"], people["officer"])
    page = text(signed_in("officer").get(f"{CASES}{project.pk}/"))
    assert 'class="zx-act-off"' not in page


# The form.


def test_papers_of_a_draft_return_to_their_own_lines(people: People, signed_in: SignIn) -> None:
    papers = [
        {"kind": "funding_proof", "number": "资 4 号", "issued_on": "2025-09-01"},
        {"kind": "land_use", "number": "地 2 号", "issued_on": "2025-09-01"},
        {"kind": "land_use", "number": "地 3 号", "issued_on": "2025-09-01"},
    ]
    project = opened(people["clerk"], papers=papers)
    form = forms.ProjectForm(None, None, at=clock.now(), project=project, actor=people["clerk"])
    numbers = {i: form[f"papers-{i}-number"].value() for i in range(form.paper_lines)}
    kinds = [form[f"papers-{i}-kind"].value() for i in range(form.paper_lines)]
    assert {i: n for i, n in numbers.items() if n} == {1: "地 2 号", 3: "资 4 号", 4: "地 3 号"}
    assert kinds[:4] == list(form.required_kinds)
    assert kinds[4] == "land_use"
    page = text(signed_in("clerk").get(f"{CASES}{project.pk}/acts/amend/"))
    assert page.count('value="地 2 号"') == 1


def test_saving_a_draft_again_loses_and_adds_nothing(people: People, signed_in: SignIn) -> None:
    client = signed_in("clerk")
    client.post(f"{CASES}new/", entries())
    before = Project.objects.get()
    typed = entries(project_code=before.project_code, seen=str(before.version), key="again")
    answer = client.post(f"{CASES}{before.pk}/acts/amend/", typed)
    assert answer.status_code == 302, text(answer)
    after = Project.objects.get()
    assert (after.papers, after.funding, after.parties) == (
        before.papers,
        before.funding,
        before.parties,
    )


def test_an_error_in_a_line_names_the_line(signed_in: SignIn) -> None:
    response = signed_in("clerk").post(f"{CASES}new/", entries(**{"papers-1-issued_on": ""}))
    assert response.status_code == 422
    assert "用地批准手续或不动产权证书 日期" in text(response)


def test_text_typed_is_kept_on_a_page_with_errors(signed_in: SignIn) -> None:
    typed = entries(address="<b>街</b> & 路", total_investment="一千万")
    response = signed_in("clerk").post(f"{CASES}new/", typed)
    assert response.status_code == 422
    assert escape("<b>街</b> & 路") in text(response)
    assert "一千万" in text(response)
    assert Project.objects.count() == 0


# Scans.

PDF = b"%PDF-1.7 a scan"


def scan(content: bytes = PDF, name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


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
        *(f"/receipts/{done.pk}/" for done in Act.objects.all()),
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
    last = Act.objects.latest("pk").pk
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
        ("officer", f"/receipts/{last}/", 200),
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
