"""What a refusal's words say of its facts."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from kernel.errors import Catalogue, Refusal, Wording, catalogue

ROOT = Path(__file__).resolve().parents[2]


def _said(words: Catalogue, **facts: Any) -> str:
    words.register({"room.numbers": Wording("%(numbers)s", "")})
    return words.message(Refusal("room.numbers", facts))


def _words() -> Catalogue:
    words = Catalogue()
    words.listed = catalogue.listed
    return words


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")])
def test_a_fact_that_is_a_list_is_named_in_the_readers_punctuation(
    language: str, said: str
) -> None:
    with override(language):
        assert _said(_words(), numbers=["甲", "乙"]) == said
        assert _said(_words(), numbers=("甲", "乙")) == said
        assert _said(_words(), numbers="甲乙") == "甲乙"


def test_without_pages_a_list_is_still_named() -> None:
    assert _said(Catalogue(), numbers=[1, 2]) == "1, 2"


def test_a_wording_that_lacks_a_fact_is_said_as_it_stands() -> None:
    assert _said(_words(), other=1) == "%(numbers)s"


def test_no_fact_of_a_refusal_is_a_list_that_is_joined_before_anybody_reads_it() -> None:
    """Joined by whoever refuses it would stay in one language's punctuation for every reader."""
    found = []
    for package in ("kernel", "credit", "equipment", "labour", "procurement"):
        for path in sorted((ROOT / package).rglob("*.py")):
            # The program of bidders speaks for itself, and a command to one terminal.
            if {"migrations", "bidder", "commands", "evidence", "sealing"} & set(path.parts):
                continue
            tree = ast.parse(path.read_text("utf-8"))
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                if name.lstrip("_").lower() not in {"refusal", "because", "refused", "reason"}:
                    continue
                found += [f"{path}:{call.lineno}" for node in ast.walk(call) if joins(node)]
            found += [f"{path}:{node.lineno}" for node in ast.walk(tree) if joins(node, "、")]
    assert not found


def joins(node: ast.AST, only: str = "") -> bool:
    """Whether a list is joined here by a comma of one language."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    by = node.func.value
    if node.func.attr != "join" or not isinstance(by, ast.Constant):
        return False
    return by.value == only if only else by.value in {"、", ", ", "，"}
