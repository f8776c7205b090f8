"""Acts stand in the order that the law wants, or it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.regulation import selectors
from kernel.regulation.gaps import PeriodGaps
from kernel.regulation.precedences import Act, check, required
from kernel.regulation.rule_sets import library

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
LAW = selectors.resolve("precedences", START)
P = "procurement.project."


def _log(*names: str, case: str = "P") -> list[Act]:
    return [
        Act(name, case, "P", START + timedelta(hours=index)) for index, name in enumerate(names)
    ]


PROJECT = _log(P + "open", P + "submit", P + "return", P + "amend", P + "submit", P + "accept")
CHAIN = _log(
    P + "open",
    P + "submit",
    P + "accept",
    *[f"procurement.drawing_review.{name}" for name in ("file", "start", "pass")],
)


def test_a_log_in_order_has_no_violation() -> None:
    assert check(PROJECT, LAW) == []


@given(st.permutations(range(len(CHAIN))))
def test_any_other_order_of_a_chain_is_a_violation(order: list[int]) -> None:
    # Times stay where they are; only who did what when is exchanged.
    shuffled = [replace(CHAIN[who], at=CHAIN[index].at) for index, who in enumerate(order)]
    assert bool(check(shuffled, LAW)) == (order != sorted(order))


@given(st.permutations(range(len(CHAIN))))
def test_a_log_recorded_out_of_order_is_a_violation_even_if_its_times_are_right(
    order: list[int],
) -> None:
    assert bool(check([CHAIN[index] for index in order], LAW)) == (order != sorted(order))


def test_an_act_dated_before_what_it_follows_is_a_violation() -> None:
    opened, submitted = _log(P + "open", P + "submit")
    early = replace(submitted, at=opened.at - timedelta(seconds=1))
    assert [v.reason for v in check([opened, early], LAW)] == ["not_preceded"]


def test_another_case_or_another_project_does_not_count() -> None:
    opened, submitted = _log(P + "open", P + "submit")
    assert check([opened, replace(submitted, case="Q")], LAW)
    filed = Act("procurement.drawing_review.file", "D", "P", START + timedelta(days=1))
    accepted = _log(P + "open", P + "submit", P + "accept")
    assert check([*accepted, filed], LAW) == []
    assert check([*accepted, replace(filed, project="Q")], LAW)


def test_a_violation_names_its_article() -> None:
    (found,) = check(_log(P + "accept"), LAW)
    assert found.must_follow == (P + "submit",)
    assert found.row.article


def test_a_row_holds_only_for_its_region_and_subject() -> None:
    before = _log(P + "open", P + "submit", P + "accept", *_tender("open", "approve"))
    publish = Act("procurement.tender.publish", "P", "P", START + timedelta(days=1))
    construction = {"tender_kind": "construction"}
    assert check([*before, publish], LAW) == []
    assert check([*before, replace(publish, subject=construction)], LAW) == []
    local = replace(publish, subject=construction, region="230103")
    assert [v.must_follow for v in check([*before, local], LAW)] == [
        ("procurement.drawing_review.pass",)
    ]
    assert check([*before, replace(local, subject={"tender_kind": "epc"})], LAW) == []


def _tender(*names: str) -> list[str]:
    return [f"procurement.tender.{name}" for name in names]


@pytest.mark.parametrize(("days", "reasons"), [(15, []), (16, ["too_late"])])
def test_a_longest_gap_ends_with_its_last_day(days: int, reasons: list[str]) -> None:
    log = _log(*_tender("issue_award_notice"))
    log.append(Act("procurement.tender.report_award", "P", "P", START + timedelta(days=days)))
    found = [v for v in check(log, LAW, PeriodGaps()) if v.act is log[1]]
    assert [v.reason for v in found] == reasons
    assert all(v.bound is not None for v in found)


def test_gaps_name_periods_that_exist() -> None:
    names = {row[gap] for row in LAW.rows for gap in ("min_gap", "max_gap")} - {""}
    assert names
    assert [name for name in names if library.code_of("periods", name) is None] == []


def test_precedences_have_no_circle() -> None:
    # A circle of single requirements could never be satisfied.
    needs: dict[str, set[str]] = {}
    for row in LAW.rows:
        if len(required(row)) == 1:
            needs.setdefault(row["act"], set()).update(required(row))
    done: set[str] = set()
    while ready := {act for act, before in needs.items() if not (before & needs.keys()) - done}:
        if ready <= done:
            break
        done |= ready
    assert done == needs.keys()
