"""A project is found once it is on the register, by every part of its name and numbers."""

from __future__ import annotations

import pytest

from kernel.access.actors import Actor
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.search import selectors, services
from kernel.search.models import SearchEntry
from procurement.projects import findable
from tests.procurement.projects.samples import act, registered, submitted

pytestmark = pytest.mark.django_db


def deliver() -> None:
    for row in Delivery.objects.filter(subscriber__startswith="procurement.projects.search"):
        events.deliver(row.pk)


def found(text: str) -> list[str]:
    return [hit.number for hit in selectors.find(text, kinds=[findable.KIND]).hits]


def test_a_registered_project_is_found_and_a_submitted_one_is_not(people: dict[str, Actor]) -> None:
    project = registered(people["clerk"], people["officer"], name="松北示例中学新建工程")
    submitted(people["clerk"], name="松北示例医院新建工程")
    deliver()
    parts = (
        "例中",
        "松北示例中学",
        project.number[3:9],
        project.project_code,
        project.owner.uscc[5:],
    )
    for part in parts:
        assert found(part) == [project.number], part
    assert found("医院") == []


def test_a_managers_name_and_phone_are_not_found(people: dict[str, Actor]) -> None:
    registered(people["clerk"], people["officer"], manager_name="欧阳某某")
    deliver()
    assert found("欧阳") == found("19900000001") == []


def test_a_terminated_project_stays_found_and_a_terminated_draft_never_is(
    people: dict[str, Actor],
) -> None:
    project = registered(people["clerk"], people["officer"], name="终止示例工程")
    act(project, "terminate", people["clerk"], {"reason": "资金未落实，不再建设"})
    draft = submitted(people["clerk"], name="撤回示例工程")
    act(draft, "terminate", people["clerk"], {"reason": "资金未落实，不再建设"})
    deliver()
    assert found("终止示例") == [project.number]
    assert found("撤回示例") == []


def test_events_in_another_order_or_twice_enter_one_thing(people: dict[str, Actor]) -> None:
    registered(people["clerk"], people["officer"])
    deliver()
    for row in Delivery.objects.filter(subscriber="procurement.projects.search"):
        events.replay(subscriber=row.subscriber, event_ids=[row.event_id])
    deliver()
    assert SearchEntry.objects.count() == 1


def test_a_rebuild_finds_what_the_events_had_entered(people: dict[str, Actor]) -> None:
    project = registered(people["clerk"], people["officer"])
    assert services.rebuild()[findable.KIND] == 1
    assert found("示例小学") == [project.number]
