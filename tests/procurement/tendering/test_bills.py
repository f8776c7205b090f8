"""An owner brings the bill of its project: read, checked, on record, and offered to no stranger."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import Refused
from kernel.parties.models import User
from kernel.workflow.firing import fire
from procurement.cost import selectors as cost
from procurement.cost import services as costs
from procurement.cost import template
from procurement.projects.models import Project
from procurement.tendering import needs, neighbours
from procurement.tendering.bills import selectors
from procurement.tendering.bills.machine import TENDER_BILL
from procurement.tendering.bills.models import TenderBill
from procurement.tendering.plans.machine import PLAN
from tests.procurement.cost import samples as bills
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_keys = itertools.count(1)

People = dict[str, Actor]


@pytest.fixture
def project(market: People, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A registered project; bills are those that stand on record."""
    monkeypatch.setattr(needs.bill, "_answer", neighbours.bill)
    return samples.project(market)


def workbook(**changes: Any) -> bytes:
    return template.write(replace(bills.tender(), **changes))


def brought(actor: Actor, number: str, content: bytes | None = None) -> TenderBill:
    """A bill that an actor imports for a project."""
    stored = scans.store(actor=actor, content=content or workbook(), at=clock.now())
    return imported(actor, number, stored.sha256)


def imported(actor: Actor, number: str, sha256: str) -> TenderBill:
    payload = {"project_number": number, "file_sha256": sha256}
    key = f"bill-{next(_keys)}"
    receipt = fire(TENDER_BILL.code, None, "import", actor=actor, payload=payload, key=key)
    return TenderBill.objects.get(pk=receipt.case_pk)


def withdrawn(case: TenderBill, actor: Actor, reason: str = "图纸已修改") -> None:
    fire(
        TENDER_BILL.code, case.pk, "withdraw", actor=actor, payload={"reason": reason},
        key=f"bill-{next(_keys)}", seen_version=case.version,
    )  # fmt: skip


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def planned(people: People, number: str) -> None:
    """A plan of the project that names the agency."""
    plan = {"project_number": number, "agency_uscc": people["agency"].uscc}
    fire(PLAN.code, None, "draw_up", actor=people["owner"], payload=plan, key="plan")


def test_what_a_workbook_says_is_on_record_as_the_bill_of_the_project(
    market: People, project: Project
) -> None:
    case = brought(market["owner"], project.number)
    assert (case.state, case.project_number) == ("on_record", project.number)
    assert case.item_count == bills.tender().item_count
    assert cost.content(case.sha256) == bills.tender()
    assert cost.bill(case.sha256, "tender").file_sha256 == case.file_sha256


def test_a_bill_is_offered_to_its_owner_and_the_agency_of_its_plan_and_to_nobody_else(
    market: People, project: Project
) -> None:
    case = brought(market["owner"], project.number)
    offered = {who: [sha for sha, _ in selectors.offered(market[who].uscc)] for who in market}
    assert {who for who, found in offered.items() if found} == {"owner"}
    planned(market, project.number)
    assert [sha for sha, _ in selectors.offered(market["agency"].uscc)] == [case.sha256]
    assert not selectors.offered(market["other_owner"].uscc)


def test_an_agency_brings_a_bill_once_a_plan_names_it(market: People, project: Project) -> None:
    with pytest.raises(Refused) as refused:
        brought(market["agency"], project.number)
    assert codes(refused) == {"procurement.tender_bill.actor_elsewhere"}
    planned(market, project.number)
    assert brought(market["agency"], project.number).agency_uscc == market["agency"].uscc


def test_nobody_brings_a_bill_for_the_project_of_another_or_for_none(
    market: People, project: Project
) -> None:
    with pytest.raises(Refused) as refused:
        brought(market["other_owner"], project.number)
    assert codes(refused) == {"procurement.tender_bill.actor_elsewhere"}
    with pytest.raises(Refused) as refused:
        brought(market["owner"], "2301000000000000")
    assert "procurement.tender_bill.project_unregistered" in codes(refused)


def test_no_file_is_read_for_who_may_not_bring_it(
    market: People, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_content: bytes) -> None:
        pytest.fail("a stranger's file is read")

    monkeypatch.setattr(costs, "read_bill", read)
    content = workbook(project_name="没有读过的清单")
    for who, number in (("other_owner", project.number), ("owner", "2301000000000000")):
        with pytest.raises(Refused) as refused:
            brought(market[who], number, content)
        assert codes(refused) & {
            "procurement.tender_bill.actor_elsewhere",
            "procurement.tender_bill.project_unregistered",
        }


