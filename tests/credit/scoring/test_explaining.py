"""A score says of what it is made, to the last millionth, with article, paper and end."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from credit.enterprises.models import Enterprise
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
