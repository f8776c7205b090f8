"""How dates, instants, names and values are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kernel.web import formats, render
from kernel.web.steps import Steps
from kernel.web.viewmodels import DueView, StateChip
from procurement.tendering.rules.common import told

AT = datetime(2026, 11, 23, 6, 5, 7, tzinfo=UTC)


def test_instants_are_written_in_legal_time():
    assert formats.second(AT) == "2026-11-23 14:05:07"
    assert formats.minute(AT) == "2026-11-23 14:05"
    assert formats.day(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "2026-11-24"
    assert formats.day(date(2026, 11, 23)) == "2026-11-23"


def test_a_period_that_ends_at_midnight_ends_at_24_of_the_day_before():
    assert formats.deadline(datetime(2026, 11, 26, 16, 0, tzinfo=UTC)) == "2026-11-26 24:00"
    assert formats.deadline(AT) == "2026-11-23 14:05"
    assert formats.last_day(datetime(2026, 11, 26, 16, 0, tzinfo=UTC)) == date(2026, 11, 26)
    assert formats.last_day(AT) == date(2026, 11, 23)


def test_one_instant_is_written_in_one_way_wherever_it_stands():
    midnight = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    assert formats.minute(midnight) == formats.deadline(midnight) == told(midnight)
    assert formats.second(midnight) == "2026-11-26 24:00:00"
    for to in ("minute", "second", "deadline"):
        assert ">2026-11-26 24:00" in render.moment(midnight, to)
    assert ">2026-11-26 24:00:00<" in Steps().at(midnight)
    # The first second after it is of the next day, also where no seconds are written.
    assert formats.minute(midnight + timedelta(seconds=1)) == "2026-11-27 00:00"
    assert formats.second(midnight + timedelta(seconds=1)) == "2026-11-27 00:00:01"
    assert formats.second(midnight - timedelta(seconds=1)) == "2026-11-26 23:59:59"


@given(st.text(alphabet=st.characters(categories=["N", "L"]), max_size=30))
def test_a_masked_value_keeps_its_length_and_never_shows_more_than_its_ends(value):
    masked = formats.masked(value)
    assert len(masked) == len(value)
    assert sum(1 for sign in masked if sign != "•") <= 8
    assert len(value) <= 8 or masked[4:-4] == "•" * (len(value) - 8)


@pytest.mark.parametrize(
    "octets,text", [(0, "0 B"), (1023, "1023 B"), (35_000, "34 KB"), (1_300_000, "1.2 MB")]
)
def test_sizes(octets, text):
    assert formats.size(octets) == text


def test_money_and_its_unit_are_never_torn_apart():
    html = render.money(123_456_700)
    assert "1,234,567.00</data>&nbsp;元" in html
    assert 'value="1234567.00"' in html
    assert "123.46</data>&nbsp;万元" in render.money(123_456_700, "wan")


def test_in_a_table_the_unit_stands_in_the_head():
    assert render.value(100, "money", in_table=True) == '<span class="zx-num">1.00</span>'
    assert "元" in render.value(100, "money")


@pytest.mark.parametrize("kind", ["text", "money", "date", "moment", "code", "state", "due"])
def test_nothing_is_shown_as_nothing_and_zero_as_zero(kind):
    assert render.value(None, kind) == render.NOTHING
    assert "0.00" in render.value(0, "money")


def test_values_cannot_smuggle_markup():
    evil = '<script>"&'
    for html in (
        render.named(evil),
        render.code(evil),
        render.command(evil),
        render.digest(evil),
        render.chip(StateChip(evil, article=evil)),
        render.due(DueView(at=AT, words=evil, article=evil)),
        render.mark(evil),
        render.several((evil, evil)),
    ):
        assert "<script" not in html
        assert '""' not in html


def test_a_command_is_copied_whole_and_no_option_of_it_is_torn():
    html = render.command("python -m tool seal --token-file 'my token.txt'")
    assert "<span>--token-file</span>" in html
    assert 'data-copy="python -m tool seal --token-file &#x27;my token.txt&#x27;"' in html
    assert render.value("a b", "command") == render.command("a b")


def test_a_chinese_name_on_an_english_page_says_its_language():
    with translation.override("en"):
        assert render.named("滨海城投") == '<span lang="zh-Hans">滨海城投</span>'
        assert render.named("Binhai") == "Binhai"
        assert render.several(("林", "陈")).count("lang=") == 2
    with translation.override("zh-hans"):
        assert render.named("滨海城投") == "滨海城投"


@pytest.mark.parametrize(
    "agent,said",
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge 156 · Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
            "Chrome 150 · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari 19 · iOS",
        ),
        ("curl/8", "curl/8"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent, said):
    assert formats.device(agent) == said
