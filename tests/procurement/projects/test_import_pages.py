"""The pages of an import: the upload, the report, what is refused at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel.access.actors import Actor
from kernel.documents.workbooks import open_workbook
from kernel.parties.models import User
from procurement.projects.models import ProjectImport
from tests.procurement.projects.importing import (
    filled,
    keep_files,
    worked,
)
from tests.procurement.projects.samples import whole


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    keep_files(settings, tmp_path)


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
