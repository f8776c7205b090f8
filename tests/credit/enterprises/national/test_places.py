"""Whose register it is: a file of one place changes nothing of another's, by whatever line."""

from __future__ import annotations

import pytest

from credit.enterprises.models import Achievement
from tests.credit.conduct import samples as officers
from tests.credit.enterprises.national.files import CONTRACTS, as_csv, bring
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
PROJECT = "2301002501010101"
ELSEWHERE = "credit.national.project_of_another_place"
FINISH = {"PrjFinishNum": "F1", "PrjNum": PROJECT, "EDate": "2025-01-31"}


@pytest.fixture
def people():
    return officers.officers()


def codes(job):
    return [reason["code"] for line in job.report for reason in line["reasons"]]


def test_a_second_line_of_a_contract_does_not_speak_for_the_first(people):
    bring(people, as_csv(cells()))
    other = cells(RecordNum="FAR-1", PrjNum="P-9", ContractMoney="1", ContractDate="2020-01-01")
    assert bring(people, as_csv(other), who="far").added == 1
    row = Achievement.objects.get()
    assert (row.price_fen, row.source) == (12_345_678_900, f"{CONTRACTS}:{cells()['RecordNum']}")


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (CONTRACTS, cells(RecordNum="R-9", ContractNum="HT-9")),
        ("TBProjectInfo", {"PrjNum": PROJECT, "PrjName": "别的"}),
        ("TBProjectFinishManage", FINISH),
    ],
)
def test_a_project_is_of_the_place_that_its_number_says(people, table, line):
    bring(people, as_csv(cells()))
    job = bring(people, as_csv(line), table, who="far")
    assert (job.added, codes(job)) == (0, [ELSEWHERE])
    row = Achievement.objects.get()
    assert (row.name, row.filed_on) == (PROJECT, None)
    assert bring(people, as_csv(line), table, who="upper").added == 1


def test_what_was_filed_before_its_contract_completes_nothing(people):
    bring(people, as_csv(cells()))
    bring(people, as_csv(FINISH | {"EDate": "2024-05-05"}), "TBProjectFinishManage")
    assert Achievement.objects.get().filed_on is None
    bring(people, as_csv(FINISH | {"EDate": "2024-05-06"}), "TBProjectFinishManage")
    assert Achievement.objects.get().filed_on is not None


def test_nothing_is_on_record_before_it_happened(people):
    job = bring(people, as_csv(cells(ContractDate="2025-09-02")))
    assert (job.added, codes(job)) == (0, ["credit.national.to_come"])
    assert bring(people, as_csv(cells(ContractDate="2025-09-01"))).added == 1
