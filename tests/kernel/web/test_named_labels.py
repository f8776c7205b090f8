"""A label that is a name says in which language it is, as every name does."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from kernel.web import rows
from kernel.web.viewmodels import Fact


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("en", '<dt><span lang="zh-Hans">示例公证处</span></dt>'),
        ("zh-hans", "<dt>示例公证处</dt>"),
    ],
)
def test_a_chinese_name_is_marked_on_an_english_page_only(language: str, head: str) -> None:
    with override(language):
        assert head in rows.fact(Fact("示例公证处", "3"))
        assert "<dt>Bids</dt>" in rows.fact(Fact("Bids", "3"))
        assert "<dt></dt>" in rows.fact(Fact("", "3"))
