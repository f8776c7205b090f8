"""The states of works, and the articles that they and their acts rest on."""

from __future__ import annotations

from django.utils.translation import gettext_noop

(
    CONTRACTED, PERMIT_REVIEW, PERMITTED, UNDER_CONSTRUCTION, SUSPENDED, ACCEPTANCE, ACCEPTED,
    FILED, CLOSED, PERMIT_VOID, REACCEPTANCE, ABANDONED,
) = (
    "contracted", "permit_review", "permitted", "under_construction", "suspended", "acceptance",
    "accepted", "filed", "closed", "permit_void", "reacceptance", "abandoned",
)  # fmt: skip
# Nothing was built yet: a permit is asked for here, the first or, after one that lapsed, another.
UNPERMITTED = (CONTRACTED, PERMIT_VOID)

LAW_7, LAW_8, LAW_9, LAW_10 = (
    "《建筑法》第七条", "《建筑法》第八条", "《建筑法》第九条", "《建筑法》第十条",
)  # fmt: skip
QUALITY_16 = "《建设工程质量管理条例》第十六条"
QUALITY_17 = "《建设工程质量管理条例》第十七条"
QUALITY_49 = "《建设工程质量管理条例》第四十九条"
ORDER_2 = gettext_noop("住房城乡建设部令第2号第六条")
ORDER_2_STOP = gettext_noop("住房城乡建设部令第2号第八条")
RULES_171 = gettext_noop("建质〔2013〕171号第六条")
ARCHIVE = "《城市建设档案管理规定》第六条"
PLATFORM = gettext_noop("平台规则")
STATUTE, OWN_DEFAULT = "statute_text", "own_default"
