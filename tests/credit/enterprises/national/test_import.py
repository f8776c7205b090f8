"""A file of the national platform: whole lines, level A, the same file twice changes nothing."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.enterprises.models import (
    Achievement,
    ArchiveChange,
    Enterprise,
    NationalImport,
    NationalRecord,
)
from credit.enterprises.national import services
from kernel.errors import NotPermitted, Refused
from kernel.evidence.models import LogEntry
from kernel.identifiers import uscc
from kernel.parties.models import User
from tests.credit.conduct import samples as officers
from tests.credit.enterprises.national.files import CONTRACTS, as_csv, as_xlsx, as_xml, bring
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIRM = "91110000600037341L"


@pytest.fixture
def people():
    return officers.officers()


FORMS = {
    "csv": as_csv,
    "gb18030": lambda *rows: as_csv(*rows, encoding="gb18030"),
    "xml": lambda *rows: as_xml(CONTRACTS, *rows),
    "xlsx": as_xlsx,
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_achievement(people, form):
    job = bring(people, FORMS[form](cells()))
    assert (job.added, job.refused) == (1, 0), job.report
    row = Achievement.objects.get()
    assert (row.uscc, row.price_fen, row.signed_on) == (FIRM, 12_345_678_900, date(2024, 5, 6))
    assert row.source == "TBContractRecordManage:2301002501010101-HZ-001"
    assert Enterprise.objects.get().name == "示例建筑公司"
    assert LogEntry.objects.filter(kind="credit.national_import").count() == 1


def test_a_bad_line_is_refused_whole_and_the_others_are_taken(people):
    content = as_csv(
        cells(),
        cells(RecordNum="R-2", ContractNum="HT-2", ContractMoney="viel"),
        cells(RecordNum="R-3", ContractNum="HT-3"),
    )
    job = bring(people, content)
    assert (job.added, job.refused) == (2, 1)
    (line,) = job.report
    assert line["line"] == 3
    (reason,) = line["reasons"]
    assert (reason["code"], reason["column"]) == ("credit.national.invalid", "ContractMoney")
    assert reason["facts"]["value"] == "viel" and "108号" in reason["article"]
    assert not NationalRecord.objects.filter(key="R-2").exists()


def test_the_same_file_twice_changes_nothing(people):
    content = as_csv(cells(), cells(RecordNum="R-2", ContractNum="HT-2"))
    first = bring(people, content)
    before = (ArchiveChange.objects.count(), LogEntry.objects.count())
    assert bring(people, content).pk == first.pk
    assert (ArchiveChange.objects.count(), LogEntry.objects.count()) == before


def test_the_same_line_in_another_file_changes_nothing_and_a_new_value_is_noted(people):
    bring(people, as_csv(cells()))
    noted = ArchiveChange.objects.count()
    again = bring(people, as_xml(CONTRACTS, cells()))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    assert ArchiveChange.objects.count() == noted
    job = bring(people, as_csv(cells(ContractMoney="20000")))
    assert (job.added, job.changed) == (0, 1)
    row = ArchiveChange.objects.get(source=f"{CONTRACTS} #{job.pk}", entry__startswith="ach")
    assert (row.field, row.old, row.new) == ("price_fen", "123456789.00", "200000000.00")
    assert row.level == "A"


def test_a_line_twice_in_one_file_is_refused_the_second_time(people):
    job = bring(people, as_csv(cells(), cells(ContractMoney="1")))
    assert (job.added, job.refused) == (1, 1)
    assert job.report[0]["reasons"][0]["code"] == "credit.national.twice"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_in_whatever_order_tables_come_the_achievement_is_the_same(people, order):
    files = [
        (CONTRACTS, as_csv(cells())),
        ("TBProjectInfo", as_csv({"PrjNum": "2301002501010101", "PrjName": "示例医院"})),
        (
            "TBProjectFinishManage",
            as_csv({"PrjFinishNum": "F1", "PrjNum": "2301002501010101", "EDate": "2025-01-31"}),
        ),
    ]
    for place in order:
        bring(people, files[place][1], files[place][0])
    row = Achievement.objects.get()
    assert (row.name, row.filed_on) == ("示例医院", date(2025, 1, 31))


def test_what_the_platform_signed_itself_is_not_written_over(people):
    Achievement.objects.create(
        uscc=FIRM, contract_number="HT-2024-7", project_number="", name="本平台", price_fen=7,
        signed_on=date(2024, 1, 1),
    )  # fmt: skip
    bring(people, as_csv(cells()))
    assert Achievement.objects.get().price_fen == 7


def test_a_table_that_nobody_knows_is_refused_whole(people):
    with pytest.raises(Refused) as refused:
        services.bring_in(
            actor=people["one"], table="TBNothing", content=as_csv(cells()), file_name="a.csv"
        )
    assert refused.value.refusals[0].code == "credit.national.table_unknown"


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a><TBContractRecordManage/></a>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "doctype"),
        (b"<a><TBContractRecordManage>", "malformed"),
        (b"<a><TBTenderInfo><x>1</x></TBTenderInfo></a>", "element_unknown"),
        (b"<a><TBContractRecordManage><a><b>1</b></a></TBContractRecordManage></a>",
         "element_unknown"),
        (b"<a><TBContractRecordManage RecordNum='1'/></a>", "element_unknown"),
        (b"RecordNum,PrjNum\n1,2\n", "columns_missing"),
        (b"RecordNum,RecordNum\n1,2\n", "head_invalid"),
        (b"RecordNum,PrjNum\n1,2,3\n", "line_too_wide"),
        (b"", "no_lines"),
        (b"\xff\xfe\x00\x01", "not_a_table"),
    ],
)  # fmt: skip
def test_a_file_that_nobody_can_read_is_refused_whole(people, content, code):
    with pytest.raises(Refused) as refused:
        bring(people, content)
    assert refused.value.refusals[0].code == f"credit.national.{code}"
    assert not NationalImport.objects.exists()


def test_limits_are_rows_of_law(people, monkeypatch):
    from credit.enterprises.national import services as module

    real = module.law.row
    small = {"import.rows": {"value": 1}, "import.bytes": {"value": 10_000}}
    monkeypatch.setattr(
        module.law, "row", lambda code, key, *rest: small.get(key) or real(code, key, *rest)
    )
    with pytest.raises(Refused) as refused:
        bring(people, as_csv(cells(), cells(RecordNum="R-2")))
    assert refused.value.refusals[0].code == "credit.national.too_many_lines"
    with pytest.raises(Refused) as refused:
        bring(people, b"x" * 10_001)
    assert refused.value.refusals[0].code == "credit.national.file_too_large"


def test_only_a_credit_officer_brings_tables_in(people):
    with pytest.raises(NotPermitted):
        bring(people, as_csv(cells()), who="firm")


def test_a_hundred_lines_ask_no_more_than_ten(people):
    def asked(start, count):
        rows = [
            cells(RecordNum=f"R-{n}", ContractNum=f"HT-{n}", PrjNum="P1")
            for n in range(start, start + count)
        ]
        with CaptureQueriesContext(connection) as captured:
            bring(people, as_csv(*rows), table="TBContractRecordManage")
        return len([q for q in captured if q["sql"].startswith("SELECT")])

    asked(0, 1)
    assert asked(1000, 100) <= asked(100, 10) + 2


def test_staff_stands_on_the_page_without_its_identity_number(people, client):
    row = {
        "BuilderLicenceNum": "B1", "PrjNum": "P1", "CorpName": "示例建筑公司", "CorpCode": FIRM,
        "UserName": "示例员", "IDCard": "11010519491231002X", "CertID": "黑建安B(2023)1",
        "UserType": "2",
    }  # fmt: skip
    bring(people, as_csv(row), table="TBProjectBuilderUserInfo")
    page = client.get(f"/credit/enterprises/{FIRM}/").content.decode()
    assert "示例员" in page and "项目负责人" in page
    assert "11010519491231002X" not in page and "110105****" not in page


def test_the_command_answers_in_json_and_refuses_in_words(people, tmp_path):
    file = tmp_path / "contracts.csv"
    file.write_bytes(as_csv(cells(), cells(RecordNum="R-2", ContractDate="gestern")))
    out = io.StringIO()
    call_command("import_national", file, table=CONTRACTS, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["state"], told["added"], told["refused"]) == ("waiting", 1, 1)
    assert told["lines"][0]["reasons"][0]["column"] == "ContractDate"
    file.write_bytes(BOMB)
    with pytest.raises(CommandError, match=r"credit\.national\.doctype"):
        call_command("import_national", file, table=CONTRACTS)


def test_a_firm_of_the_feed_is_found_by_the_public_search(people):
    from kernel.search.selectors import find

    code = uscc.demonstration("230102", 77)
    bring(people, as_csv(cells(ContractorCorpCode=code)))
    assert [hit.key for hit in find("建筑", kinds=("enterprise",)).hits] == [code]


def test_an_officer_of_another_place_changes_no_line_of_this_one(people):
    bring(people, as_csv(cells()))
    stolen = uscc.demonstration("230600", 41)
    job = bring(people, as_csv(cells(ContractorCorpCode=stolen, ContractMoney="1")), who="far")
    assert (job.added, job.changed, job.refused) == (0, 0, 1)
    assert job.report[0]["reasons"][0]["code"] == "credit.national.of_another_place"
    assert Achievement.objects.get().uscc == FIRM
    assert bring(people, as_xml(CONTRACTS, cells()), who="far").unchanged == 1
    assert bring(people, as_csv(cells(ContractMoney="2")), who="upper").changed == 1


def test_report_and_change_log_speak_in_yuan_and_the_readers_language(people, client):
    client.force_login(User.objects.get(username="one"), BACKEND)
    client.cookies["django_language"] = "en"
    job = bring(people, as_csv(cells(), cells(RecordNum="R-2", ContractMoney="viel")))
    report = client.get(f"/credit/national/{job.pk}/").content.decode()
    assert "Data Standard of the National Construction Market Database" in report
    assert "数据标准" not in report
    page = client.get(f"/credit/enterprises/{FIRM}/").content.decode()
    log = page.partition('id="changes"')[2]
    assert "123,456,789.00" in log
    assert "12345678900" not in log
    assert "ContractorCorpCode" in log
    assert "contractor_uscc" not in log
