"""The life of a project: every case that the reader may read, nothing of any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.parties.models import User
from kernel.workflow import judge, selectors
from kernel.workflow.machines import machine
from kernel.workflow.order import cases_of
from kernel.workflow.project_cases import acts_in, clocks_in, outlines_of, project_columns
from procurement.projects import life
from procurement.projects.models import Project
from procurement.tendering.machine import LOT
from tests.procurement.evaluation import samples as evaluation
from tests.procurement.projects import building
from tests.procurement.projects.samples import registered
from tests.procurement.securities.test_securities import form, issue
from tests.procurement.tendering import samples as tendering

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.fixture
def market(september: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    tendering.answered(monkeypatch)
    return tendering.market()


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    return client


def queries(ask: Callable[[], Any]) -> int:
    ask()
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return sum(not q["sql"].startswith(_NO_QUERY) for q in captured.captured_queries)


def test_outlines_are_the_cases_of_a_project_as_their_rows_say(market: dict[str, Actor]) -> None:
    lot = tendering.published(market)
    issue(market, lot)
    whole, outlines = list(cases_of(lot.project_number)), outlines_of(lot.project_number)
    assert {case.machine.code for case in whole} >= {
        "procurement.project", "procurement.tender", "procurement.security",
    }  # fmt: skip
    assert [case.case_ref for case in outlines] == [case.case_ref for case in whole]
    for outline, case in zip(outlines, whole, strict=True):
        for field in case._meta.concrete_fields:
            assert getattr(outline, field.attname) == getattr(case, field.attname), field
    assert outlines_of("9999999999999999") == []
    assert outlines_of(lot.project_number, lambda kind: kind.code == "none.such") == []


def test_every_kind_of_case_says_where_its_project_stands() -> None:
    """What the union of all machines lines up exists in every one of them."""
    for code in project_columns():
        model = machine(code).model  # type: ignore[union-attr]
        names = {field.attname for field in model._meta.concrete_fields}  # type: ignore[union-attr]
        assert {"state", "version", "opened_at", "changed_at"} <= names


def test_acts_and_clocks_of_a_project_are_those_of_its_cases(market: dict[str, Actor]) -> None:
    lot, other = tendering.published(market), tendering.project(market)
    assert other.number != lot.project_number
    cases = outlines_of(lot.project_number)
    kinds = {case.machine.code for case in cases}
    expected = sorted(
        (act.at, act.pk, act.person.name if act.person else None)
        for case in cases
        for act in selectors.acts_of(case)
    )
    found = acts_in(lot.project_number, kinds)
    assert [(row[0], row[1], row[7]) for row in found] == expected
    running = {d.pk for case in cases for d in selectors.deadlines_of(case) if not d.ended_at}
    assert {clock_.pk for clock_ in clocks_in(lot.project_number, kinds)} == running
    assert running


def test_whoever_may_read_one_case_may_read_it_among_many(market: dict[str, Actor]) -> None:
    """Bid securities: before the opening nobody but guarantor and principal sees them."""
    lot = tendering.published(market)
    for who in ("bidder", "bidder2"):
        issue(market, lot, who)
    cases = outlines_of(lot.project_number)
    for actor in market.values():
        one_by_one = [case for case in cases if judge.readable(case.machine, case, actor)]
        assert selectors.readable_among(cases, actor) == one_by_one, actor
    seen = {case.machine.code for case in selectors.readable_among(cases, market["owner"])}
    assert "procurement.security" not in seen


def test_the_life_needs_no_query_more_for_more_cases(market: dict[str, Actor]) -> None:
    lot = tendering.published(market)
    url = f"/projects/{lot.project_number}/life/"
    client = client_of("owner")
    few = _with_securities(market, lot, 1, lambda: queries(lambda: client.get(url)))
    many = _with_securities(market, lot, 6, lambda: queries(lambda: client.get(url)))
    assert few == many <= 30


def following(client: Client, number: str) -> str:
    """What the life of a project says of what comes next."""
    page = client.get(f"/projects/{number}/life/").content.decode()
    return page.partition('id="next-title"')[2].partition("</aside>")[0]


def test_what_a_case_waits_for_without_a_clock_is_told_with_who_does_it(
    market: dict[str, Actor],
) -> None:
    """A lot whose documents are drafted: nothing is timed, and yet somebody has to go on."""
    lot = tendering.opened(market)
    assert not clocks_in(lot.project_number, project_columns())
    told = following(client_of("owner"), lot.project_number)
    act = LOT.transition("approve")
    assert act is not None
    waiting = told.partition(f">{act.label}<")[2].partition("</li>")[0]
    assert TABLE.role_label("owner_clerk") in waiting
    assert f'href="/cases/procurement.tender/{lot.pk}/"' in waiting
    assert "zx-due" not in waiting
    assert "没有正在计时的期限" not in told
    # What ends a case for good, or what a clock does, is not what it waits for.
    for code in ("discard", "terminate", "close"):
        other = LOT.transition(code)
        assert other is not None
        assert f">{other.label}<" not in told


def test_nothing_is_told_to_come_of_a_project_whose_cases_are_all_over(
    people: dict[str, Actor],
) -> None:
    project: Project = registered(people["clerk"], people["officer"])
    assert project.state == "registered"
    assert "没有正在计时的期限" in following(client_of("clerk"), project.number)


def test_an_act_whose_clock_runs_is_not_told_once_more_without_a_date(
    market: dict[str, Actor],
) -> None:
    lot = tendering.published(market)
    cases, lines = [lot], life.lines_of([lot])
    act = LOT.transition("clarify")
    said = str(act.label) if act else ""
    assert [row.what for row in life.open_acts(cases, lines, set())] == [said]
    timed = {(lot.case_ref, "owner_clerk"), (lot.case_ref, "agency_clerk")}
    assert list(life.open_acts(cases, lines, timed)) == []


def test_many_cases_that_wait_for_the_same_are_told_together(market: dict[str, Actor]) -> None:
    lot = tendering.published(market)
    for number in range(life.NAMED + 2):
        issue(market, lot, number=f"保函-{number}")
    cases = [c for c in outlines_of(lot.project_number) if c.machine.code == "procurement.security"]
    (row,) = life.open_acts(cases, life.lines_of(cases), set())
    assert (len(row.cases), row.more) == (life.NAMED, 2)


def _with_securities(
    market: dict[str, Actor], lot: Any, number: int, measured: Callable[[], int]
) -> int:
    for _ in range(number):
        issue(market, lot, "bidder", number=form(market, lot)["number"] + "-其二")
    return measured()


def test_the_committee_stays_unknown_on_the_life_of_its_project(
    september: None, people: dict[str, Actor]
) -> None:
    """An expert's act names an expert: nobody reads it before the evaluation is reported."""
    clerk = people["clerk"]
    project: Project = registered(clerk, people["officer"])
    with evaluation.market(project_number=project.number, owner_uscc=clerk.uscc) as market:
        walk = evaluation.Walk(market, evaluation.agency(), evaluation.experts())
        walk.open().draw().check_in()
        names = [actor.person_name for actor in walk.members()]
        owner = client_of("clerk").get(f"/projects/{project.number}/life/").content.decode()
        case = client_of("clerk").get(f"/cases/procurement.evaluation/{walk.pk}/")
    assert f"/cases/procurement.evaluation/{walk.pk}/" in owner
    assert case.status_code == 200
    assert names and all(name not in case.content.decode() for name in names)
    assert all(name not in owner for name in names)


