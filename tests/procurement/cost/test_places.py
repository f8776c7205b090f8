"""Where in a bill something stands is told in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from kernel.errors import Refusal, catalogue
from procurement.cost import places

SAID = {
    "封面 Cover.project_name": ("“封面”表，“项目名称”", "Sheet “Cover”, “Project name”"),
    "bill.edition": ("“封面”表，“计价标准”", "Sheet “Cover”, “Standard”"),
    "分部分项 Items!12.code": (
        "“分部分项”表第 12 行，“项目编码”", "Sheet “Items”, row 12, “Code”",
    ),
    "item[3].code": ("第 3 个“分部分项”，“项目编码”", "“Items” no. 3, “Code”"),
    "1.1/99.code": ("单位工程 1.1，99，“项目编码”", "Unit works 1.1, 99, “Code”"),
}  # fmt: skip


@pytest.mark.parametrize("place", SAID)
def test_a_place_in_a_bill_is_told_in_words_of_both_languages(place):
    for language, said in zip(("zh-hans", "en"), SAID[place], strict=True):
        with translation.override(language):
            assert places.told(place) == said


@pytest.mark.parametrize("place", ["", "file_sha256", "somewhere.else", "x/y", "a!b.c"])
def test_what_is_no_place_in_a_bill_stays_as_it_is(place):
    assert places.told(place) == place


def test_a_column_is_named_in_the_readers_language():
    refusal = Refusal("procurement.bill.field_missing", {"column": "项目名称"}, "", "")
    with translation.override("en"):
        assert "Project name" in catalogue.message(refusal)
    with translation.override("zh-hans"):
        assert "项目名称" in catalogue.message(refusal)
