"""Drawings are filed whole, reviewed in time by those asked, returned with opinions."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from kernel.errors import Refused, catalogue
from kernel.workflow.models import Deadline
from procurement.projects.drawings.selectors import certificates, drawings_passed
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from tests.conftest import member
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import registered, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C = "procurement.drawing_review."


@pytest.fixture
def who():
    return b.people()


@pytest.fixture
def number(who):
    return registered(who["owner"], who["officer"]).number


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scale": "huge"}, "scale_missing"),
        ({"name": ""}, "name_missing"),
        ({"reviewer_uscc": "91230102MA00000009"}, "reviewer_unknown"),
        ({"documents": b.papers(*b.DRAWINGS[1:])}, "document_missing"),
        ({"documents": b.papers(*b.DRAWINGS, "poem")}, "kind_unlisted"),
    ],
)
def test_a_filing_with_a_fault_is_refused_by_name(who, number, changes, code):
    payload = b.drawings(number, who, **changes)
    assert b.codes(b.REVIEW, None, "file", who["owner"], payload) == {_C + code}


def test_a_drawing_that_nobody_brought_is_refused_by_its_row(who, number):
    named = b.papers(*b.DRAWINGS)
    named[0]["file_sha256"] = b.photo(who["stranger"])
    payload = b.drawings(number, who, documents=named)
    assert b.codes(b.REVIEW, None, "file", who["owner"], payload) == {_C + "file_missing"}


def test_drawings_of_a_project_that_is_not_registered_or_not_ones_own_are_refused(who, number):
    draft = submitted(who["owner"])
    for payload, by in (
        (b.drawings(draft.number, who), "owner"),
        (b.drawings(number, who), "stranger"),
    ):
        found = b.codes(b.REVIEW, None, "file", who[by], payload)
        assert found == {_C + "project_unknown"}


def test_firms_that_the_projects_record_does_not_name_are_refused_with_both(who, number):
    # The scheme names each in the other's place.
    swapped = {"survey_uscc": who["design"].uscc, "design_uscc": who["survey"].uscc}
    with pytest.raises(Refused) as refused:
        b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who, **swapped))
    told = {reason.field: reason for reason in refused.value.refusals}
    assert {reason.code for reason in told.values()} == {_C + "party_off_record"}
    assert told["survey_uscc"].facts["named"] == f"示例单位22 {who['design'].uscc}"
    assert [one[-18:] for one in told["survey_uscc"].facts["recorded"]] == [who["survey"].uscc]
    assert "项目登记" in told["design_uscc"].article
    for language in ("zh-hans", "en"):
        with override(language):
            said = catalogue.message(told["design_uscc"])
            assert who["survey"].uscc in said and who["design"].uscc in said


def test_a_record_without_a_design_firm_is_said_to_have_none(who, number):
    project = Project.objects.get(number=number)
    kept = [one for one in project.parties if one["role"] != "design_firm"]
    Project.objects.filter(pk=project.pk).update(parties=kept)
    with pytest.raises(Refused) as refused:
        b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who))
    (reason,) = refused.value.refusals
    assert (reason.code, reason.facts["recorded"]) == (_C + "party_off_record", [])
    assert "没有登记" in catalogue.message(reason)


@pytest.mark.parametrize(
    ("scale", "last"),
    # Ten and fifteen working days from Monday 1 September 2025; 28 September is a working Sunday.
    [("medium_small", date(2025, 9, 15)), ("large", date(2025, 9, 22))],
)
def test_the_scale_decides_how_long_a_review_may_take(who, number, scale, last):
    review = b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who, scale=scale))
    b.act(b.REVIEW, review.pk, "start", who["reviewer"])
    row = Deadline.objects.get(machine=b.REVIEW, case_pk=review.pk)
    assert (row.period_key, row.last_day) == ("drawing_review.review", last)


def test_drawings_go_back_with_opinions_and_pass_when_mended(who, number):
    review = b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who))
    assert not drawings_passed(number)
    b.act(b.REVIEW, review.pk, "start", who["reviewer"])
    found = b.codes(b.REVIEW, review.pk, "return", who["reviewer"], {"opinions": []})
    assert found == {_C + "opinions_missing"}
    b.act(b.REVIEW, review.pk, "return", who["reviewer"], {"opinions": ["疏散宽度不足"]})
    found = b.codes(b.REVIEW, review.pk, "refile", who["owner"], {"documents": []})
    assert found == {_C + "document_missing"}
    mended = {"documents": b.papers(*b.DRAWINGS)}
    b.act(b.REVIEW, review.pk, "refile", who["owner"], mended)
    b.act(b.REVIEW, review.pk, "start", who["reviewer"])
    review = b.act(b.REVIEW, review.pk, "pass", who["reviewer"], {"conclusion": "合格"})
    assert drawings_passed(number)
    assert certificates(number) == [f"{number}-TX-001"] == [review.certificate_number]
    report = b.act(b.REVIEW, review.pk, "report_result", who["reviewer"])
    assert report.state == "reported" and drawings_passed(number)


def test_drawings_that_come_back_name_who_designs_by_now_as_the_project_has_it(who, number):
    """A designer who left: first the project's record changes, then the filing follows it."""
    review = b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who))
    b.act(b.REVIEW, review.pk, "start", who["reviewer"])
    b.act(b.REVIEW, review.pk, "return", who["reviewer"], {"opinions": ["疏散宽度不足"]})
    other = member("other_design", "design_clerk", serial=29)
    mended = {"documents": b.papers(*b.DRAWINGS), "design_uscc": other.uscc}
    found = b.codes(b.REVIEW, review.pk, "refile", who["owner"], mended)
    assert found == {_C + "party_off_record"}
    project = Project.objects.get(number=number)
    b.act(PROJECT.code, project.pk, "change_party", who["owner"], {
        "role": "design_firm", "left_uscc": who["design"].uscc, "uscc": other.uscc,
        "name": "示例新设计院", "document_number": "协议 1 号",
        "reason": "原设计单位注销",
    })  # fmt: skip
    # Who left is not filed again by being left as it was.
    same = {"documents": b.papers(*b.DRAWINGS)}
    found = b.codes(b.REVIEW, review.pk, "refile", who["owner"], same)
    assert found == {_C + "party_off_record"}
    review = b.act(b.REVIEW, review.pk, "refile", who["owner"], mended)
    assert (review.design_uscc, review.survey_uscc) == (other.uscc, who["survey"].uscc)


def test_only_the_reviewer_who_was_asked_reviews(who, number):
    review = b.act(b.REVIEW, None, "file", who["owner"], b.drawings(number, who))
    for name in ("owner", "officer", "stranger"):
        found = b.codes(b.REVIEW, review.pk, "start", who[name])
        assert found == {"access.act.not_permitted"}
    assert b.codes(b.REVIEW, review.pk, "pass", who["reviewer"]) == {"workflow.act.not_in_state"}
