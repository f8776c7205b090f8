"""The lot's machine: from the draft of its documents to the archive."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow.machines import DeadlineRule, Machine, State
from kernel.workflow.relations import authority, party
from procurement.tendering.transitions import TRANSITIONS

OWNER = party("owner", "owner_uscc")
AGENCY = party("agency", "agency_uscc")
AUTHORITY = authority(unseen=("draft", "approved"))

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLES = (
    gettext_noop("《招标投标法》第九条"),
    gettext_noop("《招标投标法》第十六条"),
    gettext_noop("《招标投标法》第十九条"),
    gettext_noop("《招标投标法》第二十四条"),
    gettext_noop("《招标投标法》第三十四条"),
    gettext_noop("《招标投标法》第三十六条"),
    gettext_noop("《招标投标法》第四十五条"),
    gettext_noop("《招标投标法》第四十六条"),
    gettext_noop("《招标投标法》第四十七条"),
    gettext_noop("《招标投标法实施条例》第十六条"),
    gettext_noop("《招标投标法实施条例》第二十一条"),
    gettext_noop("《招标投标法实施条例》第二十二条"),
    gettext_noop("《招标投标法实施条例》第三十一条"),
    gettext_noop("《招标投标法实施条例》第四十四条"),
    gettext_noop("《招标投标法实施条例》第五十三条"),
    gettext_noop("《招标投标法实施条例》第五十四条"),
    gettext_noop("《招标投标法实施条例》第五十五条"),
    gettext_noop("《招标投标法实施条例》第六十二条"),
    gettext_noop("《电子招标投标办法》（国家发展改革委令第20号）"),
)

_IMPL = "《招标投标法实施条例》"

STATES = (
    State("draft", _("草稿"), "grey", "平台规则", source="own_default"),
    State("approved", _("招标文件已签署"), "blue", "平台规则", source="own_default"),
    State("published", _("招标中"), "green", "《招标投标法》第十六条", source="remembered"),
    State("paused", _("异议暂停"), "amber", f"{_IMPL}第二十二条"),
    State("closing", _("已截标，制作开标清单"), "blue", "《招标投标法》第三十四条"),
    State("opening", _("开标中"), "blue", "《招标投标法》第三十四条"),
    State("evaluating", _("评标中"), "blue", f"{_IMPL}第五十三条"),
    State("publicity", _("中标候选人公示中"), "green", f"{_IMPL}第五十四条"),
    State("publicity_paused", _("公示异议暂停"), "amber", f"{_IMPL}第五十四条"),
    State("award_pending", _("待发中标通知书"), "blue", f"{_IMPL}第五十五条"),
    State("awarded", _("已定标"), "green", "《招标投标法》第四十五条", source="remembered"),
    State("contracted", _("已签合同"), "green", "《招标投标法》第四十六条"),
    State(
        "archived", _("已归档"), "green", "《电子招标投标办法》（国家发展改革委令第20号）",
        final=True, source="remembered",
    ),
    State("failed", _("招标失败"), "red", f"{_IMPL}第四十四条"),
    State("retendered", _("已重新招标"), "grey", f"{_IMPL}第四十四条", final=True),
    State(
        "terminated", pgettext_lazy("tender", "已终止"), "grey", f"{_IMPL}第三十一条", final=True
    ),
    State("suspended", _("已责令暂停"), "red", f"{_IMPL}第六十二条", source="remembered"),
)  # fmt: skip

LOT = Machine(
    code="procurement.tender",
    label=_("招标"),
    initial="draft",
    main_path=(
        "draft", "approved", "published", "closing", "opening", "evaluating", "publicity",
        "award_pending", "awarded", "contracted", "archived",
    ),
    states=STATES,
    relations=(OWNER, AGENCY, AUTHORITY),
    transitions=TRANSITIONS,
    deadlines=(
        DeadlineRule(
            "published", "tender.lot.sale_end", _("招标文件获取截止"), "agency_clerk",
            on_due="close_sale", column="sale_clock_at", article=f"{_IMPL}第十六条",
            source="statute_text", aside=True,
        ),
        DeadlineRule(
            "published", "tender.lot.bid_deadline", _("投标截止"), "contractor_clerk",
            on_due="close", column="bid_deadline_at", article="《招标投标法》第三十四条",
            source="statute_text",
        ),
        DeadlineRule(
            "evaluating", "tender.lot.publicity_start", _("公示中标候选人"), "owner_clerk",
            column="publicity_start_due_at", article=f"{_IMPL}第五十四条", source="statute_text",
        ),
        DeadlineRule(
            "publicity", "tender.lot.publicity_end", _("公示期满"), "owner_clerk",
            on_due="end_publicity", column="publicity_ends_at", article=f"{_IMPL}第五十四条",
            source="statute_text",
        ),
        DeadlineRule("awarded", "contract.sign", _("签订合同"), "owner_clerk"),
        # The law counts from the acceptance of the complaint, which no act here tells; whoever
        # counts from the order, which comes after it, is never told of a later day than its own.
        DeadlineRule(
            "suspended", "complaint.decide", _("作出投诉处理决定、解除暂停（自责令暂停之日起计）"),
            "tender_supervisor",
        ),
        *(
            DeadlineRule(
                state, "tender.lot.award_report", _("向监督部门提交书面报告"), "owner_clerk",
                column="report_due_at", article="《招标投标法》第四十七条", source="statute_text",
            )
            for state in ("awarded", "contracted")
        ),
    ),
)  # fmt: skip
