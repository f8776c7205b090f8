"""The pages of acts on a registration: refusals, receipts, conflicts, the form."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape

from kernel import clock
from kernel.errors import NotFound
from kernel.workflow.models import Act
from procurement.projects import forms
from procurement.projects.models import Project
from tests.procurement.projects.paging import (
    CASES,
    People,
    SignIn,
    entries,
    text,
)
from tests.procurement.projects.samples import act, opened, registered, submitted, whole

pytestmark = pytest.mark.django_db


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
    assert response.redirect_chain == [(f"{CASES}{done.case_pk}/receipts/1/", 302)]
    assert response.headers["Content-Type"].startswith("text/html")
    assert f"procurement.project-{done.case_pk}-{done.version}" in page
    assert done.leaf[:8] in page
    assert f'href="/log/{done.log_index}/"' in page


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "您可以接着办理："), ("en", "Your next step:")]
)
def test_the_receipt_of_a_saved_draft_leads_to_the_act_that_comes_next(
    people: People, signed_in: SignIn, language: str, words: str
) -> None:
    client = signed_in("clerk")
    headers = {"accept-language": language}
    response = client.post(f"{CASES}new/", entries(), follow=True, headers=headers)
    done = Act.objects.get()
    page = text(response)
    assert words in page
    assert f'href="{CASES}{done.case_pk}/acts/submit/"' in page
    # What ends the case for good is no step that comes next.
    assert "/acts/terminate/" not in page and "/acts/discard/" not in page


def test_a_receipt_is_for_those_who_may_read_the_case(people: People, signed_in: SignIn) -> None:
    project = submitted(people["clerk"])
    receipt = f"{CASES}{project.pk}/receipts/{project.version}/"
    assert signed_in("clerk").get(receipt).status_code == 200
    assert signed_in("stranger").get(receipt).status_code == 404
    for pk, version in ((project.pk, 99), (2**63, 1), (project.pk, 2**31)):
        assert signed_in("clerk").get(f"{CASES}{pk}/receipts/{version}/").status_code == 404


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
