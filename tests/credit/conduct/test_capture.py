"""What the platform sees is captured once, with document, article and class, known firm or not."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

import pytest
from django.db import transaction

from credit.conduct import papers
from credit.conduct.deciders import decided_by
from credit.conduct.models import ConductRecord
from credit.conduct.pages import RecordPresenter
from kernel import clock
from kernel.access.actors import PLATFORM
from kernel.events import registry
from kernel.events import services as events
from kernel.events.equipment import InspectionLapsed
from kernel.events.labour import PayrollOverdue
from kernel.events.models import Delivery
from kernel.events.procurement_completion import CompletionFiled, CompletionOverdue
from kernel.events.procurement_contracts import ContractTerminated
from kernel.events.procurement_securities import SecurityClaimed
from kernel.events.procurement_site import HazardConfirmed, HazardPenalised
from kernel.events.procurement_tendering import AwardRefused, LotOverdue
from kernel.events.supervision import CollusionConfirmed
from kernel.identifiers import uscc
from kernel.workflow import sandbox
from tests.credit.conduct import samples

pytestmark = pytest.mark.django_db

FIRM, OWNER = samples.FIRM, uscc.demonstration("230102", 7)
PROJECT, DAY = "2301022612010001", date(2026, 12, 1)
LOT = {
    "lot_id": 1, "number": "示例-01", "project_number": PROJECT, "owner_uscc": OWNER,
    "agency_uscc": "",
}  # fmt: skip
CONTRACT = {
    "contract_id": 1, "number": "HT-01", "project_number": PROJECT, "owner_uscc": OWNER,
    "contractor_uscc": FIRM, "document_number": "解字1号", "terminated_on": DAY,
}  # fmt: skip
MACHINE = {"machine_id": 1, "number": "黑AQ1", "kind": "tower", "model": "QTZ80", "owner_uscc": ""}
PAYROLL = {
    "payroll_id": 1, "number": "GZ1", "site_number": "D1", "project_number": PROJECT,
    "region": "230102", "contractor_uscc": FIRM, "contractor_name": "示例", "crew_uscc": "",
    "month": "2026-10", "worker_ids": (1,), "total_fen": 1, "due_on": DAY,
}  # fmt: skip
SECURITY = {
    "security_id": 1, "number": "BH1", "about": "示例-01", "project_number": PROJECT,
    "principal_uscc": FIRM, "amount_fen": 1, "reason": "截止后撤销投标文件", "claimed_on": DAY,
}  # fmt: skip
COMPLETION = {
    "filing_id": 1, "works_id": 1, "works_number": "D1", "contract_number": "HT-01",
    "project_number": PROJECT, "contractor_uscc": FIRM, "owner_uscc": OWNER,
    "performance": "excellent", "document_number": "JX1", "filed_on": DAY,
}  # fmt: skip
SEEN = [
    (HazardConfirmed(1, "D1", PROJECT, FIRM, "major", "条例第四十三条", "ZG1", DAY),
     FIRM, "hazard_major", "serious", "ZG1"),
    (HazardPenalised(1, "D1", PROJECT, FIRM, "major", "安全生产法第一百一十二条", "罚字1号", DAY,
                     decided_by="示例站", decided_on=DAY, fine_fen=1),
     FIRM, "hazard_penalised", "ordinary", "罚字1号"),
    (CompletionFiled(**COMPLETION), FIRM, "performance_excellent", "", "JX1"),
    (CompletionOverdue(1, "D1", PROJECT, OWNER, "D1-YQ", DAY), OWNER, "late_filing", "ordinary",
     "D1-YQ"),
    (LotOverdue(**LOT, what="contract", document_number="YQ1", due_on=DAY), OWNER,
     "late_contract", "minor", "YQ1"),
    (LotOverdue(**LOT, what="award_report", document_number="YQ2", due_on=DAY), OWNER,
     "late_award_report", "minor", "YQ2"),
    (AwardRefused(**LOT, winner_uscc=FIRM, winner_name="示例", cause="renounced",
                  document_number="FQ01", file_sha256="0" * 64, refused_on=DAY),
     FIRM, "award_refused", "serious", "FQ01"),
    (ContractTerminated(**CONTRACT, at_fault="contractor"), FIRM, "contract_abandoned", "serious",
     "解字1号"),
    (ContractTerminated(**CONTRACT, at_fault="owner"), OWNER, "contract_abandoned", "serious",
     "解字1号"),
    (SecurityClaimed(**SECURITY, kind="bid"), FIRM, "bid_security_forfeited", "ordinary", "BH1"),
    (PayrollOverdue(**PAYROLL), FIRM, "wage_arrears", "serious", "GZ1"),
    (InspectionLapsed(**MACHINE, site_number="D1", contractor_uscc=FIRM, project_number=PROJECT,
                      lapsed_on=DAY), FIRM, "inspection_lapsed", "ordinary", "黑AQ1-20261201"),
    (CollusionConfirmed("示例-01", PROJECT, FIRM, "示例", "决字1号", "0" * 64, "示例局", DAY),
     FIRM, "collusion", "serious", "决字1号"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def december():
    sandbox.begin_at(datetime(2026, 12, 2, 9, 0, tzinfo=clock.LEGAL_ZONE))


def tell(event):
    with transaction.atomic():
        found = events.publish([event], case="test:1", at=clock.now())
    deliver()
    return found[0]


def deliver():
    """What this stage makes of it; other stages look for cases of theirs."""
    waiting = Delivery.objects.filter(state="pending", subscriber__startswith="credit.conduct.")
    for pk in waiting.values_list("pk", flat=True):
        assert events.deliver(pk)


@pytest.mark.parametrize(
    ("event", "whose", "item", "severity", "document"), SEEN, ids=lambda v: str(v)[:24]
)
def test_what_happened_is_captured_with_document_article_and_class(
    event, whose, item, severity, document
):
    tell(event)
    record = ConductRecord.objects.get()
    assert (record.uscc, record.item, record.severity) == (whose, item, severity)
    assert (record.document_number, record.state) == (document, "captured")
    assert record.article and record.name and record.fact and record.decided_by
    assert record.region == PROJECT[:6]


HAZARD = SEEN[0][0]


def test_what_the_station_graded_the_station_decided():
    tell(dataclasses.replace(HAZARD, authority="示例质量安全监督站"))
    record = ConductRecord.objects.get()
    assert record.decided_by == decided_by(record) == "示例质量安全监督站"


def test_behind_what_a_firm_graded_stands_the_authority_that_confirmed_it():
    tell(HAZARD)
    people, record = samples.officers(), ConductRecord.objects.get()
    assert decided_by(record) == PLATFORM.organisation_name  # nobody decided anything yet
    record = samples.act(record, "verify", people["one"])
    record = samples.act(record, "confirm", people["two"])
    assert decided_by(record) == people["two"].organisation_name
    notice = papers.compose(record, papers._event(record, "notice"), clock.now())
    told = {cell["label"]: cell["value"] for row in notice["rows"] for cell in row["cells"]}
    assert told["作出决定的单位"] == people["two"].organisation_name
    page = RecordPresenter().facts(record, clock.now())
    shown = {fact.label: fact.value for group in page for fact in group.facts}
    assert shown["作出决定的单位"] == people["two"].organisation_name


def test_a_hazard_that_was_told_of_before_its_authority_was_named_is_still_read():
    told = registry.to_payload(HAZARD)
    del told["authority"]
    assert registry.parse(HAZARD.NAME, 1, told) == HAZARD
    with pytest.raises(ValueError, match="version"):
        registry.parse(HAZARD.NAME, 3, told)


@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: str(seen[0])[:24])
def test_the_same_event_twice_is_one_record(seen):
    first, second = tell(seen[0]), tell(seen[0])
    assert first.pk != second.pk
    assert ConductRecord.objects.count() == 1


def test_what_an_officer_entered_first_and_dismissed_swallows_no_event():
    """One officer enters the number, the event finds it taken, and a colleague dismisses it."""
    people = samples.officers()
    number = SEEN[0][4]
    early = samples.captured(people, item="hazard_major", document_number=number)
    first, second = tell(HAZARD), tell(HAZARD)  # told twice, kept twice, captured once
    assert first.pk != second.pk
    assert ConductRecord.objects.count() == 1
    early = ConductRecord.objects.get(pk=early.pk)
    early = samples.act(early, "propose_dismissal", people["one"], {"reason": "不予认定。"})
    assert samples.act(early, "dismiss", people["two"]).state == "revoked"
    deliver()
    told = ConductRecord.objects.exclude(pk=early.pk).get()
    assert (told.state, told.document_number, told.item) == ("captured", number, "hazard_major")
    assert told.source.startswith("event:") and told.project_number == PROJECT
    told = samples.act(told, "verify", people["one"])
    assert samples.act(told, "confirm", people["two"]).state == "confirmed"


def test_what_the_platform_captured_and_officers_dismissed_does_not_come_back():
    people = samples.officers()
    tell(HAZARD)
    record = ConductRecord.objects.get()
    record = samples.act(record, "propose_dismissal", people["one"], {"reason": "不予认定。"})
    samples.act(record, "dismiss", people["two"])
    deliver()
    assert ConductRecord.objects.get().state == "revoked"


def test_what_officers_confirmed_already_no_event_captures_again():
    people = samples.officers()
    record = samples.captured(people, item="hazard_major", document_number=SEEN[0][4])
    record = samples.act(record, "verify", people["one"])
    samples.act(record, "confirm", people["two"])
    tell(HAZARD)
    assert ConductRecord.objects.count() == 1


@pytest.mark.parametrize(
    "event",
    [
        ContractTerminated(**CONTRACT, at_fault=""),
        SecurityClaimed(**SECURITY, kind="performance"),
        dataclasses.replace(SEEN[-2][0], contractor_uscc=""),
        dataclasses.replace(SEEN[0][0], self_reported=True),
    ],
    ids=["nobody's fault", "another security", "no user", "reported by those on the site"],
)
def test_what_is_nobodys_fault_is_captured_against_nobody(event):
    tell(event)
    assert not ConductRecord.objects.exists()


def test_what_the_scheme_of_the_day_does_not_weigh_is_not_captured():
    """The items came with the version of December 2026; before it there is nothing to weigh."""
    event = SEEN[4][0]
    with transaction.atomic():
        events.publish(
            [event], case="test:1", at=datetime(2026, 10, 9, 9, 0, tzinfo=clock.LEGAL_ZONE)
        )
    deliver()
    assert not ConductRecord.objects.exists()
