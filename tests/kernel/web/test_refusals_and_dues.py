"""What pages say of refusals and clocks: always with the article, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django import forms
from django.utils import translation

from kernel import clock
from kernel.errors import Refusal, catalogue
from kernel.web.dues import due_view
from kernel.web.refusals import onto_form
from kernel.web.words import cited
from kernel.workflow.machines import machines
from kernel.workflow.models import Deadline
from tests.translations import has_han

NOW = datetime(2026, 5, 25, 9, 0, tzinfo=clock.LEGAL_ZONE)
ARTICLE = "《招标投标法实施条例》第二十二条"


class Toy(forms.Form):
    name = forms.CharField()


def clock_until(at: datetime) -> Deadline:
    last = clock.legal_date(at)
    return Deadline(
        role="owner_clerk", started_at=NOW, due_at=clock.end_of(last), last_day=last, unit="day",
        calendar_version="", article=ARTICLE, article_en="", source="statute_text",
        provisional=False,
    )  # fmt: skip


def test_a_refusal_beside_its_field_names_its_article():
    form = Toy({"name": "x"})
    form.is_valid()
    assert onto_form(form, [Refusal("workflow.reason.missing", {}, ARTICLE, "name")]) == ()
    assert ARTICLE in form.errors["name"][0]


def test_a_clock_that_ends_in_another_year_says_which():
    assert "05-28 24:00" in due_view(clock_until(NOW + timedelta(days=3)), NOW).words
    assert "2026-05-28" not in due_view(clock_until(NOW + timedelta(days=3)), NOW).words
    assert "2028-04-22 24:00" in due_view(clock_until(NOW + timedelta(days=698)), NOW).words


def test_an_announced_clock_names_its_article_in_english():
    with translation.override("en"):
        assert "art. 22" in due_view(clock_until(NOW + timedelta(days=3)), NOW).article


@pytest.mark.parametrize("code", sorted(machines()))
def test_every_article_of_a_machine_has_its_english(code):
    found = machines()[code]
    named = {row.article for row in (*found.states, *found.transitions, *found.deadlines)}
    with translation.override("en"):
        assert [article for article in named if has_han(cited(article))] == []


@pytest.mark.parametrize(
    ("many", "said"),
    [(1, "1 worker has not confirmed: 甲"), (2, "2 workers have not confirmed: 甲, 乙")],
)
def test_a_reason_that_counts_speaks_in_the_number_of_what_it_counts(many: int, said: str) -> None:
    reason = Refusal("labour.payroll.unconfirmed", {"number": many, "names": ["甲", "乙"][:many]})
    with translation.override("en"):
        assert catalogue.message(reason) == said


@pytest.mark.parametrize(
    ("late", "zh", "en"),
    [
        (1, "已逾期 1 天", "1 day overdue"),
        (3, "已逾期 3 天", "3 days overdue"),
    ],
)
def test_what_is_late_says_since_when(late: int, zh: str, en: str) -> None:
    view = due_view(clock_until(NOW - timedelta(days=late)), NOW)
    assert view.tone == "overdue" and view.words.startswith(zh)
    assert f"05-{25 - late:02d} 24:00" in view.words
    with translation.override("en"):
        assert due_view(clock_until(NOW - timedelta(days=late)), NOW).words.startswith(en)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "不得规定最低投标限价；请删去最低投标限价"),
        ("en", "A minimum price is forbidden. Delete the minimum price"),
    ],
)
def test_a_message_and_its_cure_are_two_sentences_of_the_readers_language(
    language: str, said: str
) -> None:
    form = Toy({"name": "x"})
    form.is_valid()
    with translation.override(language):
        onto_form(form, [Refusal("procurement.tender.minimum_price", {}, "", "name")])
        assert form.errors["name"] == [said]
