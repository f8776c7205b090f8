"""The rules of registration that people stumble over: one spelling, sound codes, own scans."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents import scans, storage
from kernel.errors import Refused
from kernel.identifiers import uscc
from procurement.projects.models import Project
from tests.procurement.projects.samples import act, opened, submitted, whole

pytestmark = pytest.mark.django_db


def codes(refused):
    return {r.code for r in refused.value.refusals}


@pytest.mark.parametrize(
    "typed",
    [
        "２５１１－２３０１０２－０４－０１－７６５４３２",
        " 2511-230102-04-01-765432 ",
        "251123010204 01765432",
        "2511–230102–04–01–765432",
    ],
)
def test_however_a_project_code_is_typed_it_is_one_code(people, typed):
    first = submitted(people["clerk"], project_code="2511-230102-04-01-765432")
    other = opened(people["stranger"], project_code=typed)
    assert other.project_code == first.project_code
    with pytest.raises(Refused) as refused:
        act(other, "submit", people["stranger"])
    assert "procurement.project.code_taken" in codes(refused)


def test_a_code_that_is_none_stays_as_typed_and_is_refused_when_handed_in(people):
    project = opened(people["clerk"], project_code="随便写的")
    assert project.project_code == "随便写的"
    with pytest.raises(Refused):
        act(project, "submit", people["clerk"])


def test_a_partys_code_with_a_wrong_check_is_refused_unless_it_is_known_here(people):
    sound = uscc.demonstration("230103", 77)
    wrong = sound[:-1] + ("0" if sound[-1] != "0" else "1")
    party = {"role": "design_firm", "uscc": wrong, "name": "示例设计院"}
    project = opened(people["clerk"], parties=[party])
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    assert codes(refused) == {"procurement.project.uscc_doubtful"}
    form = whole(project_code=project.project_code, parties=[{**party, "uscc": sound}])
    act(project, "amend", people["clerk"], form)
    assert act(project, "submit", people["clerk"]).state == "submitted"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"region": "230100"}, "region_elsewhere", "region"),
        ({"planned_start_on": "2026-05-01", "planned_end_on": "2026-05-01"}, "period_backward",
         "planned_end_on"),
    ],
)  # fmt: skip
def test_a_place_elsewhere_and_a_period_without_length_are_refused(people, changes, code, field):
    project = opened(people["clerk"], **changes)
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    assert {(r.code, r.field) for r in refused.value.refusals} == {
        (f"procurement.project.{code}", field)
    }


def test_a_paper_from_tomorrow_is_refused_by_its_row(people):
    papers = whole()["papers"]
    papers[1] = {**papers[1], "issued_on": (clock.today() + timedelta(days=1)).isoformat()}
    project = opened(people["clerk"], papers=papers)
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    (reason,) = refused.value.refusals
    assert reason.code == "procurement.project.paper_dated_ahead"
    assert reason.field == "papers.1.issued_on"


@pytest.mark.parametrize(
    ("phone", "good"),
    [
        ("19900000001", True),
        ("１９９　０００００００１", True),
        ("+86-13912345678", True),
        ("0451-82345678", True),
        ("1390000", False),
        ("12345678901", False),
        ("电话", False),
    ],
)
def test_a_phone_is_one_that_can_be_called(people, phone, good):
    project = opened(people["clerk"], manager_phone=phone)
    if good:
        assert act(project, "submit", people["clerk"]).state == "submitted"
        return
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    assert codes(refused) == {"procurement.project.phone_invalid"}


def test_who_knows_the_hash_of_anothers_scan_gets_no_file_by_it(
    people, signed_in, settings, tmp_path
):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        }
    }
    scan = b"%PDF-1.7 secret"
    sha256 = hashlib.sha256(scan).hexdigest()
    storage.put(scan, media_type="application/pdf")
    scans.record(actor=people["clerk"], sha256=sha256, at=clock.now())
    papers = [{**p, "file_sha256": sha256} for p in whole()["papers"]]
    mine = submitted(people["clerk"], papers=papers)
    theirs = opened(people["stranger"], papers=papers)
    with pytest.raises(Refused) as refused:
        act(theirs, "submit", people["stranger"])
    assert codes(refused) == {"procurement.project.paper_file_missing"}
    assert Project.objects.get(pk=theirs.pk).state == "draft"
    url = "/projects/papers/{}/" + sha256 + "/"
    assert signed_in("stranger").get(url.format(theirs.pk)).status_code == 404
    answer = signed_in("officer").get(url.format(mine.pk))
    assert b"".join(answer.streaming_content) == scan
