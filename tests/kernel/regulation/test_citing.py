"""An article is told in the reader's language, however it was kept, and its mark with it."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from kernel.regulation import citing, marks
from kernel.regulation.rule_sets import library

WRITTEN = "平台规则：企业信息档案更正"


@pytest.mark.parametrize("asked_in", ["en", "zh-hans"])
def test_a_mark_speaks_the_language_of_its_article(asked_in):
    row = next(row for one in library.sets for row in one.rows if marks.must_be_marked(row.source))
    with override(asked_in):
        assert citing.cited(row, "zh").endswith("）")
        assert citing.cited(row, "en").endswith(")")


def test_every_article_of_the_law_is_told_in_english_and_kept_in_chinese():
    for row in (row for one in library.sets for row in one.rows if row.article):
        kept, english = citing.cited(row, "zh"), citing.cited(row, "en")
        told = citing.told(kept, "en")
        assert not _chinese(told), kept
        assert citing.told(kept, "zh") == kept
        # Two articles may bear one English name; what is kept then names one of them.
        assert citing.told(citing.as_written(english), "en") in (told, english)


def test_an_article_with_its_mark_is_told_as_the_article_and_the_mark():
    with override("zh-hans"):
        kept = f"{WRITTEN}（{marks.mark('own_default')}）"
    assert citing.told(WRITTEN, "en") == "Platform rule: correction of the enterprise archive"
    with override("en"):
        said = f"{citing.told(WRITTEN)} ({marks.mark('own_default')})"
        assert citing.told(kept) == said
    assert citing.told(kept, "zh") == kept


def test_what_nobody_has_translated_stays_as_it_was_written():
    own = "示例合同第三条（双方约定）"
    assert citing.told(own, "en") == citing.told(own, "zh") == own
    assert citing.told("", "en") == ""


def _chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
