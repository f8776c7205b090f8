"""The contract's machine: from the draft that says what was bid to the returned retention."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State
from kernel.workflow.relations import authority, party
from procurement.contracts.rules import common
from procurement.contracts.settling import SETTLEMENT
from procurement.contracts.states import (
    CHECKED,
    CLOSED,
    DRAFT,
    FILED,
    INVESTIGATED,
    PERFORMING,
    REGISTERED,
    RETENTION_RETURNED,
    SETTLED,
    SETTLING,
    SIGNED,
    SIGNING,
    SUSPENDED,
    TERMINATED,
)
from procurement.contracts.transitions import DRAWING_UP, PERFORMANCE

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLES = (
    gettext_noop("《招标投标法》第四十六条"),
    gettext_noop("《建设工程施工合同（示范文本）》（GF-2017-0201）"),
    gettext_noop("《建设工程价款结算暂行办法》（财建〔2004〕369号）"),
    gettext_noop("《建设工程质量保证金管理办法》（建质〔2017〕138号）"),
    gettext_noop("《招标投标法实施条例》第五十七条"),
    gettext_noop("最高人民法院施工合同司法解释（一）第二十一条"),
    gettext_noop("合同信息登记（非备案，不设许可）"),
    gettext_noop("《建筑法》第二十八条、第二十九条"),
    gettext_noop("最高人民法院施工合同司法解释（一）第一条"),
    gettext_noop("《招标投标法》第五十三条、第五十四条"),
    gettext_noop("住房城乡建设部令第2号第八条"),
)

OWNER = party("owner", "owner_uscc")
CONTRACTOR = party("contractor", "contractor_uscc")
SUPERVISION = party("supervision", "supervision_uscc")
AUTHORITY = authority(unseen=(DRAFT, SIGNING))

_S, _F, _P, _M = common.ARTICLE_SIGN, common.ARTICLE_FORM, common.ARTICLE_PLATFORM, "remembered"

CONTRACT = Machine(
    code="procurement.contract",
    label=_("施工合同"),
    initial=DRAFT,
    main_path=(
        DRAFT,
        SIGNING,
        SIGNED,
        REGISTERED,
        PERFORMING,
        SETTLING,
        FILED,
        CHECKED,
        SETTLED,
        RETENTION_RETURNED,
        CLOSED,
    ),
    states=(
        State(DRAFT, _("草稿"), "grey", _S),
        State(SIGNING, _("待双方签署"), "blue", _S),
        State(SIGNED, _("已签订"), "green", _S),
        State(REGISTERED, _("已登记"), "green", common.ARTICLE_REGISTER, source=_M),
        State(PERFORMING, _("履行中"), "green", _F, source=_M),
        State(SUSPENDED, _("已中止"), "amber", _F, source=_M),
        State(TERMINATED, _("已解除"), "grey", _F, final=True, source=_M),
        State(SETTLING, _("待报结算"), "blue", common.ARTICLE_SETTLE, source=_M),
        State(FILED, _("结算待审核"), "blue", common.ARTICLE_SETTLE, source=_M),
        State(CHECKED, _("结算待确认"), "blue", common.ARTICLE_SETTLE, source=_M),
        State(SETTLED, _("已结算"), "green", common.ARTICLE_SETTLE, source=_M),
        State(RETENTION_RETURNED, _("保证金已返还"), "green", common.ARTICLE_RETENTION, source=_M),
        State(CLOSED, _("已结束"), "grey", _P, final=True, source="own_default"),
        State(INVESTIGATED, _("调查中"), "red", common.ARTICLE_SUBCONTRACT),
    ),
    relations=(OWNER, CONTRACTOR, SUPERVISION, AUTHORITY),
    transitions=(*DRAWING_UP, *PERFORMANCE, *SETTLEMENT),
    deadlines=(
        *(
            DeadlineRule(
                state,
                "contract.sign",
                _("签订合同"),
                "owner_clerk",
                column="sign_by",
                article=_S,
                source="statute_text",
            )
            for state in (DRAFT, SIGNING)
        ),
        DeadlineRule(SETTLING, "settlement.file", _("报送竣工结算"), "contractor_clerk"),
        DeadlineRule(FILED, "settlement.check", _("审核结算"), "chief_supervisor"),
        DeadlineRule(CHECKED, "settlement.approve", _("确认结算"), "owner_clerk"),
        *(
            DeadlineRule(
                state,
                "settlement.reply",
                _("逾期视为认可"),
                "owner_clerk",
                on_due="deem_settlement",
                column="settlement_deemed_at",
                article=common.ARTICLE_DEEMED,
                source="statute_text",
            )
            for state in (FILED, CHECKED)
        ),
        DeadlineRule(
            SETTLED,
            "retention.defect_period",
            _("返还质量保证金"),
            "owner_clerk",
            column="retention_due_at",
            article=common.ARTICLE_RETENTION,
            source=_M,
        ),
    ),
)
