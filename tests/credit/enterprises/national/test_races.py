"""Two at once: a file is brought into force once, and no correction is lost to one."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import partial

import pytest
from django.db import connection

from credit.enterprises.models import Achievement, ArchiveChange, NationalImport, NationalRecord
from credit.enterprises.national import achieved, services
from kernel import clock
from kernel.errors import Refused
from kernel.evidence.models import LogEntry
from kernel.workflow import sandbox
from tests.concurrency.crowd import begun_together
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.credit.enterprises.national.files import as_csv, as_xml, bring, brought
from tests.credit.enterprises.national.test_corrected import decide
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.slow]


@pytest.fixture
def people(committed):
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    return officers.officers()


def confirms(people, who, job):
    return partial(services.confirm, actor=people[who], pk=job.pk)


def test_two_officers_at_once_bring_a_file_into_force_once(people):
    rows = [cells(RecordNum=f"R-{n}", ContractNum=f"HT-{n}") for n in range(20)]
    job = brought(people, as_csv(*rows))
    four = ("two", "upper", "upper2", "two")
    found = begun_together([confirms(people, who, job) for who in four])
    won = [one for one in found if isinstance(one, NationalImport)]
    lost = [one for one in found if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, 3), found
    assert {r.code for one in lost for r in one.refusals} == {"credit.national.decided"}
    assert (NationalRecord.objects.count(), Achievement.objects.count()) == (20, 20)
    assert LogEntry.objects.filter(kind="credit.national_import").count() == 1
    assert NationalImport.objects.get().decided_by == won[0].decided_by


def test_one_officer_twice_at_once_is_no_second_officer(people):
    from kernel.access.actors import PLATFORM

    job = services.bring_in(
        actor=PLATFORM, table="TBContractRecordManage", content=as_csv(cells()), file_name="x.csv"
    )
    found = begun_together([confirms(people, "upper", job) for _ in range(4)])
    assert sum(isinstance(one, NationalImport) for one in found) == 1, found
    codes = {r.code for one in found if isinstance(one, Refused) for r in one.refusals}
    assert codes == {"credit.national.same_officer"}
    assert NationalImport.objects.get().state == "waiting"


def test_confirmed_and_declined_at_once_is_one_of_both(people):
    job = brought(people, as_csv(cells()))
    declines = partial(services.decline, actor=people["one"], pk=job.pk, reason="有误。")
    found = begun_together([confirms(people, "two", job), declines])
    assert sum(isinstance(one, NationalImport) for one in found) == 1, found
    in_force = NationalImport.objects.get().state == "in_force"
    assert NationalRecord.objects.count() == (1 if in_force else 0)


def test_two_files_with_a_line_in_common_come_one_after_the_other(people):
    rows = [cells(RecordNum=f"R-{n}", ContractNum=f"HT-{n}") for n in range(40)]
    first = brought(people, as_csv(*rows))
    other = [row | {"ContractMoney": "7"} for row in rows]
    second = brought(people, as_xml("TBContractRecordManage", *other), who="two")
    third = [row | {"ContractMoney": "8"} for row in rows]
    found = begun_together(
        [
            confirms(people, "two", first),
            confirms(people, "one", second),
            partial(brought, people, as_csv(*third), who="upper"),
        ]
    )
    assert all(isinstance(one, NationalImport) for one in found), found
    assert sorted((one.added, one.changed) for one in found[:2]) == [(0, 40), (40, 0)]
    assert Achievement.objects.count() == 40
    assert len({row.price_fen for row in Achievement.objects.all()}) == 1


def test_a_correction_that_is_decided_meanwhile_is_not_written_over(people, monkeypatch):
    bring(people, as_csv(cells()))
    row = Achievement.objects.get()
    case = samples.correction(people, f"achievement:{row.pk}", field="name", should_be="示例医院")
    # Else both only ask for what the other holds: the register's file is the slower.
    job = brought(people, as_csv(cells(ContractDate="2024-05-07")))
    real, threads = achieved.standings, []

    def correct():
        try:
            decide(people, case, "accept", value="示例医院")
        finally:
            connection.close()

    def slowly(sources):
        found = real(sources)
        if not threads:
            threads.append(threading.Thread(target=correct))
            threads[0].start()
            threads[0].join(2)
        return found

    monkeypatch.setattr(achieved, "standings", slowly)
    services.confirm(actor=people["two"], pk=job.pk)
    threads[0].join(60)
    row.refresh_from_db()
    assert (row.name, row.signed_on.isoformat()) == ("示例医院", "2024-05-07")
    assert ArchiveChange.objects.filter(source=case.number, field="name").count() == 1
