"""The editor of schemes: a form, checked, kept as a file, tried over everybody; faults keep it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from credit.scoring import editor_form, kinds, scheme_words, selectors, studies
from credit.scoring.editor_reading import read
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


def text(code=selectors.SCHEME):
    return selectors.text_of(code, clock.now())


def as_it_is(base=""):
    """The form as a browser sends it back, nothing changed."""
    shown = editor_form.form(base or text(), {}, [], valid_on="")
    return {one.name: one.value for one in shown.inputs if one.type != "checkbox"}


def told(answer):
    """Of each fault that the page tells: the field it stands at, and its code."""
    form = answer.context["form"]
    found = {(one.name, error.code) for one in form.inputs for error in one.errors}
    return found | {("", one.code) for one in answer.context["refused"]}


def test_a_form_sent_back_as_it_is_is_the_scheme_as_it_is():
    for code, _title in selectors.codes(clock.now()):
        assert read(text(code), as_it_is(text(code))).text.split() == text(code).split()


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
        ("days:hazard_major", "0", "credit.scheme.beyond"),
        ("points:hazard_major", "8", "credit.scheme.severity_of_good"),
        ("points:hazard_major", "0", "credit.scheme.no_points"),
        ("points:performance_good", "-8", "credit.scheme.severity_needed"),
        ("half:hazard_major", "30", "credit.scheme.half_life_unused"),
        ("veto:performance_good", "yes", "credit.scheme.veto_of_good"),
        ("veto:collusion", "no", "credit.scheme.limits_nothing"),
        ("value:veto.cap", "", "credit.scheme.veto_without_cap"),
        ("version", "!", "credit.scheme.form"),
        ("decay:hazard_major", "half_life", "credit.scheme.half_life_needed"),
        ("decay:hazard_major", "sudden", "credit.scheme.one_of"),
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
        ("value:base", "200", "credit.scheme.base_outside"),
        ("new:code", "hazard_major", "credit.scheme.item_known"),
        ("value:bound.lower", "70", "credit.scheme.base_outside"),
        ("value:bound.lower", "101", "credit.scheme.bounds_crossed"),
        ("value:band.A", "80", "credit.scheme.band_twice"),
        ("value:band.AAA", "101", "credit.scheme.band_unreached"),
        ("value:band.C", "10", "credit.scheme.band_above_lower"),
        ("value:floor.safety", "30", "credit.scheme.floor_above_nought"),
        ("value:cap.award", "-1", "credit.scheme.cap_below_nought"),
        ("valid_on", "yesterday", "credit.score.day_unreadable"),
    ],
)
def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(officer, field, typed, code):
    answer = officer.post(ADDRESS, as_it_is() | {field: typed, "kind": "try"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    places = {place for place, found in told(answer) if found == code}
    assert places
    for place in places:
        assert f'aria-describedby="{place}_error"' in shown
        assert f'id="{place}_error"' in shown
        assert f'href="#{place}"' in shown
        assert f'id="{place}"' in shown
    assert code in shown
    assert typed in shown or field.startswith("decay:")
    assert not CreditStudy.objects.exists()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"half:hazard_major": "30"}, ("half:hazard_major", "half_life_unused")),
        ({"decay:hazard_major": "half_life"}, ("half:hazard_major", "half_life_needed")),
        ({"veto:collusion": "no"}, ("value:veto.cap", "limits_nothing")),
        ({"value:veto.cap": ""}, ("veto:collusion", "veto_without_cap")),
        ({"points:hazard_major": "8"}, ("points:hazard_major", "severity_of_good")),
        ({"gone:award_national": "1", "gone:award_provincial": "1"},
         ("value:cap.award", "limits_nothing")),
        ({"value:base": "sixty", "valid_from": "soon"}, ("valid_from", "day_unreadable")),
    ],
)  # fmt: skip
def test_each_fault_stands_at_the_field_that_can_mend_it(officer, said, fault):
    found = told(officer.post(ADDRESS, as_it_is() | said | {"kind": "file"}))
    assert fault[0] in {place for place, code in found if code.endswith(f".{fault[1]}")}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "评价项“重大事故隐患” · 有效天数：须在 1 至 7320 之间"),
        ("en", "Item “Major hazard” · Days that it weighs must lie between 1 and 7320"),
    ],
)
def test_a_fault_names_its_field_in_the_words_of_the_form(officer, language, words):
    officer.cookies["django_language"] = language
    shown = officer.post(ADDRESS, as_it_is() | {"days:hazard_major": "0", "kind": "try"})
    assert words in shown.content.decode()
    assert not re.search("scheme.toml|hazard_major（|第 ?\\d+ ?行|line \\d", shown.content.decode())


def test_a_limit_of_points_is_told_as_points_are_typed(officer):
    said = {"value:base": "100", "value:bound.upper": "999999", "kind": "file"}
    shown = officer.post(ADDRESS, as_it_is() | said).content.decode()
    assert "须在 -100000.00 至 100000.00 之间" in shown


NEW = {
    "new:code": "green_site", "new:zh": "绿色工地", "new:points": "5", "new:category": "award",
    "new:days": "365", "new:article": "规定", "kind": "file",
}  # fmt: skip


def test_a_new_item_has_every_key_that_an_item_may_have(officer):
    asked = set(editor_form.NEW.values())
    # Of whom and where it holds is nothing that a scheme may say.
    assert asked >= {"key", "article", "article_en", "source", "note", *kinds.OF_ITEMS}
    said = NEW | {
        "new:decay": "half_life", "new:half": "90", "new:note": "试行", "new:source": "web_page",
    }  # fmt: skip
    answer = officer.post(ADDRESS, as_it_is() | said)
    item = studies.drafted(answer.content.decode()).items["green_site"]
    assert (item.decay, item.half_life_days, item.veto) == ("half_life", 90, False)
    said = NEW | {
        "new:points": "-5", "new:severity": "serious", "new:veto": "yes", "new:stated": "yes",
        "new:category": "tendering", "new:decay": "linear",
    }  # fmt: skip
    item = studies.drafted(officer.post(ADDRESS, as_it_is() | said).content.decode()).items[
        "green_site"
    ]
    assert (item.veto, item.stated, item.decay, item.severity) == (True, True, "linear", "serious")


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ({"new:half": "x"}, "new:half", "draft_number"),
        ({"new:half": "90"}, "new:half", "half_life_unused"),
        ({"new:decay": "half_life"}, "new:half", "half_life_needed"),
        ({"new:decay": "half_life", "new:half": "9999"}, "new:half", "beyond"),
        ({"new:decay": "half_life", "new:half": "9", "new:stated": "yes"}, "new:decay",
         "stated_half_life"),
        ({"new:decay": "sudden"}, "new:decay", "one_of"),
        ({"new:veto": "yes"}, "new:veto", "veto_of_good"),
        ({"new:severity": "minor"}, "new:severity", "severity_of_good"),
        ({"new:points": "-1"}, "new:severity", "severity_needed"),
        ({"new:stated": "perhaps"}, "new:stated", "one_of"),
        ({"new:source": "hearsay"}, "new:source", "one_of"),
        ({"new:days": "9999"}, "new:days", "beyond"),
        ({"new:code": "local_firm"}, "new:code", "place"),
        ({"new:zh": "省外企业"}, "new:zh", "place"),
        ({"new:category": ""}, "new:category", "draft_empty"),
    ],
)  # fmt: skip
def test_a_new_item_is_refused_by_its_field(officer, said, place, code):
    answer = officer.post(ADDRESS, as_it_is() | NEW | said)
    assert (place, f"credit.scheme.{code}") in told(answer)


def test_a_half_life_that_is_cleared_goes_with_its_decay(officer):
    said = as_it_is() | {"decay:hazard_major": "half_life", "half:hazard_major": "60"}
    with_it = officer.post(ADDRESS, said | {"kind": "file"}).content.decode()
    assert studies.drafted(with_it).items["hazard_major"].half_life_days == 60
    back = read(
        with_it, as_it_is(with_it) | {"decay:hazard_major": "step", "half:hazard_major": ""}
    )
    assert studies.drafted(back.text).items["hazard_major"].half_life_days == 0


def test_a_limit_left_empty_is_none_and_a_first_veto_gets_its_cap(officer):
    said = as_it_is() | {"value:cap.award": "", "kind": "file"}
    assert "award" not in studies.drafted(officer.post(ADDRESS, said).content.decode()).caps
    base = text("schemes.jiangxi")
    said = as_it_is(base) | {"veto:bad_stated": "yes", "value:veto.cap": "40"}
    assert studies.drafted(read(base, said).text).veto_cap == 4000


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_code_stands_where_words_belong(officer, language):
    officer.cookies["django_language"] = language
    codes = {*scheme_words.CATEGORIES, *scheme_words.DECAYS, *kinds.SEVERITIES}
    for code, _title in selectors.codes(clock.now()):
        page = officer.get(ADDRESS, {"scheme": code}).content.decode()
        for words in re.findall(r"<(?:label|th|option|td)[^>]*>([^<]*)<", page):
            assert not re.search(r"\b[a-z]+[._][a-z]", words), words
            assert words.strip() not in codes


def test_where_a_firm_is_registered_is_nothing_that_an_editor_can_read(officer):
    said = as_it_is() | {
        "new:code": "from_here", "new:zh": "哈尔滨市企业", "new:points": "5",
        "new:category": "award", "new:days": "365", "new:article": "规定", "kind": "file",
    }  # fmt: skip
    answer = officer.post(ADDRESS, said)
    assert answer.status_code == 422
    assert told(answer) == {("new:zh", "credit.scheme.place")}


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


def _dotted(head, rest):
    named = re.sub(r"(?m)^(\w+) = ", r"rule_set.\1 = ", head.replace("[rule_set]", ""))
    return f"{named}[[row]]{rest}"


UNPLAIN = {
    "quoted-rows": lambda law: law.replace("[[row]]", '[["row"]]'),
    "quoted-keys": lambda law: re.sub(r"(?m)^(key|points|value) = ", r'"\1" = ', law),
    "header-last": lambda law: "".join(
        reversed(re.split(r"(?m)^(?=\[\[row\]\])", law, maxsplit=1))
    ),
    "dotted-header": lambda law: _dotted(*law.split("[[row]]", 1)),
}


@pytest.mark.parametrize("law", UNPLAIN.values(), ids=UNPLAIN)
def test_a_draft_whose_lines_cannot_be_found_is_changed_in_its_file(officer, law):
    pasted = law(text())
    studies.drafted(pasted)  # it is a scheme, and can be tried
    study = CreditStudy.objects.create(
        asked_by=1, asked_at=clock.now(), valid_on=clock.today(), first=selectors.SCHEME,
        draft=pasted,
    )  # fmt: skip
    assert officer.get(ADDRESS, {"study": study.pk}).status_code == 200
    said = as_it_is(pasted) | {"value:base": "51", "version": "2026.9", "kind": "file"}
    answer = officer.post(ADDRESS, said | {"study": study.pk})
    assert answer.status_code == 422
    assert told(answer) == {("", "credit.scheme.not_plain")}


def test_a_study_without_a_draft_has_no_file_of_one(officer):
    study = CreditStudy.objects.create(
        asked_by=1, asked_at=clock.now(), valid_on=clock.today(), first=selectors.SCHEME
    )
    assert officer.get(reverse("credit:draft", args=[study.pk])).status_code == 404
