"""The acts of settling a contract, as data: filed, checked, agreed, retention returned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.workflow.machines import Transition
from procurement.contracts.rules import common, settlement
from procurement.contracts.schemas import (
    AcceptedPayload,
    CheckSettlementPayload,
    FileSettlementPayload,
    ReasonPayload,
    RetentionPayload,
)
from procurement.contracts.states import (
    CHECKED,
    CLOSED,
    FILED,
    PERFORMING,
    RETENTION_RETURNED,
    SETTLED,
    SETTLING,
)

_S, _F, _P, _M = common.ARTICLE_SIGN, common.ARTICLE_FORM, common.ARTICLE_PLATFORM, "remembered"

SETTLEMENT = (
    Transition(
        "begin_settlement",
        _("开始结算"),
        (PERFORMING,),
        SETTLING,
        effect=_("工程竣工验收合格，结算期限自次日起算。"),
        article=common.ARTICLE_SETTLE,
        source=_M,
        schema=AcceptedPayload,
        automatic=True,
        done=_("开始结算"),
    ),
    Transition(
        "file_settlement",
        _("报送竣工结算"),
        (SETTLING,),
        FILED,
        effect=_("向监理和发包人报送竣工结算文件。审核期限自次日起算。"),
        article=common.ARTICLE_SETTLE,
        source=_M,
        schema=FileSettlementPayload,
        guards=(settlement.settlement_is_something, common.files_are_there),
        desk=True,
        done=_("已报送结算"),
    ),
    Transition(
        "check_settlement",
        _("审核结算"),
        (FILED,),
        CHECKED,
        effect=_("确定无争议的结算价款，印出结算书交三方签署；有争议的部分另行处理。"),
        article=common.ARTICLE_SETTLE,
        source=_M,
        schema=CheckSettlementPayload,
        guards=(settlement.checked_is_within_claim,),
        desk=True,
        done=_("已审核结算"),
    ),
    Transition(
        "return_settlement",
        pgettext_lazy("act", "退回结算"),
        (FILED, CHECKED),
        SETTLING,
        effect=_("指出需要补正的内容，退回承包人重新报送。"),
        article=common.ARTICLE_SETTLE,
        source=_M,
        schema=ReasonPayload,
        guards=(common.reason_is_given,),
        done=_("已退回结算"),
    ),
    Transition(
        "settle",
        _("确认结算"),
        (CHECKED,),
        SETTLED,
        effect=_("确认三方签署的结算价款，扣留约定的质量保证金，其余按期支付。"),
        article=common.ARTICLE_SETTLE,
        source=_M,
        guards=(settlement.statement_is_signed,),
        desk=True,
        done=_("已结算"),
    ),
    Transition(
        "deem_settlement",
        _("视为认可结算"),
        (FILED, CHECKED),
        SETTLED,
        effect=_("合同约定逾期不答复视为认可，答复期限届满，按承包人报送的结算文件结算。"),
        article=common.ARTICLE_DEEMED,
        source="statute_text",
        automatic=True,
        done=_("视为认可"),
    ),
    Transition(
        "return_retention",
        _("返还质量保证金"),
        (SETTLED,),
        RETENTION_RETURNED,
        effect=_("缺陷责任期满，返还全部质量保证金；期满前返还的，须双方协商一致。"),
        article=common.ARTICLE_RETENTION,
        source=_M,
        schema=RetentionPayload,
        guards=(
            settlement.retention_goes_back_whole,
            settlement.early_retention_was_agreed,
            common.files_are_there,
        ),
        desk=True,
        done=_("已返还"),
    ),
    Transition(
        "close",
        _("结束合同"),
        (RETENTION_RETURNED,),
        CLOSED,
        effect=_("价款全部付清，合同结束。"),
        article=_P,
        source="own_default",
        guards=(settlement.nothing_is_unpaid,),
        desk=True,
        done=_("已结束"),
    ),
)
