"""The states of a conduct record, and the groups of them that acts and pages ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow.machines import State

# Articles are written as the law is cited; here the catalogue finds them for other languages.
RULE = gettext_noop("《建筑市场信用管理暂行办法》（建市〔2017〕241号）")
REPAIR = gettext_noop("《信用修复管理办法》（国家发展改革委令第36号）")
PENALTY = gettext_noop("《行政处罚法》第四十八条、第八十五条")
NOTICE = gettext_noop("平台默认：公布前告知")
SECOND_PAIR = gettext_noop("平台规则：行为记录双人认定")
EXIT = gettext_noop("平台默认：提前移出名单的申请与决定")
APPEAL = gettext_noop("平台默认：异议与上级复核")

CAPTURED, CONFIRMED, NOTIFIED, STATED = "captured", "confirmed", "notified", "stated"
PUBLISHED, DISPUTED, REVIEWING, AMENDED = "published", "disputed", "reviewing", "amended"
REVIEW_ASKED, WITHDRAW_DUE, REVOKED = "review_asked", "withdraw_due", "revoked"
REPAIR_APPLIED, REPAIRED, REPAIR_REJECTED = "repair_applied", "repaired", "repair_rejected"
EXPIRED, PROPOSED_LIST, LISTED = "expired", "proposed_list", "listed"
# What is told in writing is told once the authority's officer has signed it.
NOTICE_DUE, ANSWER_DUE = "notice_due", "answer_due"

# Whatever is done with a shown record meanwhile, its time of showing runs; on a list the list's.
SHOWN_FOR_A_TIME = (
    PUBLISHED, DISPUTED, REVIEWING, AMENDED, REVIEW_ASKED, WITHDRAW_DUE, REPAIR_APPLIED,
    REPAIR_REJECTED, PROPOSED_LIST,
)  # fmt: skip
# What everybody sees; a disputed record stays, and says that it is disputed.
SHOWN = (*SHOWN_FOR_A_TIME, LISTED)
# From where one officer may propose, and another confirm, that a record be undone.
REVOCABLE = (
    CONFIRMED, STATED, PUBLISHED, DISPUTED, REVIEWING, AMENDED, REPAIR_APPLIED, REPAIR_REJECTED,
)  # fmt: skip
# What a penalty that is changed or annulled takes with it within the law's three days.
WITHDRAWABLE = (
    PUBLISHED, DISPUTED, REVIEWING, AMENDED, REVIEW_ASKED, REPAIR_APPLIED, REPAIR_REJECTED,
)  # fmt: skip
# From where notice is given: what is over before the notice is, is not published any more.
BEFORE_NOTICE = (CONFIRMED, NOTICE_DUE, STATED, ANSWER_DUE)
# Before these a record is the authority's own business.
UNSEEN = (CAPTURED, CONFIRMED, NOTICE_DUE)

STATES = (
    State(CAPTURED, _("已采集"), "blue", RULE, source="remembered"),
    State(CONFIRMED, _("已认定"), "blue", RULE, source="remembered"),
    State(NOTICE_DUE, _("告知书待签发"), "amber", NOTICE, source="own_default"),
    State(NOTIFIED, _("已告知"), "amber", NOTICE, source="own_default"),
    State(STATED, _("已陈述申辩"), "amber", NOTICE, source="own_default"),
    State(ANSWER_DUE, _("答复书待签发"), "amber", NOTICE, source="own_default"),
    State(PUBLISHED, _("已公布"), "green", RULE, source="remembered"),
    State(DISPUTED, _("异议待受理"), "amber", RULE, source="remembered"),
    State(REVIEWING, _("异议复核中"), "amber", RULE, source="remembered"),
    State(AMENDED, _("已更正"), "green", RULE, source="remembered"),
    State(REVIEW_ASKED, _("上级复核中"), "amber", APPEAL, source="own_default"),
    State(WITHDRAW_DUE, _("处罚已变更，待撤回"), "red", PENALTY),
    State(
        REVOKED, pgettext_lazy("conduct", "已撤销"), "grey", RULE, final=True, source="remembered"
    ),
    State(REPAIR_APPLIED, _("修复受理中"), "amber", REPAIR, source="web_page"),
    State(REPAIRED, _("已修复"), "grey", REPAIR, final=True, source="web_page"),
    State(REPAIR_REJECTED, _("未予修复"), "amber", REPAIR, source="web_page"),
    State(EXPIRED, _("公示期满"), "grey", REPAIR, final=True, source="web_page"),
    State(PROPOSED_LIST, _("拟列入名单"), "amber", RULE, source="remembered"),
    State(LISTED, _("已列入名单"), "red", RULE, source="remembered"),
)
