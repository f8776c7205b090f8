"""The editor of schemes: a form, checked, kept as a file, tried over everybody; faults keep it."""

from __future__ import annotations

import pytest
from django.test import Client

from credit.scoring import editor, selectors, studies, supervising
from credit.scoring.models import CreditStudy
from kernel import clock
from kernel.parties.models import User
from tests.credit.conduct import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
ADDRESS = "/credit/supervision/editor/"


@pytest.fixture
def officer():
    person = samples.officers()["one"].person_id
    browser = Client()
    browser.force_login(User.objects.get(person_id=person))
    return browser


def text():
    return supervising.text_of(selectors.SCHEME, clock.now())


def as_it_is():
    """The form as a browser sends it back, nothing changed."""
    shown = editor.form(text(), {}, clock.now())
    said = {row["name"]: row["value"] for row in shown["values"]}
    for row in shown["items"]:
        for field, name in (("points", "points"), ("days", "days"), ("decay", "decay"),
                            ("half", "half_life"), ("veto", "veto")):  # fmt: skip
            said[f"{field}:{row['code']}"] = row[name]
    return said


def test_a_form_sent_back_as_it_is_is_the_scheme_as_it_is():
    assert editor.read(text(), as_it_is()).text.split() == text().split()


def test_what_is_typed_is_tried_over_everybody(officer):
    said = as_it_is() | {
        "version": "2026.9", "value:base": "55.50", "points:hazard_major": "-12.5",
        "days:hazard_major": "365", "decay:hazard_major": "linear", "gone:late_filing": "1",
        "new:code": "lent_licence", "new:zh": "出借资质", "new:en": "Licence lent",
        "new:points": "-20", "new:category": "tendering", "new:days": "1095",
        "new:severity": "serious", "new:article": "《建筑法》第二十六条", "kind": "try",
    }  # fmt: skip
    answer = officer.post(ADDRESS, said)
    study = CreditStudy.objects.get()
    assert answer.url == f"/credit/supervision/{study.pk}/"
    assert study.first == selectors.SCHEME
    scheme, before = studies.drafted(study.draft), selectors.scheme(clock.now())
    assert (scheme.version, scheme.base) == ("2026.9", 5550)
    major = scheme.items["hazard_major"]
    assert (major.points, major.days, major.decay) == (-1250, 365, "linear")
    assert scheme.items["lent_licence"].points == -2000
    changed = {"hazard_major", "late_filing", "lent_licence"}
    assert "late_filing" not in scheme.items
    assert {c: i for c, i in scheme.items.items() if c not in changed} == {
        c: i for c, i in before.items.items() if c not in changed
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("value:base", "sixty", "credit.scheme.draft_number"),
        ("points:hazard_major", "1.234", "credit.scheme.draft_number"),
        ("days:hazard_major", "1.5", "credit.scheme.draft_number"),
        ("days:hazard_major", "0", "credit.scheme.draft_faulty"),
        ("points:hazard_major", "8", "credit.scheme.draft_faulty"),
        ("decay:hazard_major", "half_life", "credit.scheme.draft_faulty"),
        ("decay:hazard_major", "sudden", "credit.scheme.draft_faulty"),
        ("new:code", "local_firm", "credit.scheme.draft_number"),
        ("new:code", "绿色工地", "credit.scheme.draft_code"),
        ("new:zh", "只有名称", "credit.scheme.draft_code"),
        ("new:code", "green_site", "credit.scheme.draft_empty"),
        ("points:hazard_major", "", "credit.scheme.draft_number"),
        ("days:hazard_major", " ", "credit.scheme.draft_number"),
        ("value:base", "", "credit.scheme.draft_number"),
        ("points:hazard_major", "-99999999", "credit.scheme.draft_number"),
        ("valid_from", "2020-01-01", "credit.scheme.draft_early"),
        ("valid_from", "soon", "credit.score.day_unreadable"),
        ("value:base", "200", "credit.scheme.draft_faulty"),
        ("value:bound.lower", "70", "credit.scheme.draft_faulty"),
        ("value:band.C", "10", "credit.scheme.draft_faulty"),
        ("value:floor.safety", "30", "credit.scheme.draft_faulty"),
        ("value:cap.award", "-1", "credit.scheme.draft_faulty"),
        ("valid_on", "yesterday", "credit.score.day_unreadable"),
    ],
)
def test_a_fault_is_told_and_what_was_typed_stays(officer, field, typed, code):
    answer = officer.post(ADDRESS, as_it_is() | {field: typed, "kind": "try"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert code in shown
    assert typed in shown or field.startswith("decay:")
    assert not CreditStudy.objects.exists()


def test_where_a_firm_is_registered_is_nothing_that_an_editor_can_read(officer):
    said = as_it_is() | {
        "new:code": "from_here", "new:zh": "哈尔滨市企业", "new:points": "5",
        "new:category": "award", "new:days": "365", "new:article": "规定", "kind": "file",
    }  # fmt: skip
    answer = officer.post(ADDRESS, said)
    assert answer.status_code == 422
    assert "where a firm is registered" in answer.content.decode()


def test_a_scheme_without_items_is_none(officer):
    gone = {f"gone:{code}": "1" for code in selectors.scheme(clock.now()).items}
    answer = officer.post(ADDRESS, as_it_is() | gone | {"kind": "try"})
    assert answer.status_code == 422
    assert "方案没有评价项" in answer.content.decode()


def test_signs_of_full_width_are_read(officer):
    said = as_it_is() | {
        "points:hazard_major": "－２．５０",
        "days:hazard_major": "３６５",
        "kind": "file",
    }
    item = studies.drafted(officer.post(ADDRESS, said).content.decode()).items["hazard_major"]
    assert (item.points, item.days) == (-250, 365)


def test_a_draft_is_had_as_the_file_that_a_scheme_is_published_from(officer):
    answer = officer.post(ADDRESS, as_it_is() | {"value:base": "61", "kind": "file"})
    assert answer["Content-Type"].startswith("application/toml")
    assert studies.drafted(answer.content.decode()).base == 6100


def test_every_scheme_can_be_the_beginning_and_nobody_else_gets_there(officer):
    for code, _title in selectors.codes(clock.now()):
        assert officer.get(ADDRESS, {"scheme": code}).context["scheme"] == code
    assert officer.get(ADDRESS, {"scheme": "schemes.nowhere"}).context["scheme"] == selectors.SCHEME
    assert Client().get(ADDRESS).status_code == 302
