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


def test_an_own_default_says_once_that_it_is_one():
    own = [
        row for one in library.sets for row in one.rows
        if row.source == "own_default" and row.article.startswith("平台默认：")
    ]  # fmt: skip
    assert own
    for row in own:
        kept = citing.cited(row, "zh")
        assert kept.count("平台默认") == 1 and kept.endswith("（平台默认值，非法定）"), kept
        told = citing.told(kept, "en")
        assert "efault" not in told.removesuffix("(Platform default, not law)").split()[0], told
    # What was kept when an article still said it twice says it once.
    twice = "平台默认：先到先得（平台默认值，非法定）"
    assert citing.told(twice, "zh") == "先到先得（平台默认值，非法定）"
