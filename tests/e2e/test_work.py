"""What people meet while they work: a stale page, a double click, masks, a role, the clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.evidence.models import LogEntry
from kernel.parties.models import Membership, Organisation
from kernel.workflow.models import Act
from procurement.projects.models import Project
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor
from tests.procurement.projects.samples import act, submitted

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

CASES = "/cases/procurement.project/"
PHONE_NUMBER = "19900000001"


@pytest.fixture
def project(committed_people: dict[str, Actor]) -> Project:
    return submitted(committed_people["clerk"])


@pytest.fixture
def returned(project: Project, committed_people: dict[str, Actor]) -> Project:
    act(project, "return", committed_people["officer"], {"reason": "请补充立项文件"})
    return project


def test_of_two_clerks_the_second_is_told_what_the_first_changed(
    arrive: Arrive, returned: Project
) -> None:
    url = f"{CASES}{returned.pk}/acts/amend/"
    first, second = arrive("first", viewport=DESK), arrive("second", viewport=PHONE)
    for visitor, name in ((first, "clerk"), (second, "colleague")):
        visitor.log_in(name)
        visitor.page.goto(url)
    first.fill({"name": "更名后的小学", "manager_phone": "19900000002", "nature": "002"})
    first.do()
    second.fill({"name": "另一个名字"})
    with second.refused(409):
        second.submit()
    told = second.page.inner_text(".zx-changes")
    assert "更名后的小学" in told
    assert "示例小学新建工程" in told
    assert "示例单位1" in told
    assert "1990000000" not in second.page.content()
    second.look("stale")
    assert Project.objects.get().name == "更名后的小学"
    second.page.click(".zx-form-foot a.btn-secondary")
    assert second.page.input_value("[name=name]") == "更名后的小学"


def test_a_double_click_is_one_act(arrive: Arrive, returned: Project) -> None:
    clerk = arrive("clerk", viewport=DESK)
    clerk.log_in("clerk")
    before = Act.objects.count()
    clerk.page.goto(f"{CASES}{returned.pk}/acts/submit/")
    button = clerk.page.locator("button[value=do]")
    with clerk.page.expect_navigation():
        button.evaluate("(one) => { one.click(); one.click(); }")
    assert "/receipts/" in clerk.page.url
    assert Act.objects.count() == before + 1


def test_the_same_form_sent_again_without_the_pages_help_is_one_act(
    arrive: Arrive, returned: Project
) -> None:
    clerk = arrive("clerk", viewport=DESK, java_script_enabled=False)
    clerk.log_in("clerk")
    before = Act.objects.count()
    clerk.page.goto(f"{CASES}{returned.pk}/acts/submit/")
    once = dict(
        clerk.page.locator("form.zx-form input").evaluate_all(
            "(all) => all.map((one) => [one.name, one.value])"
        )
    )
    answers = [
        clerk.page.request.post(clerk.page.url, form=once | {"step": "do"}, max_redirects=0)
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [302, 302]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert Act.objects.count() == before + 1


def test_a_person_acts_for_another_organisation(
    arrive: Arrive, project: Project, committed_people: dict[str, Actor]
) -> None:
    other = Organisation.objects.get(pk=committed_people["stranger"].organisation_id)
    Membership.objects.create(
        person_id=committed_people["clerk"].person_id,
        organisation=other,
        role="owner_clerk",
        valid_from=date(2020, 1, 1),
    )
    clerk = arrive("clerk", viewport=PHONE)
    clerk.log_in("clerk")
    page = clerk.page
    assert page.locator(f"main a[href='{CASES}new/']").is_visible()
    page.goto(f"{CASES}{project.pk}/")
    page.click("summary.zx-acting")
    clerk.look("menu")
    with page.expect_navigation():
        page.locator("button[name=membership]:not([aria-current])").click()
    assert page.url.endswith("/desk/")
    assert other.name in page.inner_text("summary.zx-acting")
    with clerk.refused(403):
        page.goto(f"{CASES}{project.pk}/")
    clerk.look("not-permitted")


@pytest.mark.parametrize("script", [True, False], ids=["htmx", "without-script"])
def test_a_phone_is_unmasked_for_a_reason_that_is_logged(
    arrive: Arrive, project: Project, script: bool
) -> None:
    officer = arrive("officer", viewport=PHONE, java_script_enabled=script)
    officer.log_in("officer")
    page = officer.page
    page.goto(f"{CASES}{project.pk}/")
    assert PHONE_NUMBER not in page.content()
    page.click(".zx-unmask summary")
    page.fill(".zx-unmask [name=reason]", "核实联系人")
    if script:
        page.click(".zx-unmask button")
        page.get_by_text(PHONE_NUMBER).wait_for()
        assert page.url.endswith(f"{CASES}{project.pk}/")
        officer.look("unmasked")
    else:
        officer.submit(".zx-unmask form")
        assert PHONE_NUMBER in page.content()
        page.click("main .zx-form-foot a")
        assert page.url.endswith(f"{CASES}{project.pk}/")
    entry = LogEntry.objects.get(kind="web.unmasked")
    assert "核实联系人" in entry.body
    assert PHONE_NUMBER not in entry.body


def test_the_sandbox_clock_moves_and_everybody_sees_it(arrive: Arrive, project: Project) -> None:
    operator = arrive("operator", viewport=PHONE)
    operator.log_in("operator", "/sandbox/clock/")
    page = operator.page
    operator.look("clock")
    before = clock.now()
    page.select_option("[name=step]", "month")
    operator.submit()
    assert clock.now() - before >= timedelta(days=30)
    operator.look("clock-moved")
    page.fill("[name=to]", "2020-01-01T00:00")
    with operator.refused(422):
        operator.submit()
    operator.look("clock-backward")
    officer = arrive("officer", "en", viewport=DESK)
    officer.log_in("officer")
    assert officer.page.locator(".zx-row-overdue").count() == 1
    officer.look("desk-overdue")


def test_other_sessions_are_seen_and_ended(arrive: Arrive) -> None:
    here, there = arrive("here", viewport=PHONE), arrive("there", viewport=DESK)
    for visitor in (here, there):
        visitor.log_in("clerk")
    here.page.goto("/accounts/sessions/")
    assert here.page.locator("main tbody tr").count() == 2
    here.look("sessions")
    here.submit("main form")
    assert here.page.locator("main tbody tr").count() == 1
    there.page.goto("/desk/")
    assert "/accounts/login/" in there.page.url


def test_a_log_in_is_renewed_before_it_ends(arrive: Arrive) -> None:
    clerk = arrive("clerk", viewport=PHONE)
    clerk.log_in("clerk")
    page = clerk.page
    page.evaluate("document.querySelector('.zx-session').hidden = false")
    clerk.look("session-warning")
    with page.expect_response("**/account/keep-alive/") as answer:
        page.click("[data-keep-alive] button")
    assert answer.value.status == 204
    page.locator(".zx-session").wait_for(state="hidden")
    assert clerk.wrong == []


def test_an_officer_accepts_by_keys_alone(arrive: Arrive, project: Project) -> None:
    officer = arrive("officer", viewport=DESK)
    page = officer.page
    page.goto("/desk/")
    _tab_to(officer, "[name=login]")
    page.keyboard.type("officer")
    _tab_to(officer, "[name=password]")
    page.keyboard.type("correct horse battery")
    _press_enter(officer)
    page.keyboard.press("ArrowDown")
    _press_enter(officer)
    _tab_to(officer, f"a[href$='/{project.pk}/acts/accept/']")
    _press_enter(officer)
    _tab_to(officer, "button[value=do]")
    _press_enter(officer)
    assert "/receipts/" in page.url
    assert Project.objects.get().state == "registered"


def _tab_to(visitor: Visitor, wanted: str) -> None:
    """Press Tab until the wanted thing has the focus, which must be seen."""
    page = visitor.page
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f'document.activeElement.matches("{wanted}")'):
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none", wanted
            return
    raise AssertionError(f"sixty tabs do not reach {wanted}")


def _press_enter(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