def test_a_hash_opens_nobody_s_file(market: People, project: Project) -> None:
    stored = scans.store(actor=market["other_owner"], content=workbook(), at=clock.now())
    for named in (stored.sha256, ""):
        with pytest.raises(Refused) as refused:
            imported(market["owner"], project.number, named)
        assert codes(refused) == {"procurement.tender_bill.file_missing"}


def test_what_cannot_be_read_or_does_not_pass_its_checks_is_refused_by_what_is_wrong(
    market: People, project: Project
) -> None:
    with pytest.raises(Refused) as refused:
        brought(market["owner"], project.number, b"%PDF-1.7 no bill")
    assert codes(refused) == {"procurement.bill.format_strange"}
    item = replace(bills.first_item(bills.tender()), code="12")
    wrong = template.write(bills.with_items(bills.tender(), item))
    with pytest.raises(Refused) as refused:
        brought(market["owner"], project.number, wrong)
    assert codes(refused) == {"identifiers.boq_code.form"}
    assert not TenderBill.objects.exists()


def test_the_same_bill_of_a_project_is_on_record_once(market: People, project: Project) -> None:
    first = brought(market["owner"], project.number)
    with pytest.raises(Refused) as refused:
        brought(market["owner"], project.number)
    (told,) = refused.value.refusals
    assert (told.code, told.facts["reference"]) == (
        "procurement.tender_bill.on_record",
        first.reference,
    )
    withdrawn(first, market["owner"])
    assert brought(market["owner"], project.number).sha256 == first.sha256


def test_a_bill_under_a_lot_is_not_withdrawn(market: People, project: Project) -> None:
    case = brought(market["owner"], project.number)
    lot = samples.opened(market, project, bill_sha256=case.sha256)
    with pytest.raises(Refused) as refused:
        withdrawn(case, market["owner"])
    assert codes(refused) == {"procurement.tender_bill.in_use"}
    samples.act(lot, "discard", market["owner"], {"reason": "另行编制"})
    withdrawn(case, market["owner"])


def test_a_bill_is_withdrawn_with_a_reason(market: People, project: Project) -> None:
    case = brought(market["owner"], project.number)
    with pytest.raises(Refused) as refused:
        withdrawn(case, market["owner"], reason="")
    assert codes(refused) == {"workflow.reason.missing"}


def test_a_lot_stands_on_a_bill_of_its_own_project_that_was_not_withdrawn(
    market: People, project: Project
) -> None:
    other = samples.project({**market, "owner": market["other_owner"]})
    strange = brought(market["other_owner"], other.number)
    lot = samples.opened(market, project, bill_sha256=strange.sha256)
    with pytest.raises(Refused) as refused:
        samples.act(lot, "approve", market["owner"])
    assert "procurement.tender.bill_of_another" in codes(refused)
    own = brought(market["owner"], project.number, workbook(project_name="示例小学新建工程"))
    samples.approved(market, project, bill_sha256=own.sha256)


def test_an_agency_is_offered_the_projects_of_its_plans(market: People, project: Project) -> None:
    address = f"/cases/{TENDER_BILL.code}/new/"
    assert project.number not in signed_in("agency").get(address).content.decode()
    planned(market, project.number)
    assert project.number in signed_in("agency").get(address).content.decode()


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    return client


def test_at_the_page_a_file_is_chosen_and_the_case_shows_what_was_found(
    market: People, project: Project
) -> None:
    client = signed_in("owner")
    assert "导入招标工程量清单" in client.get("/desk/").content.decode()
    address = f"/cases/{TENDER_BILL.code}/new/"
    form = client.get(address).content.decode()
    assert project.number in form
    sheet = SimpleUploadedFile("bill.xlsx", workbook())
    shown = client.post(address, {"project_number": project.number, "file_sha256": sheet})
    assert shown.status_code == 200, shown.content.decode()
    case = brought(market["owner"], project.number)
    page = client.get(f"/cases/{TENDER_BILL.code}/{case.pk}/").content.decode()
    assert case.sha256 in page
    assert str(case.item_count) in page
    stranger = signed_in("other_owner")
    assert stranger.get(f"/cases/{TENDER_BILL.code}/{case.pk}/").status_code == 403


def test_what_a_file_lacks_is_told_with_its_place_and_leads_nowhere_else(
    market: People, project: Project
) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="owner"), BACKEND)
    file = SimpleUploadedFile("bill.xlsx", template.template())
    sent = {"project_number": project.number, "file_sha256": file, "key": "k", "step": "review"}
    page = client.post("/cases/procurement.tender_bill/new/", sent).content.decode()
    assert "Sheet “Cover”, “Project name”" in page
    assert "项目名称" not in page and 'href="#封面' not in page
