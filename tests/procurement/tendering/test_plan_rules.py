"""Each guard of a tender plan, on plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from procurement.tendering.plans import rules
from procurement.tendering.plans.schemas import PlanPayload

LOT = {"name": "一标段", "kind": "works", "estimate_fen": 1_000_00, "month": "2025-10"}


def facts(lot: dict[str, Any] | None = None, **changes: Any) -> rules.PlanFacts:
    """A plan of one lot in September 2025 of a registered project, whose owner acts."""
    form = PlanPayload.model_validate(
        {"project_number": "2301022509010101", "lots": [LOT | (lot or {})]}
    )
    base = rules.PlanFacts(
        today=date(2025, 9, 1), form=form, registered=True, owner_uscc="O", actor_uscc="O",
        kinds=frozenset({"works"}),
        articles={"registered": "《一》", "agency": "《二》", "platform": "平台规则"},
    )  # fmt: skip
    return replace(base, **changes)


def refused(found: rules.PlanFacts) -> list[tuple[str, str]]:
    """Codes without the family and fields, of all guards of a plan that is announced."""
    return [
        (reason.code.removeprefix("procurement.tender_plan."), reason.field)
        for guard in rules.COMPLETE
        for reason in guard(found, None)
    ]


def test_a_whole_plan_is_announced() -> None:
    assert refused(facts()) == []


@pytest.mark.parametrize(
    ("lot", "changes", "code", "field"),
    [
        ({}, {"registered": False}, "project_unregistered", "project_number"),
        ({}, {"actor_uscc": "X"}, "actor_elsewhere", "agency_uscc"),
        ({}, {"announced": "P-1"}, "announced_already", ""),
        ({"kind": "poem"}, {}, "kind_unlisted", "lots.0.kind"),
        ({"estimate_fen": 0}, {}, "estimate_missing", "lots.0.estimate_fen"),
        ({"month": "2025-08"}, {}, "month_invalid", "lots.0.month"),
        ({"month": "2025-13"}, {}, "month_invalid", "lots.0.month"),
        ({"month": ""}, {}, "month_invalid", "lots.0.month"),
    ],
)
def test_each_fault_of_a_plan_is_refused_at_its_field(
    lot: dict[str, Any], changes: dict[str, Any], code: str, field: str
) -> None:
    assert refused(facts(lot, **changes)) == [(code, field)]


def test_a_plan_without_lots_is_none() -> None:
    found = facts()
    empty = replace(found, form=found.form.model_copy(update={"lots": []}))
    assert refused(empty) == [("lots_missing", "lots")]


def test_a_draft_holds_no_thirteenth_month_but_may_lack_one() -> None:
    def told(month: str) -> list[str]:
        found = facts({"month": month})
        return [reason.field for guard in rules.DRAFT for reason in guard(found, None)]

    assert told("2025-13") == ["lots.0.month"]
    assert told("") == []
