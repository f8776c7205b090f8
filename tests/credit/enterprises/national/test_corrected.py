"""An accepted correction is not undone by a file, and a contract that moves takes it along."""

from __future__ import annotations

from datetime import date

import pytest

from credit.enterprises import selectors
from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.models import Achievement, ArchiveChange, Correction
from kernel.errors import Refused
from kernel.identifiers import uscc
from kernel.workflow.audit import check
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.credit.enterprises.national.files import CONTRACTS, as_csv, as_xml, bring, brought
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
FIRM, SECOND = "91110000600037341L", uscc.demonstration("230102", 41)
PROJECT = "2301002501010101"
DIFFERS = "credit.national.differs_from_correction"


@pytest.fixture
def people():
    return officers.officers()


def corrected(people, value="100000000", field="price_fen"):
    """The contract's price put right, by what another firm says and an officer accepts."""
    row = Achievement.objects.get(ended_at=None)
    case = samples.correction(people, f"achievement:{row.pk}", field=field, should_be=value)
    decide(people, case, "accept", value=value)
    row.refresh_from_db()
    return row


def decide(people, case, code, who="one", **data):
    data = {"reason": "经核对合同原件。", **data}
    return samples.act(CORRECTION, case, code, people[who], data)


def prices():
    return [row.price_fen for row in Achievement.objects.filter(ended_at=None)]


def codes(job):
    return [reason["code"] for line in job.report for reason in line["reasons"]]


def test_a_value_that_was_put_right_does_not_come_back_by_a_file(people):
    bring(people, as_csv(cells()))
    corrected(people)
    bring(people, as_csv({"PrjNum": PROJECT, "PrjName": "示例医院"}), "TBProjectInfo")
    assert prices() == [10_000_000_000]
    job = bring(people, as_csv(cells(ContractDate="2024-05-07")))
    assert (job.changed, job.held, codes(job)) == (1, 0, [])
    row = Achievement.objects.get()
    assert (row.price_fen, row.signed_on, row.name) == (
        10_000_000_000, date(2024, 5, 7), "示例医院",
    )  # fmt: skip
    assert not Correction.objects.filter(state="filed").exists()


def test_another_value_than_was_corrected_waits_for_an_officer(people):
    bring(people, as_csv(cells()))
    row = corrected(people)
    content = as_csv(cells(RecordNum="R-9", ContractNum="HT-9"), cells(ContractMoney="20000"))
    waiting = brought(people, content)
    assert (waiting.held, codes(waiting)) == (1, [DIFFERS])
    assert not Correction.objects.filter(state="filed").exists()
    job = bring(people, content)
    assert (job.added, job.changed, job.held, job.refused) == (1, 1, 1, 0)
    (entry,) = job.report
    (reason,) = entry["reasons"]
    assert (entry["line"], reason["code"], reason["column"]) == (3, DIFFERS, "ContractMoney")
    assert (reason["facts"]["value"], reason["facts"]["corrected"]) == (
        "200000000.00", "100000000.00",
    )  # fmt: skip
    assert Achievement.objects.get(pk=row.pk).price_fen == 10_000_000_000
    case = Correction.objects.get(state="filed")
    assert (case.entry, case.field, case.should_be) == (
        f"achievement:{row.pk}", "price_fen", "200000000.00",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        decide(people, case, "accept", value=case.should_be)
    assert {r.code for r in refused.value.refusals} == {"credit.correction.own_request"}
    decide(people, case, "accept", "two", value=case.should_be)
    assert Achievement.objects.get(pk=row.pk).price_fen == 20_000_000_000
    assert bring(people, as_xml(CONTRACTS, cells(ContractMoney="20000"))).held == 0
    check()


def test_what_an_officer_declined_is_not_asked_again_by_the_next_file(people):
    bring(people, as_csv(cells()))
    corrected(people)
    bring(people, as_csv(cells(ContractMoney="20000")))
    again = bring(people, as_csv(cells(ContractMoney="20000", ContractDate="2024-05-07")))
    assert (again.held, Correction.objects.filter(state="filed").count()) == (1, 1)
    decide(people, Correction.objects.get(state="filed"), "decline", "two")
    job = bring(people, as_csv(cells(ContractMoney="20000", ContractDate="2024-05-08")))
    assert (job.held, prices()) == (0, [10_000_000_000])
    assert bring(people, as_csv(cells(ContractMoney="30000"))).held == 1


def test_a_name_of_another_table_is_held_at_its_own_line(people):
    bring(people, as_csv(cells()))
    corrected(people, "示例医院二期", "name")
    lines = [{"PrjNum": "P-0", "PrjName": "别的"}, {"PrjNum": PROJECT, "PrjName": "示例学校"}]
    job = bring(people, as_csv(*lines), "TBProjectInfo")
    (entry,) = job.report
    assert (entry["line"], entry["reasons"][0]["column"]) == (3, "PrjName")
    assert Achievement.objects.get().name == "示例医院二期"


def test_a_contract_that_moves_to_another_enterprise_ends_where_it_was(people, client):
    bring(people, as_csv(cells()))
    moved = cells(ContractorCorpCode=SECOND, ContractorCorpName="示例二建")
    job = bring(people, as_csv(moved))
    assert [row.uscc for row in Achievement.objects.filter(ended_at=None)] == [SECOND]
    assert not selectors.achievements(FIRM).exists()
    old = Achievement.objects.get(uscc=FIRM)
    told = ArchiveChange.objects.get(uscc=FIRM, entry=f"achievement:{old.pk}", field="state")
    assert (told.new, told.source) == ("ended", f"{CONTRACTS} #{job.pk}")
    page = client.get(f"/credit/enterprises/{FIRM}/").content.decode()
    assert "合同已变更，不再是该企业的业绩" in page
    achievements = page.partition('id="achievements"')[2].partition("<section")[0]
    assert achievements
    assert "HT-2024-7" not in achievements
    with pytest.raises(Refused) as refused:
        samples.correction(people, f"achievement:{old.pk}", field="name", should_be="x")
    assert refused.value.refusals[0].code == "credit.correction.entry_unknown"


def test_a_contract_that_comes_back_is_the_old_achievement_again(people):
    bring(people, as_csv(cells()))
    first = Achievement.objects.get()
    bring(people, as_csv(cells(ContractorCorpCode=SECOND)))
    bring(people, as_csv(cells(ContractDate="2024-05-07")))
    (row,) = Achievement.objects.filter(ended_at=None)
    assert (row.pk, row.signed_on) == (first.pk, date(2024, 5, 7))
    assert Achievement.objects.exclude(ended_at=None).get().uscc == SECOND


def test_a_contract_under_another_number_is_one_achievement(people):
    bring(people, as_csv(cells()))
    bring(people, as_csv(cells(ContractNum="HT-2024-8")))
    (row,) = selectors.achievements(FIRM)
    assert row.contract_number == "HT-2024-8"


def test_what_another_line_bears_out_does_not_end(people):
    bring(people, as_csv(cells(), cells(RecordNum="R-2", PrjNum="P-2")))
    bring(people, as_csv(cells(ContractorCorpCode=SECOND)))
    (row,) = selectors.achievements(FIRM)
    assert row.source == f"{CONTRACTS}:R-2"


def test_a_correction_moves_along_with_its_contract(people):
    bring(people, as_csv(cells()))
    corrected(people)
    bring(people, as_csv(cells(ContractorCorpCode=SECOND)))
    (row,) = selectors.achievements(SECOND)
    assert row.price_fen == 10_000_000_000
