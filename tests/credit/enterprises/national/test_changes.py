"""Who confirms a file sees what it would change, and confirms that and nothing else."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from credit.enterprises.models import NationalImport
from credit.enterprises.national import services
from kernel.errors import Conflict
from kernel.identifiers import uscc
from kernel.parties.models import User
from tests.credit.conduct import samples as officers
from tests.credit.enterprises.national.files import as_csv, as_xml, bring, brought
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECOND = uscc.demonstration("230102", 41)


@pytest.fixture
def people():
    return officers.officers()


def page(client, job, who="two", more=""):
    client.force_login(User.objects.get(username=who), BACKEND)
    return client.get(f"/credit/national/{job.pk}/{more}")


def seen(client, job):
    text = page(client, job).content.decode()
    return text.partition('name="seen" value="')[2].partition('"')[0]


def test_old_and_new_values_of_every_line_stand_before_the_confirmation(people, client):
    bring(people, as_csv(cells()))
    job = brought(people, as_csv(cells(ContractMoney="20000", ContractorCorpCode=SECOND),
                                 cells(RecordNum="R-2", ContractNum="HT-2")))  # fmt: skip
    found = {one.key: one for one in services.preview(job)}
    old = found["2301002501010101-HZ-001"]
    assert (old.line, old.new) == (2, False)
    assert {name: (was, now) for name, was, now in old.changes} == {
        "ContractMoney": (12_345_678_900, 20_000_000_000),
        "ContractorCorpCode": ("91110000600037341L", SECOND),
    }
    assert found["R-2"].new
    text = page(client, job).content.decode()
    for said in ("123,456,789.00", "200,000,000.00", SECOND, "变更 1 行，新增 1 行", "HT-2"):
        assert said in text


def test_the_page_says_so_in_english(people, client):
    bring(people, as_csv(cells()))
    job = brought(people, as_csv(cells(ContractMoney="20000")))
    client.cookies["django_language"] = "en"
    text = page(client, job).content.decode()
    assert "What would change" in text
    assert "将发生的变更" not in text


def test_a_long_list_is_paged_and_may_be_downloaded_whole(people, client):
    rows = [cells(RecordNum=f"R-{n}", ContractNum=f"HT-{n}", PrjNum="P1") for n in range(120)]
    job = brought(people, as_csv(*rows))
    assert page(client, job).content.decode().count("R-") < 20
    listed = page(client, job, more="changes/?page=3").content.decode()
    assert "R-119" in listed
    assert "R-1<" not in listed
    file = page(client, job, more="changes/?format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert sheet.max_row == 121
    bring(people, as_csv(cells(RecordNum="R-0", ContractNum="HT-0", PrjNum="P1")), who="two")
    with CaptureQueriesContext(connection) as few:
        page(client, job)
    assert len(few) < 60


def test_only_whom_the_file_concerns_reads_its_list(people, client):
    job = brought(people, as_csv(cells()))
    assert page(client, job, "far", "changes/").status_code == 404
    assert page(client, job, "firm", "changes/").status_code == 403
    services.confirm(actor=people["two"], pk=job.pk)
    assert page(client, job, "two", "changes/").status_code == 404


def test_what_changed_after_it_was_looked_at_is_looked_at_again(people, client):
    job = brought(people, as_csv(cells()))
    looked = seen(client, job)
    bring(people, as_csv(cells(ContractMoney="20000")), who="two")
    with pytest.raises(Conflict) as refused:
        services.confirm(actor=people["two"], pk=job.pk, seen=looked)
    assert refused.value.refusals[0].code == "credit.national.differs_now"
    address = f"/credit/national/{job.pk}/"
    answer = client.post(address, {"decide": "confirm", "seen": looked})
    assert answer.status_code == 409
    assert "重新核对" in answer.content.decode()
    assert client.post(address, {"decide": "confirm", "seen": seen(client, job)}).status_code == 302


def test_a_reason_and_the_enter_key_confirm_nothing(people, client):
    job = brought(people, as_csv(cells()))
    text = page(client, job).content.decode()
    declining = text.partition('id="reason"')[0].rpartition("<form")[2]
    assert 'value="confirm"' not in declining
    client.post(f"/credit/national/{job.pk}/", {"reason": "不是本省的数据。"})
    job.refresh_from_db()
    assert (job.state, job.reason) == ("declined", "不是本省的数据。")


def test_a_reason_that_no_database_keeps_is_refused(people, client):
    job = brought(people, as_csv(cells()))
    client.force_login(User.objects.get(username="two"), BACKEND)
    address = f"/credit/national/{job.pk}/"
    answer = client.post(address, {"decide": "decline", "reason": "a\x00b"})
    assert answer.status_code == 422
    assert NationalImport.objects.get().state == "waiting"


def test_the_file_with_its_identity_numbers_is_for_whoever_confirms_it(people, client):
    job = brought(people, as_csv(cells()))
    assert page(client, job, more="file/").status_code == 200
    services.confirm(actor=people["two"], pk=job.pk)
    assert page(client, job, more="file/").status_code == 404


def test_a_file_of_nothing_new_says_so(people, client):
    bring(people, as_csv(cells()))
    job = brought(people, as_xml("TBContractRecordManage", cells()))
    assert "没有将发生的变更" in page(client, job).content.decode()
