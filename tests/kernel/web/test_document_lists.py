"""The list of a case's documents: who signed, or that the platform sealed it."""

from __future__ import annotations

import pytest
from django.utils import translation

from kernel.web import rows
from kernel.web.viewmodels import DocumentLink


@pytest.mark.parametrize(
    ("language", "sealed", "unsigned"),
    [("zh-hans", "平台盖章", "未签署"), ("en", "Sealed by the platform", "Not signed")],
)
def test_what_the_platform_sealed_is_not_called_unsigned(
    language: str, sealed: str, unsigned: str
) -> None:
    with translation.override(language):
        shown = rows.documents([DocumentLink("企业信用报告", "/1", sealed=True)])
        assert sealed in shown
        assert unsigned not in shown
        shown = rows.documents([DocumentLink("合同", "/2")])
        assert unsigned in shown
        shown = rows.documents([DocumentLink("合同", "/3", signers=("示例单位 甲",))])
        assert "示例单位 甲" in shown
        assert unsigned not in shown