def test_whoever_reads_cases_of_a_project_reads_its_life_of_them_alone(september: None) -> None:
    """The contractor after the award: its works and contract, not the owner's registration."""
    who = building.people()
    number = registered(who["owner"], who["officer"]).number
    works = building.contracted(number, who)
    url = f"/projects/{works.project_number}/life/"
    shown = client_of("contractor").get(url)
    assert shown.status_code == 200
    page = shown.content.decode()
    assert f"/cases/procurement.works/{works.pk}/" in page
    assert "/cases/procurement.project/" not in page and "/cases/procurement.tender/" not in page
    assert f"/projects/{works.project_number}/" in page
    own = client_of("contractor").get(f"/cases/procurement.works/{works.pk}/").content.decode()
    assert url in own
    assert client_of("stranger").get(url).status_code == 403
    assert client_of("contractor").get("/projects/9999999999999999/life/").status_code == 404


def test_who_oversees_is_led_from_a_life_to_refused_attempts(market):
    project = registered(market["owner"], market["officer"])
    tendering.published(market, project)
    page = f"/projects/{project.number}/life/"
    link = f'href="{reverse("web:refused")}"'
    assert link in client_of("supervisor").get(page).content.decode().split("<article")[1]
    assert link not in client_of("owner").get(page).content.decode().split("<article")[1]
