"""How many queries a page needs is committed beside this file, and does not grow with its rows."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access.actors import Actor
from kernel.api.tokens import issue
from kernel.clock import technical_now
from kernel.parties.models import Membership
from kernel.search import services as search
from procurement.projects import findable
from procurement.projects.models import Project
from tests.procurement.projects import samples

COMMITTED = Path(__file__).with_name("query_counts.toml")
CASES = "/cases/procurement.project/"
FEW, MANY = 5, 50
# Opening and ending transactions is no reading, nor is the log's lock, which only PostgreSQL takes.
_NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT pg_advisory_xact_lock")

Measure = Callable[[int], int]


def queries(ask: Callable[[], Any]) -> int:
    """Queries of a page once everything that a process keeps is kept."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    assert answer.status_code < 300, answer.content[:500]
    return sum(not q["sql"].startswith(_NO_QUERY) for q in captured.captured_queries)


class Office:
    """People at work on a number of projects."""

    def __init__(self, people: dict[str, Actor], sign_in: Callable[[str], Client]) -> None:
        self.people, self.sign_in = people, sign_in

    def submitted(self, number: int) -> list[Project]:
        return [samples.submitted(self.people["clerk"]) for _ in range(number)]

    def registered(self, number: int) -> list[Project]:
        clerk, officer = self.people["clerk"], self.people["officer"]
        return [samples.registered(clerk, officer) for _ in range(number)]

    def page(self, who: str, url: str) -> int:
        client = self.sign_in(who) if who else Client()
        return queries(lambda: client.get(url))

    def api(self, who: str, method: str, url: str, bodies: Callable[[], Any] | None = None) -> int:
        headers = {"Authorization": f"Bearer {_token(self.people[who])}"} if who else {}
        client, keys = Client(headers=headers), iter(range(10))

        def ask() -> Any:
            if bodies is None:
                return client.get(url)
            return client.post(
                url,
                json.dumps(bodies()),
                content_type="application/json",
                headers={"Idempotency-Key": f"key-{next(keys)}-of-a-test"},
            )

        return queries(ask)


def _token(actor: Actor) -> str:
    membership = Membership.objects.get(person_id=actor.person_id)
    return issue(membership, name="测试", expires_at=technical_now() + timedelta(days=1))[1]


@pytest.fixture
def office(people: dict[str, Actor], signed_in: Callable[[str], Client]) -> Office:
    return Office(people, signed_in)


def _busy_case(office: Office, returns: int) -> Project:
    """A case with a life of its own: so many times returned and submitted again."""
    project = samples.submitted(office.people["clerk"])
    for _ in range(returns):
        samples.act(project, "return", office.people["officer"], {"reason": "请补充文件"})
        samples.act(project, "submit", office.people["clerk"])
    return project


def _desk(office: Office, rows: int) -> int:
    office.submitted(rows)
    return office.page("officer", "/desk/")


def _desk_owner(office: Office, rows: int) -> int:
    for _ in range(rows):
        samples.opened(office.people["clerk"])
    return office.page("clerk", "/desk/")


def _register(office: Office, rows: int) -> int:
    office.registered(rows)
    return office.page("", "/projects/")


def _cases(office: Office, rows: int) -> int:
    office.submitted(rows)
    return office.page("officer", CASES)


def _case(office: Office, rows: int) -> int:
    return office.page("officer", f"{CASES}{_busy_case(office, rows // 5).pk}/")


def _public(office: Office, rows: int) -> int:
    number = office.registered(rows)[-1].number
    return office.page("", f"/projects/{number}/")


def _search(office: Office, rows: int) -> int:
    for project in office.registered(rows):
        entry = findable.entry_of(project.number)
        assert entry is not None
        search.put(entry)
    return office.page("", "/search/?q=示例小学")


def _home(office: Office, rows: int) -> int:
    office.registered(rows)
    return office.page("", "/")


def _log_entry(office: Office, rows: int) -> int:
    office.submitted(rows)
    return office.page("officer", "/log/0/")


def _act_open(office: Office, rows: int) -> int:
    office.submitted(rows)
    return office.page("clerk", f"{CASES}new/")


def _act_amend(office: Office, rows: int) -> int:
    project = samples.opened(office.people["clerk"])
    office.submitted(rows)
    return office.page("clerk", f"{CASES}{project.pk}/acts/amend/")


def _act_accept(office: Office, rows: int) -> int:
    return office.page("officer", f"{CASES}{office.submitted(rows)[0].pk}/acts/accept/")


def _act_return(office: Office, rows: int) -> int:
    return office.page("officer", f"{CASES}{office.submitted(rows)[0].pk}/acts/return/")


def _receipt(office: Office, rows: int) -> int:
    project = office.submitted(rows)[0]
    act = samples.act(project, "accept", office.people["officer"])
    return office.page("officer", f"{CASES}{project.pk}/receipts/{act.version}/")


def _api_list(office: Office, rows: int) -> int:
    office.registered(rows)
    return office.api("", "get", "/api/v1/projects")


def _api_read(office: Office, rows: int) -> int:
    return office.api("", "get", f"/api/v1/projects/{office.registered(rows)[0].number}")


def _api_case(office: Office, rows: int) -> int:
    pk = office.submitted(rows)[0].pk
    return office.api("clerk", "get", f"/api/v1/registrations/{pk}")


def _api_create(office: Office, rows: int) -> int:
    office.submitted(rows)
    return office.api("clerk", "post", "/api/v1/registrations", samples.whole)


PAGES: dict[str, Callable[[Office, int], int]] = {
    "desk": _desk,
    "desk-owner": _desk_owner,
    "case": _case,
    "cases": _cases,
    "home": _home,
    "register": _register,
    "public-project": _public,
    "search": _search,
    "log-entry": _log_entry,
    "act-open": _act_open,
    "act-amend": _act_amend,
    "act-accept": _act_accept,
    "act-return": _act_return,
    "receipt": _receipt,
    "api-list": _api_list,
    "api-read": _api_read,
    "api-case": _api_case,
    "api-create": _api_create,
}
GROWING = (
    "desk",
    "desk-owner",
    "case",
    "cases",
    "home",
    "register",
    "public-project",
    "search",
    "api-list",
    "api-create",
)


def committed() -> dict[str, int]:
    """This database's committed numbers; PostgreSQL's own stand in a table of its name."""
    numbers = tomllib.loads(COMMITTED.read_text(encoding="utf-8"))
    own = numbers.pop("postgresql")
    return {**numbers, **own} if connection.vendor == "postgresql" else numbers


def test_every_page_measured_is_committed_and_no_other() -> None:
    assert sorted(committed()) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_as_many_queries_as_committed(office: Office, page: str) -> None:
    """Fewer is a failure too: write the better number down, so that it is kept."""
    assert {page: PAGES[page](office, FEW)} == {page: committed()[page]}


@pytest.mark.parametrize("page", GROWING)
def test_queries_do_not_grow_with_rows(office: Office, page: str) -> None:
    assert {page: PAGES[page](office, MANY)} == {page: committed()[page]}


def test_a_case_page_needs_thirty_at_most() -> None:
    assert committed()["case"] <= 30
