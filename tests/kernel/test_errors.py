"""What a refusal's words say of its facts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from kernel.errors import Catalogue, Refusal, Wording, catalogue


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
