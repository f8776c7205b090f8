"""The forms of a correction: words where codes are kept, and a list to choose them from."""

from __future__ import annotations

import pytest

from credit.enterprises.models import Licence
from kernel.parties.models import User
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.credit.enterprises.test_corrections import BACKEND, decide

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
