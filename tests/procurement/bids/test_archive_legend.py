"""The legend of the archive's levels of proof names each letter once, in both languages."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from credit.enterprises import selectors as enterprises
from credit.enterprises.models import Enterprise
from kernel import clock

FIRM = "91230102PDY0003197"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "A：主管部门数据接入"), ("en", "A: fed by the authority")],
)
def test_each_level_stands_once_beside_its_meaning(language: str, words: str) -> None:
    Enterprise.objects.create(uscc=FIRM, name="示例企业", entered_at=clock.now())
    with translation.override(language):
        facts = enterprises.resume_facts(FIRM, clock.now())
        shown = render_to_string("procurement/bids/archive_tables.html", {"facts": facts})
    assert words in shown
    assert "A A" not in shown
