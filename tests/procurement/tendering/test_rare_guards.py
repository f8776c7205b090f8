"""Guards of a lot and of objections that the walks never meet, on plain facts."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest

from procurement.tendering.award import rules as award
from procurement.tendering.objections import rules as objections
from procurement.tendering.rules import texts, under_way

_T, _O = "procurement.tender.", "procurement.objection."


@pytest.mark.parametrize(
    ("guard", "facts", "code"),
    [
        (under_way.objection_is_open, {"open_objections": ()}, _T + "no_objection"),
        (award.candidate_is_left, {"candidate_rank": 0, "candidates": 3}, _T + "candidate_missing"),
        (award.candidate_is_left, {"candidate_rank": 4, "candidates": 3}, _T + "candidate_missing"),
        (texts.texts_can_be_printed, {"unprintable": (("name", "𠮷"),)}, _T + "unprintable"),
        (objections.raiser_is_another, {"raiser_is_party": True}, _O + "raiser_is_party"),
    ],
)
def test_each_refuses_by_its_code_and_article(guard: Any, facts: dict[str, Any], code: str) -> None:
    articles: Any = defaultdict(lambda: "《示例》第一条")
    found = list(guard(SimpleNamespace(articles=articles, stage="documents", **facts), None))
    assert [(reason.code, bool(reason.article)) for reason in found] == [(code, True)]


def test_they_let_pass_what_is_right() -> None:
    facts = SimpleNamespace(
        open_objections=("YY-1",), candidate_rank=1, candidates=3, unprintable=(),
        raiser_is_party=False,
    )  # fmt: skip
    for guard in (
        under_way.objection_is_open, award.candidate_is_left, texts.texts_can_be_printed,
        objections.raiser_is_another,
    ):  # fmt: skip
        assert list(guard(facts, None)) == []
