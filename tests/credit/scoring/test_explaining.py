"""A score says of what it is made, to the last millionth, with article, paper and end."""

from __future__ import annotations

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import translation

from credit.enterprises.models import Enterprise
from credit.scoring import explaining, fading
from credit.scoring.points import points
from kernel import clock
from tests.credit.scoring.test_population import DAY, FIRMS, NOW, ledger

__all__ = ["ledger"]
pytestmark = pytest.mark.django_db


def told(*words: str) -> dict:
    out = StringIO()
    call_command("score", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def later(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW.replace(year=2026, month=6))


def test_a_score_of_any_day_as_known_on_any_day(ledger, later):
    found = told(FIRMS[1], "--valid-on", "2026-03-02", "--known-on", "2026-02-27")
    assert {one["item"] for one in found["contributions"]} == {
        "late_filing", "performance_excellent",
    }  # fmt: skip
    total = found["base"] + found["cut"] + sum(o["millionths"] for o in found["contributions"])
    assert total == found["score_millionths"]
    assert found["ahead"]
    assert all(one["ends_on"] and one["article"] for one in found["contributions"])
    since = told(FIRMS[1], "--valid-on", "2026-03-02", "--known-on", "2026-03-02")
    assert [one["item"] for one in since["contributions"]] == ["performance_excellent"]
    Enterprise.objects.create(uscc="91230102PDY0009990", name="新入档", entered_at=NOW)
    assert told("91230102PDY0009990", "--valid-on", str(DAY))["contributions"] == []
    with pytest.raises(CommandError, match="91230102NOBODY0000"):
        told("91230102NOBODY0000", "--valid-on", str(DAY))


def test_the_enterprises_page_says_when_its_grade_comes_back(ledger, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    Enterprise.objects.create(uscc=FIRMS[0], name="示例建设", entered_at=NOW)
    page = Client().get(f"/credit/enterprises/{FIRMS[0]}/").content.decode()
    turn = told(FIRMS[0], "--valid-on", str(DAY))["ahead"][-1]
    assert "若无新的记录" in page
    assert turn["day"] in page


def test_it_is_readable_without_json(ledger, later):
    out = StringIO()
    call_command("score", FIRMS[0], "--valid-on", str(DAY), "--scheme", "heilongjiang", stdout=out)
    assert FIRMS[0] in out.getvalue()
    assert "60.00" in out.getvalue()


def test_an_unknown_scheme_is_refused_by_name(later):
    with pytest.raises(CommandError):
        told(FIRMS[0], "--scheme", "nowhere")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_points_that_fade_say_so_and_what_is_left_at_their_end(ledger, later, language):
    Enterprise.objects.create(uscc=FIRMS[1], name="示例建设", entered_at=NOW)
    (one,) = (
        c
        for c in told(FIRMS[1], "--valid-on", "2026-06-01")["contributions"]
        if c["item"] == "performance_excellent"
    )
    last = explaining.last_day(one)
    (then,) = (
        c
        for c in told(FIRMS[1], "--valid-on", last.isoformat())["contributions"]
        if c["item"] == "performance_excellent"
    )
    assert one["left"] == then["millionths"] < one["millionths"] < one["entered"]
    with translation.override(language):
        said, end = fading.in_words(one), fading.at_its_end(one)
    assert points(one["entered"]) in said
    assert last.isoformat() in said
    assert points(one["left"]) in end
    assert points(one["millionths"]) not in end
    assert (language == "zh-hans") == bool(re.search("[\u4e00-\u9fff]", said + end))
    browser = Client(headers={"accept-language": language})
    assert said in browser.get(f"/credit/enterprises/{FIRMS[1]}/").content.decode()


def test_points_that_do_not_fade_end_as_they_are(ledger, later):
    (one,) = (
        c
        for c in told(FIRMS[1], "--valid-on", "2026-03-02", "--known-on", "2026-02-27")[
            "contributions"
        ]
        if c["item"] == "late_filing"
    )
    assert fading.in_words(one) == ""
    assert fading.at_its_end(one) == points(one["millionths"])


def test_what_fades_by_half_says_how_much_is_left():
    one = {"decay": "half_life", "half_life_days": 180, "entered": 6_000_000, "left": 1_500_000,
           "millionths": 5_000_000, "cut_short": False, "ends_on": "2026-12-27"}  # fmt: skip
    said = fading.in_words(one)
    assert all(part in said for part in ("6.00", "180", "2026-12-26", "1.50"))
    cut = fading.in_words({**one, "decay": "linear", "cut_short": True})
    assert "1.50" in cut
    assert "后为 0" not in cut


def test_where_an_enterprise_is_registered_is_named_in_the_readers_language(ledger, later):
    Enterprise.objects.create(uscc=FIRMS[1], name="示例", region="230204", entered_at=NOW)
    address = f"/credit/enterprises/{FIRMS[1]}/"
    chinese, english = (
        Client(headers={"accept-language": code}).get(address).content.decode()
        for code in ("zh-hans", "en")
    )
    assert "<dd>黑龙江省齐齐哈尔市铁锋区</dd>" in chinese
    assert "Qiqihar, Heilongjiang</dd>" in english
    assert "齐齐哈尔市" not in english
