"""An article is cited in one language, its mark with it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from credit import citing


@pytest.mark.parametrize("asked_in", ["en", "zh-hans"])
def test_the_mark_of_an_article_speaks_the_articles_language(asked_in):
    citing.articles.cache_clear()
    with override(asked_in):
        cited = citing.articles("values.enterprise_archive", date(2025, 9, 1), "zh")["import"]
    citing.articles.cache_clear()
    assert "verified" not in cited
    assert cited.endswith("）")
