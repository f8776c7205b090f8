"""The law of tendering as data says what its golden cases say."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from procurement.tendering import law_facts, lint
from procurement.tendering.facts import LotFacts, ProjectView
from procurement.tendering.schemas import LotPayload
from procurement.tendering.scope import must_tender

GOLDEN = Path(__file__).parent / "golden"
VALUES = tomllib.loads((GOLDEN / "values.tendering.toml").read_text("utf-8"))
LINT = tomllib.loads((GOLDEN / "lint.tendering.toml").read_text("utf-8"))


def facts(kind="works", estimate_fen=0, others_fen=0, total_fen=0, funding=(), project_class="01"):
    rules = law_facts.of(clock.now(), "230102")
    project = ProjectView(
        True, "o", "230102", project_class, total_fen, tuple((a, b) for a, b in funding)
    )
    return LotFacts(
        at=clock.now(),
        number="",
        state="draft",
        form=LotPayload(kind=kind, estimate_fen=estimate_fen),
        project=project,
        articles=rules.articles,
        codes=rules.codes,
        thresholds=rules.thresholds,
        limits=rules.limits,
        same_kind_fen=others_fen,
    )


@pytest.mark.parametrize("case", VALUES["scope"], ids=lambda case: case["why"])
def test_what_must_be_tendered(case):
    asked = {key: value for key, value in case.items() if key not in ("why", "ground")}
    ground = must_tender(facts(**asked))
    assert (ground.code if ground else "") == case["ground"]


@given(
    estimate=st.integers(0, 10**10), more=st.integers(0, 10**10),
    budget=st.integers(0, 10**10), rest=st.integers(0, 10**10),
)  # fmt: skip
def test_a_larger_contract_never_escapes_what_binds_a_smaller_one(estimate, more, budget, rest):
    asked = {"total_fen": budget + rest, "funding": [("budget", budget), ("private", rest)]}
    small = facts(estimate_fen=estimate, **asked)
    large = replace(small, form=LotPayload(kind="works", estimate_fen=estimate + more))
    if must_tender(small) is not None:
        assert must_tender(large) is not None


def found(text):
    suspicions = law_facts.of(clock.now(), "230102").suspicions
    return list(lint.hits({"text": text}, suspicions))


@pytest.mark.parametrize("case", LINT["hit"], ids=lambda case: case["text"])
def test_words_that_restrict_are_found(case):
    hits = found(case["text"])
    assert case["clause"] in {hit.suspicion.clause for hit in hits}
    assert all(hit.words in case["text"] and hit.suspicion.advice for hit in hits)


@pytest.mark.parametrize("case", LINT["clean"], ids=lambda case: case["text"])
def test_ordinary_words_are_let_pass(case):
    assert found(case["text"]) == []


@given(st.text(max_size=200))
def test_a_hit_is_a_piece_of_its_text(text):
    assert all(hit.words in text and hit.excerpt in text for hit in found(text))
