"""Pages that show lots, plans and objections: rows grow, queries do not."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.access.actors import Actor
from kernel.parties.models import User
from kernel.workflow.firing import fire
from procurement.tendering import views
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.plans.machine import PLAN
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FEW, MANY = 10, 40
_keys = itertools.count(1)

People = dict[str, Actor]


def asked(username: str, url: str) -> int:
    """Queries of a page once everything that a process keeps is kept."""
    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(captured)


def begun(code: str, actor: Actor, transition: str, payload: Any) -> None:
    fire(code, None, transition, actor=actor, payload=payload, key=f"page-{next(_keys)}")


def lots(market: People) -> Callable[[int], None]:
    """Puts so many more drafts of one owner's there."""
    project = samples.project(market)

    def put(number: int) -> None:
        for _ in range(number):
            samples.opened(market, project)

    return put


def plans(market: People) -> Callable[[int], None]:
    """Puts so many more plans there, each of a project of its own."""

    def put(number: int) -> None:
        for _ in range(number):
            lot = {"name": "施工", "kind": "works", "estimate_fen": 100, "month": "2025-11"}
            payload = {"project_number": samples.project(market).number, "lots": [lot]}
            begun(PLAN.code, market["owner"], "draw_up", payload)

    return put


def objections(market: People) -> Callable[[int], None]:
    """Puts so many more objections there, each to a lot of its own."""
    project = samples.project(market)

    def put(number: int) -> None:
        for _ in range(number):
            lot = samples.published(market, project)
            said = {"lot_number": lot.number, "stage": "documents", "text": "工期要求不合理。"}
            begun(OBJECTION.code, market["bidder"], "raise", said)

    return put


Put = Callable[[People], Callable[[int], None]]
# What lives before it waits takes its time to come about: of such cases there are fewer.
ROWS = ((lots, LOT.code, 10, 40), (plans, PLAN.code, 4, 12), (objections, OBJECTION.code, 3, 9))


@pytest.mark.parametrize(("put", "few", "many"), [(put, few, many) for put, _, few, many in ROWS])
def test_the_desk_of_an_owner_asks_no_more_for_many_rows_than_for_few(
    market: People, put: Put, few: int, many: int
) -> None:
    more = put(market)
    more(few)
    before = asked("owner", "/desk/")
    more(many - few)
    assert asked("owner", "/desk/") == before


@pytest.mark.parametrize(("put", "code", "few", "many"), ROWS)
def test_a_register_of_cases_asks_no_more_for_many_rows_than_for_few(
    market: People, put: Put, code: str, few: int, many: int
) -> None:
    more, url = put(market), f"/cases/{code}/"
    more(few)
    before = asked("owner", url)
    more(many - few)
    assert asked("owner", url) == before
    assert asked("owner", f"{url}?format=xlsx") <= before


def test_the_register_of_notices_asks_no_more_for_many_rows_than_for_few(market: People) -> None:
    project = samples.project(market)

    def published(number: int) -> None:
        for _ in range(number):
            samples.published(market, project)

    published(3)
    before = asked("owner", "/notices/")
    published(9)
    assert asked("owner", "/notices/") == before


def test_the_page_of_a_lot_asks_no_more_for_forty_acts_than_for_ten(market: People) -> None:
    lot = samples.opened(market)
    form = samples.whole(lot.project_number, lot.documents[0]["file_sha256"])
    url = f"/cases/{LOT.code}/{lot.pk}/"

    def amended(times: int) -> None:
        for _ in range(times):
            samples.act(lot, "amend", market["owner"], form)

    amended(FEW)
    few = asked("owner", url)
    amended(MANY - FEW)
    assert asked("owner", url) == few


def test_the_page_of_a_lot_asks_no_more_for_many_objections_than_for_few(market: People) -> None:
    lot = samples.published(market)
    url = f"/cases/{LOT.code}/{lot.pk}/"
    said = {"lot_number": lot.number, "stage": "documents", "text": "工期要求不合理。"}
    begun(OBJECTION.code, market["bidder"], "raise", said)
    few = asked("owner", url)
    begun(OBJECTION.code, market["bidder2"], "raise", said)
    assert Lot.objects.get(pk=lot.pk).number == lot.number
    assert asked("owner", url) == few


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("招标文件", "招标文件.pdf"),
        ("图纸.PDF", "图纸.PDF"),
        ("甲/乙\\r\\n", "甲 乙 r n.pdf"),
        ("..", f"{'a' * 12}.pdf"),
    ],
)
def test_a_tender_document_is_saved_under_the_name_that_was_published(name, saved):
    assert views._file_name(name, "a" * 64, "application/pdf") == saved


def test_a_tender_document_comes_with_its_name(market):
    lot = samples.published(market)
    (told,) = lot.documents
    url = reverse("procurement:notice-file", args=[lot.number, told["file_sha256"]])
    answer = Client().get(url)
    assert unquote(answer["Content-Disposition"]) == (
        f"attachment; filename*=utf-8''{told['name']}.pdf"
    )


def test_no_page_asks_for_a_minimum_price_which_the_law_forbids(market: People) -> None:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(User.objects.get(person_id=market["owner"].person_id), BACKEND)
    page = client.get(reverse("web:act-open", args=[LOT.code])).content.decode()
    assert "最高投标限价" in page and "最低投标限价" not in page
