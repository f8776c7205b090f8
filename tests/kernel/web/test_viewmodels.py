"""Pagination, order of a desk, tabs of a case, errors of an act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from django import forms
from hypothesis import given
from hypothesis import strategies as st

from kernel.web.viewmodels import (
    ActButton,
    ActPage,
    CasePage,
    DeskPage,
    DeskRow,
    DueView,
    FoldedActs,
    Pagination,
    RefusalView,
    StateChip,
    Tab,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@given(total=st.integers(0, 100_000), asked=st.text(max_size=12) | st.integers().map(str))
def test_any_page_that_is_asked_for_is_a_page_that_exists(total, asked):
    page = Pagination.of(total, {"page": asked})
    assert 1 <= page.number <= page.pages
    assert 0 <= page.first <= page.last <= total
    assert page.last - page.first < page.size
    assert bool(page.first) == bool(total)


@given(total=st.integers(0, 10_000), number=st.integers(1, 200))
def test_links_rise_and_hold_first_current_and_last(total, number):
    page = Pagination.of(total, {"page": str(number)})
    numbers = [n for n, _ in page.links()]
    shown = [n for n in numbers if n]
    assert shown == sorted(set(shown))
    assert {1, page.number, page.pages} <= set(shown)
    assert len(numbers) <= 9
    assert all(url for n, url in page.links() if n)


def test_links_keep_the_query_and_drop_the_page():
    page = Pagination.of(500, {"q": "第三小学 & co", "page": "2", "empty": ""})
    assert parse_qs(page.next.lstrip("?")) == {"q": ["第三小学 & co"], "page": ["3"]}
    assert page.previous.endswith("page=1")


def row(hours: int | None, tone: Any = "none") -> DeskRow:
    due = None if hours is None else DueView(NOW + timedelta(hours=hours), "", tone)
    return DeskRow("受理", str(hours), "", "", due)


def test_a_desk_is_sorted_by_due_time_and_undated_rows_come_last():
    rows = (row(None), row(40, "soon"), row(200), row(-3, "overdue"))
    desk = DeskPage.of("", (one for one in rows), NOW)
    assert [one.reference for one in desk.rows] == ["-3", "40", "200", "None"]
    assert (desk.overdue, desk.soon) == (1, 1)


def test_what_only_tells_something_is_not_counted_as_something_to_do():
    rows = (row(40, "soon"), replace(row(None), only_told=True))
    desk = DeskPage.of("", rows, NOW)
    assert (len(desk.rows), desk.to_do) == (2, 1)


def test_a_case_tells_possible_acts_from_those_not_yet():
    reason = RefusalView("a.b", "还不行")
    acts = (ActButton("a", "", allowed=False, reasons=(reason,)), ActButton("b", ""))
    case = CasePage("1", "x", StateChip("s"), acts=acts, tabs=(Tab("log", "", "", current=True),))
    assert [one.label for one in case.possible] == ["b"]
    assert [one.label for one in case.not_yet] == ["a"]
    assert case.tab == "log"
    assert CasePage("1", "x", StateChip("s")).tab == ""


def test_acts_against_which_the_same_stands_are_folded_into_one_line():
    one, other = RefusalView("a.b", "没有提议", article="规则"), RefusalView("a.c", "未暂停使用")

    def act(label: str, *reasons: RefusalView) -> ActButton:
        return ActButton(label, f"/{label}", allowed=False, reasons=reasons)

    folded = FoldedActs.of(
        [act("撤销", one), act("恢复", other, one), act("暂停", one), act("退回", other)]
    )
    assert [group.labels for group in folded] == [("撤销", "暂停"), ("恢复",), ("退回",)]
    assert folded[0].first.reasons == (one,)


class Sample(forms.Form):
    name = forms.CharField(label="名称")
    land = forms.ChoiceField(label="用地", widget=forms.RadioSelect, choices=[("1", "划拨")])


def test_the_error_summary_names_every_error_and_leads_to_its_first_input():
    form = Sample({})
    form.add_error(None, "整体不符")
    page = ActPage(
        "t", "e", form, (), "", "", refusals=(RefusalView("a.b", "未满足", field="id_name"),)
    )
    found = [(one.field, one.label) for one in page.errors]
    assert found == [("", ""), ("id_name", "名称"), ("id_land_0", "用地"), ("id_name", "")]
