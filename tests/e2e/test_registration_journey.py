"""One whole legal act in a real browser: from the clerk's log-in to a stranger's proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import demo_pki
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.evidence.tasks import sign_head
from kernel.parties.models import Organisation, Person
from procurement.projects.models import Project
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.proofs import downloaded, verify
from tests.e2e.visitor import Arrive, Visitor

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

PIN = "right-PIN-42"
NAME = "示例小学新建工程"
CASES = "/cases/procurement.project/"
SCAN = {"name": "立项.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a scan of a paper"}

DRAFT = {
    "name": NAME,
    "region": "230102",
    "project_class": "01",
    "papers-0-number": "示例 1 号",
}
REST = {
    "project_code": "2511-230102-04-01-000001",
    "nature": "001",
    "approval_kind": "record",
    "address": "示例街 1 号",
    "floor_area_m2": "12000",
    "planned_start_on": "2027-03-01",
    "planned_end_on": "2028-10-31",
    "manager_name": "示例甲",
    "manager_phone": "19900000001",
    "total_investment": "10,000,000.00",
    "funding-0-source": "private",
    "funding-0-amount": "4,000,000",
    "funding-1-source": "bank_loan",
    "funding-1-amount": "6,000,000",
    **{f"papers-{i}-number": f"示例 {i + 1} 号" for i in (1, 2, 3)},
    **{f"papers-{i}-issued_on": "2025-09-01" for i in (1, 2, 3)},
}


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_registration_from_log_in_to_a_strangers_proof(
    arrive: Arrive,
    committed_people: dict[str, Actor],
    own_var: Path,
    tmp_path: Path,
    language: str,
    size: dict[str, int],
) -> None:
    key_file = _key_of(committed_people["officer"])
    clerk = arrive("clerk", language, viewport=size)
    officer = arrive("officer", language, viewport=size)
    stranger = arrive("stranger", language, viewport=size)

    pk = _clerk_saves_a_draft(clerk)
    _submission_is_refused_with_reasons(clerk, pk)
    _clerk_completes_and_submits(clerk, pk)
    _officer_returns(officer, pk)
    _clerk_mends_and_submits_again(clerk, pk)
    _officer_accepts(officer, pk)
    for pending in Delivery.objects.order_by("pk"):
        assert events.deliver(pending.pk)
    code = _officer_signs(officer, key_file)
    _public_sees_and_checks(stranger, code)
    sign_head()
    _stranger_verifies(stranger, pk, tmp_path)


def _key_of(actor: Actor) -> Path:
    person = Person.objects.select_related("user").get(pk=actor.person_id)
    organisation = Organisation.objects.get(pk=actor.organisation_id)
    return demo_pki.certify(person, organisation, PIN, clock.now())


def _clerk_saves_a_draft(clerk: Visitor) -> int:
    page = clerk.page
    page.goto("/desk/")
    clerk.look("log-in")
    clerk.log_in("clerk")
    clerk.look("desk-empty")
    page.click(f"main a[href='{CASES}new/']")
    clerk.look("act-new")
    clerk.fill(DRAFT)
    page.set_input_files("[name='papers-0-scan']", SCAN)
    with clerk.refused(422):
        clerk.submit()
    clerk.look("act-half-a-line")
    page.click(".zx-errors a")
    assert page.evaluate("document.activeElement.name") == "papers-0-issued_on"
    clerk.fill({"papers-0-issued_on": "2025-09-01"})
    clerk.do()
    clerk.look("receipt-draft")
    assert page.evaluate("localStorage.length") == 0
    page.click(f".zx-form-foot a[href^='{CASES}']")
    clerk.look("case-draft")
    assert page.locator("a[href*='/projects/papers/']").count() == 1
    return Project.objects.get().pk


def _submission_is_refused_with_reasons(clerk: Visitor, pk: int) -> None:
    page = clerk.page
    assert page.locator(".zx-acts-off .zx-reasons > li").count() >= 4
    with clerk.refused(422):
        page.click(".zx-acts-off .zx-more-reasons a")
    reasons = page.locator(".zx-refusals > li")
    assert reasons.count() >= 10
    # Each with its article and its cure, and the cure is a link to where it is done.
    assert reasons.filter(has=page.locator("dl > div:nth-child(2)")).count() == reasons.count()
    cures = page.locator(f".zx-refusals a[href$='/{pk}/acts/amend/']")
    assert cures.count() == reasons.count()
    clerk.look("refused")


def _clerk_completes_and_submits(clerk: Visitor, pk: int) -> None:
    page = clerk.page
    page.goto("/desk/")
    clerk.look("desk-draft")
    page.click("[data-rows] td.zx-first > a")
    page.click(f".zx-acts a[href$='/{pk}/acts/amend/']")
    assert page.input_value("[name=name]") == NAME
    clerk.fill(REST)
    clerk.do()
    page.click(f".zx-form-foot a[href^='{CASES}']")
    page.click(f".zx-acts a[href$='/{pk}/acts/submit/']")
    clerk.look("confirm-submit")
    clerk.do("do")
    clerk.look("receipt-submit")
    assert page.locator(".zx-due").is_visible()


def _officer_returns(officer: Visitor, pk: int) -> None:
    page = officer.page
    officer.log_in("officer")
    officer.look("desk-officer")
    row = page.locator("[data-rows] tbody tr").filter(has_text=NAME)
    assert row.locator(".zx-due").inner_text().strip()
    row.locator("td.zx-first > a").click()
    officer.look("case-submitted")
    page.click(f".zx-acts a[href$='/{pk}/acts/return/']")
    with officer.refused(422):
        officer.submit()
    officer.look("return-without-reason")
    page.fill("[name=reason]", "立项文件的扫描件不清晰，请重新上传。")
    officer.submit()
    officer.look("confirm-return")
    officer.do("do")


def _clerk_mends_and_submits_again(clerk: Visitor, pk: int) -> None:
    page = clerk.page
    page.goto("/desk/")
    clerk.look("desk-returned")
    page.click("[data-rows] td.zx-first > a")
    assert "扫描件不清晰" in page.inner_text(".zx-timeline")
    page.click(f".zx-acts a[href$='/{pk}/acts/amend/']")
    page.set_input_files(
        "[name='papers-0-scan']", SCAN | {"buffer": b"%PDF-1.7 a sharper scan of the paper"}
    )
    clerk.do()
    page.goto(f"{CASES}{pk}/acts/submit/")
    clerk.do("do")


def _officer_accepts(officer: Visitor, pk: int) -> None:
    page = officer.page
    page.goto(f"{CASES}{pk}/")
    page.click(f".zx-acts a[href$='/{pk}/acts/accept/']")
    officer.look("confirm-accept")
    officer.do("do")
    officer.look("receipt-accept")
    page.click(f".zx-form-foot a[href^='{CASES}']")
    officer.look("case-registered")
    grave = page.locator(f".zx-acts a[href$='/{pk}/acts/terminate/']")
    assert "btn-primary" not in (grave.get_attribute("class") or "")


def _officer_signs(officer: Visitor, key_file: Path) -> str:
    page = officer.page
    page.goto("/desk/")
    officer.look("desk-to-sign")
    page.click("[data-rows] td.zx-first > a")
    officer.look("sign-certificate")
    officer.submit("form[action$='/sign/begin/'], form:has([name=certificate])")
    officer.look("sign-begun")
    page.set_input_files("[data-part=keyfile]", key_file)
    page.fill("[data-part=pin]", PIN)
    page.click("[data-part=form] button")
    page.locator("[data-part=summary]").wait_for(state="visible")
    officer.look("sign-summary")
    with page.expect_navigation(url="**/check/**"):
        page.click("[data-part=sign]")
    officer.look("signed")
    return str(page.url.rstrip("/").rpartition("/")[2])


def _public_sees_and_checks(stranger: Visitor, code: str) -> None:
    page = stranger.page
    page.goto("/")
    stranger.look("home")
    page.goto("/projects/")
    stranger.look("register")
    page.locator("[data-rows] td.zx-first > a").filter(
        has_text=Project.objects.get().number
    ).click()
    stranger.look("public-project")
    assert "19900000001" not in page.content()
    signed = page.locator("tr", has=page.locator("a[href^='/documents/']")).inner_text()
    assert "示例单位3 officer" in signed
    pdf = page.locator("a[href^='/documents/']").first.get_attribute("href")
    answer = page.request.get(pdf)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-1.7")
    page.goto("/check/")
    stranger.look("check")
    page.fill("#number", code)
    stranger.submit("form[method=get].zx-check-form")
    stranger.look("check-by-code")
    assert page.locator("main .zx-chip-done").is_visible()
    page.set_input_files(
        "#copy", {"name": "copy.pdf", "mimeType": "application/pdf", "buffer": answer.body()}
    )
    stranger.submit("form[method=post].zx-check-form")
    stranger.look("check-by-copy")
    assert page.locator(".zx-note-success").count() == 2


def _stranger_verifies(stranger: Visitor, pk: int, folder: Path) -> None:
    page = stranger.page
    page.goto("/log/")
    stranger.look("log")
    page.goto(f"/projects/{Project.objects.get(pk=pk).number}/")
    # The last step is the certificate's issue; the one before it is the acceptance.
    steps = page.locator(".zx-timeline .zx-step-basis a")
    steps.nth(steps.count() - 2).click()
    stranger.look("log-entry")
    files = [
        downloaded(page, f"main a[href$='{end}']", folder)
        for end in ("/proof.json", "/anchors.json")
    ]
    proof, anchors = files
    assert verify(proof, anchors) == 0
    whole = proof.read_bytes()
    at = whole.index(b"accept")
    proof.write_bytes(whole[:at] + b"A" + whole[at + 1 :])
    assert verify(proof, anchors) == 1
