"""What one officer brings counts when another has confirmed it, and not before."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from credit.enterprises.models import (
    Achievement,
    ArchiveChange,
    Enterprise,
    NationalImport,
    NationalRecord,
)
from credit.enterprises.national import services
from kernel import clock
from kernel.errors import NotFound, NotPermitted, Refused
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from kernel.web import desk_parts
from tests.credit.conduct import samples as officers
from tests.credit.enterprises.national.files import CONTRACTS, as_csv, bring, brought
from tests.credit.enterprises.national.test_reading import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEPT = (Achievement, ArchiveChange, Enterprise, NationalRecord)


@pytest.fixture
def people():
    return officers.officers()


def refused(act, *args, **more):
    with pytest.raises(Refused) as found:
        act(*args, **more)
    return {reason.code: reason for reason in found.value.refusals}


def confirm(people, job, who="two"):
    return services.confirm(actor=people[who], pk=job.pk)


def kept():
    return [model.objects.count() for model in KEPT]


def on_desk(people, who):
    return {row.title for row in desk_parts.rows(people[who], clock.now())}


def test_nothing_of_a_file_counts_before_another_officer_confirms_it(people):
    content = as_csv(cells(), cells(RecordNum="R-2", ContractMoney="viel"))
    job = brought(people, content)
    assert (job.state, job.added, job.refused) == ("waiting", 1, 1)
    assert job.report[0]["reasons"][0]["column"] == "ContractMoney"
    assert kept() == [0, 0, 0, 0]
    own = refused(confirm, people, job, "one")
    assert set(own) == {"credit.national.same_officer"}
    assert "双人" in own["credit.national.same_officer"].article
    assert kept() == [0, 0, 0, 0]
    job = confirm(people, job)
    assert (job.state, job.added, job.decided_by) == ("in_force", 1, people["two"].person_id)
    assert Achievement.objects.get().source.startswith(CONTRACTS)
    assert set(refused(confirm, people, job)) == {"credit.national.decided"}
    kinds = LogEntry.objects.filter(case=f"credit.national_import:{job.pk}").order_by("pk")
    assert [entry.kind for entry in kinds] == [
        "credit.national_import.brought", "credit.national_import",
    ]  # fmt: skip


def test_only_a_credit_officer_of_the_place_or_above_confirms(people):
    job = brought(people, as_csv(cells()))
    with pytest.raises(NotPermitted):
        confirm(people, job, "firm")
    with pytest.raises(NotFound):
        confirm(people, job, "far")
    assert confirm(people, job, "upper").state == "in_force"


def test_lines_are_held_against_the_archive_of_the_day_of_confirmation(people):
    first = brought(people, as_csv(cells()))
    again = bring(people, as_csv(cells(ContractMoney="20000")), who="two")
    assert again.added == 1
    assert first.added == 1
    first = confirm(people, first)
    assert (first.added, first.changed) == (0, 1)


def test_a_file_that_is_declined_changes_nothing_and_may_be_brought_anew(people):
    job = brought(people, as_csv(cells()))
    bare = refused(services.decline, actor=people["two"], pk=job.pk, reason=" ")
    assert set(bare) == {"workflow.reason.missing"}
    services.decline(actor=people["two"], pk=job.pk, reason="不是本省的数据。")
    assert kept() == [0, 0, 0, 0]
    assert set(refused(confirm, people, job)) == {"credit.national.decided"}
    again = brought(people, as_csv(cells()))
    assert again.pk != job.pk
    assert brought(people, as_csv(cells())).pk == again.pk


def test_a_file_that_waits_in_one_place_stops_nobody_in_another(people):
    waiting = brought(people, as_csv(cells()), who="far")
    assert bring(people, as_csv(cells())).state == "in_force"
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_what_waits_stands_on_the_desk_of_who_may_confirm_it(people, client):
    job = brought(people, as_csv(cells()))
    assert {who for who in people if job.file_name in on_desk(people, who)} == {
        "two", "upper", "upper2",
    }  # fmt: skip
    client.force_login(User.objects.get(username="two"), BACKEND)
    assert job.file_name in client.get("/credit/supervision/").content.decode()
    confirm(people, job)
    assert job.file_name not in on_desk(people, "two")


def test_the_confirmer_sees_report_and_file_and_decides_on_the_page(people, client):
    job = brought(people, as_csv(cells(), cells(RecordNum="R-2", ContractMoney="viel")))
    address = f"/credit/national/{job.pk}/"
    client.force_login(User.objects.get(username="one"), BACKEND)
    assert 'value="confirm"' not in client.get(address).content.decode()
    answer = client.post(address, {"decide": "confirm"})
    assert answer.status_code == 422
    assert "导入人不得自行确认" in answer.content.decode()
    client.force_login(User.objects.get(username="two"), BACKEND)
    page = client.get(address).content.decode()
    assert "viel" in page and 'value="confirm"' in page
    file = client.get(f"{address}file/")
    assert b"".join(file.streaming_content).startswith(b"\xef\xbb\xbfRecordNum")
    assert client.post(address, {"decide": "confirm"}).status_code == 302
    assert NationalImport.objects.get().state == "in_force"
    client.force_login(User.objects.get(username="far"), BACKEND)
    assert client.get(f"{address}file/").status_code == 404


def command(file, **more):
    out = io.StringIO()
    call_command("import_national", file, table=CONTRACTS, json=True, stdout=out, **more)
    return json.loads(out.getvalue())


def test_the_command_names_two_officers_or_leaves_the_file_unconfirmed(people, tmp_path):
    file = tmp_path / "contracts.csv"
    file.write_bytes(as_csv(cells()))
    assert command(file, officer="one")["state"] == "waiting"
    assert kept() == [0, 0, 0, 0]
    for pair in (
        {"officer": "one", "confirmer": "one"}, {"confirmer": "two"}, {"officer": "firm"},
        {"officer": "nobody"}, {"officer": "one", "confirmer": "far"},
    ):  # fmt: skip
        with pytest.raises(CommandError):
            command(file, **pair)
    assert kept() == [0, 0, 0, 0]
    assert command(file, officer="one", confirmer="two")["state"] == "in_force"
    assert Achievement.objects.count() == 1


def test_behind_a_file_of_the_command_alone_stand_two_officers(people, tmp_path):
    file = tmp_path / "contracts.csv"
    file.write_bytes(as_csv(cells()))
    assert command(file)["state"] == "waiting"
    job = NationalImport.objects.get()
    job = confirm(people, job, "upper")
    assert (job.state, job.person_id, kept()) == (
        "waiting", people["upper"].person_id, [0, 0, 0, 0],
    )  # fmt: skip
    assert set(refused(confirm, people, job, "upper")) == {"credit.national.same_officer"}
    assert confirm(people, job, "upper2").state == "in_force"
