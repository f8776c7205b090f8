"""The forms of a correction: words where codes are kept, and a list to choose them from."""

from __future__ import annotations

import pytest

from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.models import Licence
from kernel import clock
from kernel.parties.models import User
from kernel.web.presenters import presenter_of
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.credit.enterprises.test_corrections import BACKEND, decide, proposed, renaming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return officers.officers()


@pytest.fixture
def held(people):
    return samples.licence(people)


def asked(client, held, **more):
    data = {"entry": f"licence:{held.pk}", **more}
    return client.get("/cases/credit.correction/new/", data).content.decode()


@pytest.mark.parametrize(("language", "grade"), [("zh-hans", "二级"), ("en", "Second grade")])
def test_the_form_says_in_words_what_is_kept_in_codes(people, held, client, language, grade):
    client.force_login(User.objects.get(username="other"), BACKEND)
    client.cookies["django_language"] = language
    page = asked(client, held, field="grade")
    select = page.partition('name="should_be"')[2].partition("</select>")[0]
    assert '<option value="second">' in select
    assert grade in select
    assert held.number in page
    assert f">licence:{held.pk}<" not in page


def test_whoever_writes_the_words_means_the_code(people, held, client):
    address = "/cases/credit.correction/new/"
    client.force_login(User.objects.get(username="other"), BACKEND)
    options = asked(client, held, field="grade").partition('value="first">')[2]
    label = options.partition("<")[0]
    data = {
        "step": "review", "entry": f"licence:{held.pk}", "field": "grade", "should_be": label,
        "says": "证书原件如此。", "document_sha256-kept": samples.document(people["other"]),
    }  # fmt: skip
    page = client.post(address, data).content.decode()
    assert 'name="should_be" value="first"' in page
    assert label in page
    answer = client.post(address, data | {"should_be": "特级的"})
    assert answer.status_code == 422
    assert '<option value="first">' in answer.content.decode()


def test_the_officer_chooses_by_words_and_everybody_reads_words(people, held, client):
    case = samples.correction(people, f"licence:{held.pk}", field="grade", should_be="first")
    client.force_login(User.objects.get(username="one"), BACKEND)
    page = client.get(f"/cases/credit.correction/{case.pk}/acts/accept/").content.decode()
    assert '<option value="first" selected>' in page
    shown = client.get(f"/cases/credit.correction/{case.pk}/").content.decode()
    assert "licence:" not in shown.partition("<main")[2].partition("</main>")[0]
    assert ">first<" not in shown
    decide(people, case)
    assert Licence.objects.get(pk=held.pk).grade == "first"


def test_who_withdraws_or_declines_is_asked_for_what_these_acts_need(people, held, client):
    case = samples.correction(people, f"licence:{held.pk}")
    for who, code, asks in (("other", "withdraw", False), ("one", "decline", True)):
        client.force_login(User.objects.get(username=who), BACKEND)
        page = client.get(f"/cases/credit.correction/{case.pk}/acts/{code}/").content.decode()
        assert ('name="reason"' in page) == asks
        assert 'name="value"' not in page


def read(client, who, address):
    client.force_login(User.objects.get(username=who), BACKEND)
    return client.get(address)


def test_who_decides_opens_the_document_that_was_brought_and_reads_whose_archive_it_is(
    people, held, client
):
    case = renaming(people)
    file = f"/cases/credit.correction/{case.pk}/files/{case.document_sha256}/"
    for who in ("one", "two"):
        page = read(client, who, f"/cases/credit.correction/{case.pk}/").content.decode()
        assert f'href="{file}"' in page
    shown = presenter_of(CORRECTION)
    assert [one.name for one in shown.parties(case, clock.now())] == ["示例建筑公司"]
    assert shown.party(case) == "示例建筑公司"
    proposed(people, case)
    confirm = read(client, "two", f"/cases/credit.correction/{case.pk}/acts/confirm/")
    assert file in confirm.content.decode()


def test_the_evidence_of_a_name_is_not_called_optional(people, held, client):
    case = renaming(people)
    page = read(client, "one", f"/cases/credit.correction/{case.pk}/acts/propose/")
    assert 'name="evidence"' in page.content.decode()
    assert "选填" not in page.content.decode()
    # A name is neither a date nor an amount.
    assert "日期写作" not in page.content.decode()


def test_a_proposed_name_waits_on_the_supervisors_page_for_whoever_may_confirm_it(
    people, held, client
):
    case = renaming(people)
    link = f"/cases/credit.correction/{case.pk}/"
    assert link not in read(client, "two", "/credit/supervision/").content.decode()
    proposed(people, case)
    assert link in read(client, "two", "/credit/supervision/").content.decode()
    for who in ("one", "far"):  # who proposed; an officer of another city
        assert link not in read(client, who, "/credit/supervision/").content.decode()
