"""Studies are told apart by what was asked, and whoever asked can go on with the draft."""

from __future__ import annotations

import pytest

from credit.scoring import selectors, studies
from credit.scoring.models import CreditStudy
from kernel import clock
from kernel.parties.models import User
from tests.credit.scoring.test_editor import ADDRESS, NEW, as_it_is, officer

__all__ = ["officer"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def test_who_goes_on_with_a_draft_finds_its_values(officer):
    said = as_it_is() | NEW | {
        "version": "2027.1", "valid_from": "2027-01-01", "value:base": "55.50", "kind": "try",
        "gone:late_filing": "1",
    }  # fmt: skip
    officer.post(ADDRESS, said)
    study = CreditStudy.objects.get()
    shown = officer.get(f"/credit/supervision/{study.pk}/").content.decode()
    for words in (
        "基础分 60.00 → 55.50",
        "版本",
        "增加评价项“绿色工地”",
        "删去评价项“逾期办理竣工验收备案”",
    ):
        assert words in shown
    assert f"{ADDRESS}?study={study.pk}" in shown
    assert f"/credit/supervision/{study.pk}/scheme.toml" in shown
    page = officer.get(ADDRESS, {"study": study.pk})
    values = {one.name: one.value for one in page.context["form"].inputs}
    assert values["value:base"] == "55.50"
    assert (values["version"], values["valid_from"]) == ("2027.1", "2027-01-01")
    assert values["points:green_site"] == "5.00"
    assert "points:late_filing" not in values
    again = as_it_is(study.draft) | {"study": study.pk, "value:base": "56", "kind": "try"}
    officer.post(ADDRESS, again)
    second = CreditStudy.objects.first()
    assert studies.drafted(second.draft).base == 5600
    assert "green_site" in studies.drafted(second.draft).items
    assert officer.get(ADDRESS, {"study": "999999"}).status_code == 404
    assert officer.get(ADDRESS, {"study": "x"}).status_code == 200


def test_studies_of_drafts_are_told_apart(officer):
    for base in ("55", "56"):
        officer.post(ADDRESS, as_it_is() | {"value:base": base, "kind": "try"})
    answer = officer.get("/credit/supervision/")
    page = answer.content.decode()
    rows = answer.context["studies"]
    assert {row["draft"]["few"][0] for row in rows} == {
        "基础分 60.00 → 55.00", "基础分 60.00 → 56.00",
    }  # fmt: skip
    assert len({row["draft"]["hash"] for row in rows}) == 2
    assert all(row["draft"]["hash"] in page for row in rows)
    assert {row["asked_by"] for row in rows} == {User.objects.get(username="one").person.name}


def test_a_study_calls_every_silent_item_by_its_words(officer):
    study = CreditStudy.objects.create(
        asked_by=1, asked_at=clock.now(), valid_on=clock.today(), first=selectors.SCHEME,
        second="schemes.highway", done_at=clock.now(),
        result={
            "first": {"code": selectors.SCHEME}, "second": {"code": "schemes.highway"},
            "silent": {"bidding_stated": 2},
            "second_silent": {"hazard_major": 1, "late_contract": 3},
        },
    )  # fmt: skip
    page = officer.get(f"/credit/supervision/{study.pk}/").content.decode()
    for words in ("投标不良行为（分值以决定文书为准）", "重大事故隐患", "逾期签订合同"):
        assert words in page
    assert "bidding_stated" not in page
