"""Importing many registrations: the template, each line's fate, and workers that die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents.workbooks import open_workbook
from kernel.errors import NotPermitted, Refused
from kernel.events import services as events
from kernel.events.models import Delivery, Event
from kernel.evidence.models import LogEntry
from kernel.money import to_yuan
from kernel.parties.models import Membership, User
from kernel.workflow.firing import fire
from kernel.workflow.models import Act, RefusedAct
from procurement.projects import import_lines, import_subscriber
from procurement.projects.import_lines import Lists, lists_at, read_line, read_rows
from procurement.projects.imports import request_import, template
from procurement.projects.models import Project, ProjectImport
from procurement.projects.schemas import ProjectPayload
from tests.procurement.projects.samples import whole

AT = clock.start_of(date(2026, 3, 2))
SUBSCRIBER = "procurement.projects.import"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
        }
    }


def cells_of(payload: dict[str, Any], lists: Lists) -> dict[str, Any]:
    """A payload as a person would type it, by column key."""
    flat: dict[str, Any] = {}
    for key, value in payload.items():
        if key not in {"funding", "papers", "parties"}:
            flat[key] = value
    for name in ("funding", "parties"):
        for slot, item in enumerate(payload.get(name, ())):
            flat |= {f"{name}.{slot}.{part}": value for part, value in item.items()}
    for item in payload.get("papers", ()):
        flat |= {f"papers.{item['kind']}.{part}": v for part, v in item.items() if part != "kind"}
    typed = {}
    for key, value in flat.items():
        column = lists.column(key)
        if column is None or value in (None, ""):
            continue
        if column.kind == "money":
            value = to_yuan(value)
        if column.kind == "date" and isinstance(value, str):
            value = date.fromisoformat(value)
        typed[key] = value
    return typed


@cache
def _template() -> bytes:
    return template(AT)


def filled(*lines: dict[str, Any], change: Callable[[Any], None] | None = None) -> BytesIO:
    """The template, filled in by another program: a line is a payload or cells by key."""
    lists = lists_at(AT)
    book = openpyxl.load_workbook(BytesIO(_template()))
    sheet = book.worksheets[0]
    for row, line in enumerate(lines, start=2):
        typed = cells_of(line, lists)
        for place, column in enumerate(lists.columns, start=1):
            if column.key in typed:
                cell = sheet.cell(row, place)
                cell.value = typed[column.key]
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # also where it begins like a formula
    if change:
        change(sheet)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def brought(actor: Actor, file: BytesIO, *, submit: bool = False) -> ProjectImport:
    return request_import(actor=actor, file=file, file_name="一批.xlsx", submit=submit)


def delivery() -> Delivery:
    return Delivery.objects.get(subscriber=SUBSCRIBER)


def worked(job: ProjectImport) -> ProjectImport:
    """A worker comes."""
    pending = Delivery.objects.filter(subscriber=SUBSCRIBER, state=Delivery.State.PENDING)
    for row in pending:
        assert events.deliver(row.pk), Delivery.objects.get(pk=row.pk).last_error
    job.refresh_from_db()
    return job


def codes(line: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in line["refusals"]]


# The template and a line.


def test_the_template_is_read_back_by_the_reader() -> None:
    book = open_workbook(BytesIO(template(AT)))
    assert len(book.sheets) == 3
    lists = lists_at(AT)
    head, rows = read_rows(BytesIO(template(AT)), lists)
    assert len(head.places) == len(lists.columns) == 41
    assert list(rows) == []


def test_heads_are_known_in_any_order_and_either_language() -> None:
    lists = lists_at(AT)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([c.en if n % 2 else c.zh for n, c in enumerate(reversed(lists.columns))])
    file = BytesIO()
    book.save(file)
    head, _rows = read_rows(file, lists)
    assert head.places["name"] == len(lists.columns) - 1


def test_heads_that_differ_are_named_all_at_once() -> None:
    def change(sheet: Any) -> None:
        sheet["A1"], sheet["B1"] = "备注", "详细地址"

    with pytest.raises(Refused) as caught:
        read_rows(filled(change=change), lists_at(AT))
    found = {r.code: r.facts["columns"] for r in caught.value.refusals}
    assert found == {
        "procurement.import.columns_missing": "项目名称 Project name / 项目代码 Project code",
        "procurement.import.columns_strange": "备注",
        "procurement.import.columns_twice": "详细地址",
    }


text = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30).filter(
    lambda t: not t.startswith("=")
)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
fens = st.integers(0, 10**13)


def listed(name: str) -> st.SearchStrategy[str]:
    return st.deferred(lambda: st.sampled_from(sorted(set(lists_at(AT).codes[name].values()))))


def papers() -> st.SearchStrategy[list[dict[str, Any]]]:
    kinds = ("project_approval", "land_use", "planning_permit", "funding_proof")
    one = st.fixed_dictionaries({"number": text, "issued_on": days, "issuer": text})
    return st.lists(one, max_size=4).map(
        lambda items: [{"kind": kind, **item} for kind, item in zip(kinds, items, strict=False)]
    )


payloads = st.fixed_dictionaries(
    {
        "name": text,
        "project_code": text,
        "region": listed("region"),
        "address": text,
        "project_class": listed("project_class"),
        "nature": listed("construction_nature"),
        "approval_kind": listed("investment_kind"),
        "total_investment_fen": fens,
        "floor_area_m2": st.integers(0, 10**9),
        "planned_start_on": days,
        "planned_end_on": days,
        "summary": text,
        "manager_name": text,
        "manager_phone": text.map(lambda t: t[:20]),
        "funding": st.lists(
            st.fixed_dictionaries({"source": listed("funding_source"), "amount_fen": fens}),
            max_size=3,
        ),
        "papers": papers(),
        "parties": st.lists(
            st.fixed_dictionaries(
                {"role": listed("project_party"), "uscc": text.map(lambda t: t[:18]), "name": text}
            ),
            max_size=3,
        ),
    }
)


@settings(max_examples=15)
@given(typed=st.lists(payloads, min_size=1, max_size=5))
def test_what_is_typed_into_the_template_becomes_the_payload(typed: list[dict[str, Any]]) -> None:
    lists = lists_at(AT)
    head, rows = read_rows(filled(*typed), lists)
    found = [ProjectPayload.model_validate(read_line(head.cells(r), lists).payload) for r in rows]
    assert found == [ProjectPayload.model_validate(payload) for payload in typed]


def line_of(**cells: Any) -> dict[str, Any]:
    return read_line(cells, lists_at(AT)).payload


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("230102", "230102"),
        (Decimal(230102), "230102"),
        ("哈尔滨市道里区", "230102"),
        ("黑龙江省哈尔滨市道里区", "230102"),
        ("230102 黑龙江省哈尔滨市道里区", "230102"),
    ],
)
def test_a_place_is_known_by_code_or_name(cell: Any, code: str) -> None:
    assert line_of(region=cell)["region"] == code


@pytest.mark.parametrize("cell", ["001", "新建", "new construction", Decimal(1)])
def test_a_code_is_known_by_its_labels_and_without_its_zeros(cell: Any) -> None:
    assert line_of(nature=cell)["nature"] == "001"


@pytest.mark.parametrize(
    "cell",
    [date(2026, 3, 1), "2026-03-01", "2026/3/1", "2026年3月1日", "20260301", Decimal(20260301)],
)
def test_a_day_is_known_in_the_ways_people_write_it(cell: Any) -> None:
    assert line_of(planned_start_on=cell)["planned_start_on"] == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("planned_start_on", "2026-02-30", "procurement.import.cell_invalid"),
        ("planned_start_on", Decimal(46082), "procurement.import.cell_invalid"),
        ("floor_area_m2", Decimal("1.5"), "procurement.import.cell_invalid"),
        ("floor_area_m2", True, "procurement.import.cell_invalid"),
        ("total_investment_fen", Decimal("-1"), "procurement.import.cell_invalid"),
        ("total_investment_fen", Decimal("0.001"), "money.too_many_decimals"),
        ("total_investment_fen", "一亿", "money.not_a_number"),
        ("project_code", Decimal("251123010204011234567"), "procurement.import.number_for_text"),
        ("papers.land_use.number", date(2025, 3, 1), "procurement.import.number_for_text"),
        ("nature", "造", "procurement.project.code_unlisted"),
        ("region", "310101", "procurement.project.code_unlisted"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_by_its_column(
    key: str, cell: Any, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        line_of(**{key: cell})
    assert (code, key) in [(r.code, r.field) for r in caught.value.refusals]


def test_every_fault_of_a_line_is_told_at_once() -> None:
    with pytest.raises(Refused) as caught:
        line_of(
            nature="造",
            planned_end_on="soon",
            **{"funding.1.source": "private", "parties.0.uscc": "9"},
        )
    assert [r.field for r in caught.value.refusals] == [
        "nature", "planned_end_on", "funding.1.amount_fen", "parties.0.role", "parties.0.name",
    ]  # fmt: skip


def test_a_skipped_group_leaves_no_hole_and_keeps_its_place() -> None:
    cells: dict[str, Any] = {
        "funding.2.source": "private",
        "funding.2.amount_fen": Decimal("12.50"),
    }
    line = read_line(cells, lists_at(AT))
    assert line.payload["funding"] == [{"source": "private", "amount_fen": 1250}]
    assert line.places["funding.0.amount_fen"] == "funding.2.amount_fen"


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


# The pages.


@pytest.fixture
def clerk(people: dict[str, Actor], signed_in: Callable[[str], Any]) -> Iterator[Client]:
    yield signed_in("clerk")


def post(client: Client, content: bytes, submit: str = "draft") -> Any:
    file = SimpleUploadedFile("一批.xlsx", content)
    return client.post(reverse("procurement:project-import"), {"file": file, "submit": submit})


def test_the_page_takes_a_workbook_and_leads_to_its_report(clerk: Client) -> None:
    page = clerk.get(reverse("procurement:project-import"))
    assert page.status_code == 200
    assert reverse("procurement:project-import-template") in page.content.decode()
    answer = post(clerk, filled(whole(name="示例一"), whole(name="示例二", nature="造")).getvalue())
    job = ProjectImport.objects.get()
    assert answer.status_code == 302
    waiting = clerk.get(answer.url).content.decode()
    assert "every 2s" in waiting
    assert "http-equiv" in waiting
    worked(job)
    done = clerk.get(answer.url).content.decode()
    assert "every 2s" not in done
    assert "F3" in done
    assert reverse("web:case", args=["procurement.project", job.report[0]["case_pk"]]) in done
    problems = clerk.get(f"{answer.url}?show=problems").content.decode()
    assert "示例一" not in problems
    assert "示例二" in problems


def test_the_report_can_be_taken_along(clerk: Client) -> None:
    url = post(clerk, filled(whole(name="=1+1"), whole(nature="造")).getvalue()).url
    worked(ProjectImport.objects.get())
    answer = clerk.get(f"{url}?format=xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = list(open_workbook(BytesIO(content)).rows())
    assert rows[1].cells[:3] == (Decimal(2), "=1+1", "已建立草稿")
    assert rows[2].cells[4] == "F3"


def test_the_report_speaks_the_reader_s_language(clerk: Client) -> None:
    cells = {**whole(), "floor_area_m2": Decimal("1.5")}
    url = post(clerk, filled(cells).getvalue()).url
    worked(ProjectImport.objects.get())
    clerk.cookies["django_language"] = "en"
    assert "Floor area" in clerk.get(url).content.decode()


def test_a_refused_file_is_told_on_the_form_with_every_reason(clerk: Client) -> None:
    def change(sheet: Any) -> None:
        sheet["A1"] = "备注"

    answer = post(clerk, filled(change=change).getvalue())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "procurement.import.columns_missing" in page
    assert "procurement.import.columns_strange" in page


def test_no_file_and_no_choice_are_asked_for(clerk: Client) -> None:
    answer = clerk.post(reverse("procurement:project-import"), {})
    assert answer.status_code == 422
    assert "请选择要导入的工作簿" in answer.content.decode()


def test_a_large_upload_is_cut_off_and_told(clerk: Client) -> None:
    answer = post(clerk, bytes(11 * 1024 * 1024))
    assert answer.status_code == 422
    assert "10 MB" in answer.content.decode()
    assert not ProjectImport.objects.exists()


def test_the_upload_needs_its_token(people: dict[str, Actor]) -> None:
    strict = Client(enforce_csrf_checks=True)
    user = User.objects.get(username="clerk")
    strict.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert post(strict, filled(whole()).getvalue()).status_code == 403
    assert not ProjectImport.objects.exists()


def test_another_organisation_sees_nothing_of_it(
    clerk: Client, signed_in: Callable[[str], Any]
) -> None:
    url = post(clerk, filled(whole()).getvalue()).url
    assert signed_in("colleague").get(url).status_code == 200
    assert signed_in("stranger").get(url).status_code == 404
    assert signed_in("officer").get(url).status_code == 403
    assert signed_in("officer").get(reverse("procurement:project-import")).status_code == 403


def test_the_template_is_offered_as_a_file(clerk: Client) -> None:
    answer = clerk.get(reverse("procurement:project-import-template"))
    assert "attachment" in answer["Content-Disposition"]
    assert open_workbook(BytesIO(answer.content)).sheets[0].startswith("报建")


def test_a_line_of_which_a_needed_cell_is_empty_names_its_column() -> None:
    lists = lists_at(AT)
    items = [("1", {"source": "state"})]
    (reason,) = import_lines._incomplete(items, "funding", ("source", "amount_fen"), lists)
    assert (reason.code, reason.field) == (
        "procurement.import.cell_missing", "funding.1.amount_fen",
    )  # fmt: skip
    assert reason.facts["column"]
