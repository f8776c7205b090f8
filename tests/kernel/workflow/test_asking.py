"""Facts that are asked late: only when looked at, once, and never one that nobody can find."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, dataclass, replace

import pytest

from kernel.workflow.asking import asked_late


@dataclass(frozen=True)
class Facts:
    today: int
    award: str
    bills: int
    note: str = ""


def test_a_fact_is_asked_when_it_is_looked_at_and_once() -> None:
    asked: list[str] = []

    def award() -> str:
        asked.append("award")
        return "示例"

    facts = asked_late(Facts, {"award": award, "bills": lambda: 3}, today=1)
    assert isinstance(facts, Facts)
    assert (facts.today, facts.note, asked) == (1, "", [])
    assert (facts.award, facts.award, asked) == ("示例", "示例", ["award"])


def test_facts_asked_late_are_the_facts_that_are_known() -> None:
    late = asked_late(Facts, {"award": lambda: "示例", "bills": lambda: 3}, today=1, note="x")
    assert asdict(late) == asdict(Facts(1, "示例", 3, "x"))
    assert replace(late, today=2).bills == 3


def test_facts_asked_late_stay_as_they_are() -> None:
    late = asked_late(Facts, {"award": lambda: "示例", "bills": lambda: 3}, today=1)
    with pytest.raises(FrozenInstanceError):
        late.award = "anderes"  # type: ignore[misc]


def test_what_cannot_be_found_is_said_when_somebody_looks() -> None:
    def nobody() -> str:
        raise LookupError("nobody answers")

    facts = asked_late(Facts, {"award": nobody, "bills": lambda: 3}, today=1)
    assert facts.bills == 3
    for _ in range(2):
        with pytest.raises(LookupError):
            _ = facts.award
    with pytest.raises(AttributeError):
        _ = facts.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("late", "known"),
    [
        ({"award": str}, {"today": 1}),
        ({"award": str, "bills": int, "note": str}, {"today": 1}),
        ({"award": str, "bills": int, "other": str}, {"today": 1}),
        ({"award": str, "bills": int}, {"today": 1, "other": 2}),
    ],
    ids=["neither known nor asked", "has a default", "no field asked", "no field known"],
)
def test_facts_are_whole_or_not_made(late: dict[str, type], known: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="facts of Facts"):
        asked_late(Facts, late, **known)
