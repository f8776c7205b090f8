"""Importing many registrations: each line's fate, and workers that die."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotPermitted, Refused
from kernel.events import services as events
from kernel.events.models import Delivery, Event
from kernel.evidence.models import LogEntry
from kernel.parties.models import Membership
from kernel.workflow.firing import fire
from kernel.workflow.models import Act, RefusedAct
from procurement.projects import import_subscriber
from procurement.projects.imports import request_import
from procurement.projects.models import Project, ProjectImport
from tests.procurement.projects.importing import (
    SUBSCRIBER,
    brought,
    codes,
    delivery,
    filled,
    keep_files,
    worked,
)
from tests.procurement.projects.samples import whole


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    keep_files(settings, tmp_path)


# The service.


def test_a_hopeless_file_is_refused_at_once_and_nothing_is_kept(people: dict[str, Actor]) -> None:
    def formula(sheet: Any) -> None:
        sheet["A2"] = "=1+1"

    for file, code in (
        (filled(change=formula), "documents.workbook.formula"),
        (filled(), "procurement.import.no_lines"),
        (BytesIO(b"name,code"), "documents.workbook.not_a_workbook"),
    ):
        with pytest.raises(Refused) as caught:
            brought(people["clerk"], file)
        assert [r.code for r in caught.value.refusals] == [code]
    assert not ProjectImport.objects.exists()
    assert not Event.objects.exists()


def test_an_import_is_logged_and_asked_for_in_one_commit(people: dict[str, Actor]) -> None:
    job = brought(people["clerk"], filled(whole()))
    entry = LogEntry.objects.get(kind="procurement.import_requested")
    assert entry.case == f"procurement.import:{job.pk}"
    assert job.file_sha256 in entry.body
    assert not entry.public
    assert delivery().state == Delivery.State.PENDING


def test_the_same_file_again_is_the_same_import(people: dict[str, Actor]) -> None:
    content = filled(whole()).getvalue()
    first = brought(people["clerk"], BytesIO(content))
    assert brought(people["clerk"], BytesIO(content)) == first
    assert brought(people["clerk"], BytesIO(content), submit=True) != first
    assert brought(people["colleague"], BytesIO(content)) != first


def test_uploads_that_race_become_one_import(committed_people: dict[str, Actor]) -> None:
    content, start = filled(whole()).getvalue(), Barrier(4)

    def upload(_number: int) -> int:
        try:
            start.wait()
            return brought(committed_people["clerk"], BytesIO(content)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(upload, range(4)))
    assert len(found) == ProjectImport.objects.count() == Event.objects.count() == 1


def test_only_who_may_open_a_registration_may_import(people: dict[str, Actor]) -> None:
    for name in ("officer", "auditor", "operator"):
        with pytest.raises(NotPermitted):
            brought(people[name], filled(whole()))


def test_the_path_of_a_file_is_not_kept(people: dict[str, Actor]) -> None:
    job = request_import(
        actor=people["clerk"],
        file=filled(whole()),
        file_name="C:\\我的\x00文件\\一批.xlsx",
        submit=False,
    )
    assert job.file_name == "一批.xlsx"


# The worker.


def test_lines_become_drafts(people: dict[str, Actor]) -> None:
    job = worked(brought(people["clerk"], filled(whole(name="甲"), whole(name="乙"))))
    assert job.status == ProjectImport.Status.DONE
    assert [(line["line"], line["name"], line["outcome"]) for line in job.report] == [
        (2, "甲", "opened"),
        (3, "乙", "opened"),
    ]
    drafts = Project.objects.order_by("pk")
    assert [(p.name, p.state, p.owner_id) for p in drafts] == [
        ("甲", "draft", people["clerk"].organisation_id),
        ("乙", "draft", people["clerk"].organisation_id),
    ]
    assert LogEntry.objects.filter(kind="procurement.import_finished").count() == 1


def test_each_line_stands_for_itself_and_says_why(people: dict[str, Actor]) -> None:
    twice = whole(name="丙")["project_code"]
    file = filled(
        whole(name="甲"),
        {**whole(name="乙"), "nature": "造"},
        whole(name="丙", project_code=twice, total_investment_fen=1),
        whole(name="丁", project_code="x"),
        whole(name="戊" * 201),
    )
    job = worked(brought(people["clerk"], file, submit=True))
    a, b, c, d, e = job.report
    assert (a["outcome"], a["refusals"]) == ("submitted", [])
    assert (b["outcome"], codes(b)) == ("refused", ["procurement.project.code_unlisted"])
    assert b["refusals"][0]["cell"] == "F3"
    assert (c["outcome"], codes(c)) == ("opened", ["procurement.project.funding_differs"])
    assert c["refusals"][0]["article"]
    assert d["outcome"] == "opened"
    assert {reason["field"] for reason in d["refusals"]} == {"project_code"}
    assert d["refusals"][0]["cell"] == "B5"
    assert (e["outcome"], codes(e)) == ("refused", ["workflow.payload.too_long"])
    assert sorted(Project.objects.values_list("state", flat=True)) == [
        "draft",
        "draft",
        "submitted",
    ]


def test_a_second_line_with_a_code_that_is_taken_stays_a_draft(people: dict[str, Actor]) -> None:
    line = whole()
    job = worked(brought(people["clerk"], filled(line, line), submit=True))
    assert [entry["outcome"] for entry in job.report] == ["submitted", "opened"]
    assert codes(job.report[1]) == ["procurement.project.code_taken"]


def test_a_membership_that_ended_refuses_every_line(people: dict[str, Actor]) -> None:
    job = brought(people["clerk"], filled(whole(), whole()))
    Membership.objects.filter(person_id=people["clerk"].person_id).update(
        valid_to=clock.today() - timedelta(1)
    )
    job = worked(job)
    assert job.status == ProjectImport.Status.DONE
    assert [(line["outcome"], codes(line)) for line in job.report] == [
        ("refused", ["access.membership.ended"])
    ] * 2
    assert not Project.objects.exists()


def test_drafts_that_were_imported_before_are_handed_in_and_not_doubled(
    people: dict[str, Actor],
) -> None:
    content = filled(whole(name="甲"), whole(name="乙")).getvalue()
    drafts = worked(brought(people["clerk"], BytesIO(content)))
    handed = worked(brought(people["clerk"], BytesIO(content), submit=True))
    assert [line["outcome"] for line in handed.report] == ["submitted"] * 2
    assert [line["case_pk"] for line in handed.report] == [
        line["case_pk"] for line in drafts.report
    ]
    assert Project.objects.count() == 2


@pytest.mark.parametrize("submit", [False, True])
def test_a_worker_that_dies_between_any_two_acts_leaves_no_double(
    committed_people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch, submit: bool
) -> None:
    class Killed(BaseException):
        """Nothing catches this, as nothing catches a signal."""

    job = brought(committed_people["clerk"], filled(*(whole() for _ in range(4))), submit=submit)
    done = 0
    acts = 8 if submit else 4
    for deadly in range(1, acts + 1):
        count = iter(range(1, acts + 1))

        def dying(*args: Any, **kwargs: Any) -> Any:
            receipt = fire(*args, **kwargs)
            if next(count) == deadly:  # noqa: B023  (called within this turn)
                raise Killed
            return receipt

        monkeypatch.setattr(import_subscriber, "fire", dying)
        with pytest.raises(Killed):
            events.deliver(delivery().pk)
        done = Act.objects.count()
        assert done == deadly
        _lease_runs_out()
    monkeypatch.setattr(import_subscriber, "fire", fire)
    assert events.deliver(delivery().pk)
    job.refresh_from_db()
    assert job.status == ProjectImport.Status.DONE
    assert Project.objects.count() == 4
    assert Act.objects.count() == acts == done
    wanted = "submitted" if submit else "opened"
    assert [line["outcome"] for line in job.report] == [wanted] * 4
    assert not RefusedAct.objects.exists()


def _lease_runs_out() -> None:
    """And the deaths are forgotten, or so many would make it a dead letter."""
    past = clock.technical_now() - timedelta(seconds=1)
    Delivery.objects.update(lease_until=past, next_attempt_at=past, attempts=0)


def test_a_finished_import_delivered_again_changes_nothing(people: dict[str, Actor]) -> None:
    job = worked(brought(people["clerk"], filled(whole())))
    acts, report = Act.objects.count(), job.report
    events.replay(subscriber=SUBSCRIBER, event_ids=[delivery().event_id])
    job = worked(job)
    assert (Act.objects.count(), job.report) == (acts, report)
    assert LogEntry.objects.filter(kind="procurement.import_finished").count() == 1


def test_a_file_that_is_gone_from_the_storage_is_tried_again_later(
    people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job = brought(people["clerk"], filled(whole()))
    (stored,) = (p for p in (tmp_path / "files").rglob("*") if p.is_file())
    aside = stored.rename(tmp_path / "aside")
    assert not events.deliver(delivery().pk)
    job.refresh_from_db()
    assert (job.status, delivery().state) == (ProjectImport.Status.WAITING, "pending")
    aside.rename(stored)
    assert worked(job).status == ProjectImport.Status.DONE


def test_three_hundred_lines_in_one_go(people: dict[str, Actor]) -> None:
    lines = [whole(name=f"项目 {n}") for n in range(300)]
    lines[150]["project_code"] = "x"
    job = worked(brought(people["clerk"], filled(*lines), submit=True))
    assert [line["line"] for line in job.report] == list(range(2, 302))
    assert sum(line["outcome"] == "submitted" for line in job.report) == 299
    assert job.report[150]["outcome"] == "opened"
    assert Project.objects.filter(state="submitted").count() == 299
