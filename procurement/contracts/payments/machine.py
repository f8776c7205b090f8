"""The payment's machine: measured, certified, approved, wages paid, paid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.contracts.payments import rules
from procurement.contracts.payments.schemas import (
    CertifyPayload,
    DisputePayload,
    MeasurePayload,
    OpenPayload,
    WagesPayload,
)
from procurement.contracts.schemas import ReasonPayload, ReceiptsPayload

ARTICLES = (
    gettext_noop("《保障农民工工资支付条例》第二十四条、第三十五条"),
    gettext_noop("《保障中小企业款项支付条例》第十七条"),
    gettext_noop("《保障中小企业款项支付条例》第十五条"),
)

ARTICLE_PRIORITY = gettext_noop("最高人民法院施工合同司法解释（一）第四十一条")

DRAFT, SUBMITTED, CERTIFIED, APPROVED, PAYING, PAID, RETURNED, PART_PAID, OVERDUE = (
    "draft", "submitted", "certified", "approved", "paying", "paid", "returned", "part_paid",
    "overdue",
)  # fmt: skip
# Under review: one of a contract at a time. Approved: what later sums are counted on.
REVIEWED = (SUBMITTED, CERTIFIED)
COUNTED = (APPROVED, PAYING, PART_PAID, OVERDUE, PAID)

_F, _P, _M = rules.ARTICLE_FORM, rules.ARTICLE_PLATFORM, "remembered"
_LAW = "statute_text"

PAYMENT = Machine(
    code="procurement.payment",
    label=_("工程款支付"),
    initial=DRAFT,
    main_path=(DRAFT, SUBMITTED, CERTIFIED, APPROVED, PAYING, PAID),
    # As the account's own case has it: its number is shown to who says why.
    masked=("wage_account",),
    states=(
        State(DRAFT, _("草稿"), "grey", _P, source="own_default"),
        State(SUBMITTED, _("待监理审核"), "blue", _F, source=_M),
        State(CERTIFIED, _("待发包人审批"), "blue", _F, source=_M),
        State(APPROVED, _("待支付"), "amber", _F, source=_M),
        State(PAYING, _("工资已付，待付余款"), "amber", rules.ARTICLE_WAGES),
        State(PAID, _("已支付"), "green", _F, final=True, source=_M),
        State(RETURNED, _("已退回修改"), "amber", _F, source=_M),
        State(PART_PAID, _("已付无争议部分"), "amber", rules.ARTICLE_UNDISPUTED),
        State(OVERDUE, _("逾期未付"), "red", rules.ARTICLE_LATE),
    ),
    relations=(
        party("owner", "owner_uscc"),
        party("contractor", "contractor_uscc"),
        party("supervision", "supervision_uscc"),
        authority(unseen=(DRAFT,)),
    ),
    transitions=(
        Transition(
            "open",
            _("申请付款"),
            (),
            DRAFT,
            effect=_("建立一份付款申请草稿，接着填写本期计量。"),
            article=_F,
            source=_M,
            schema=OpenPayload,
            guards=rules.OPENED,
            button=_("保存草稿"),
            done=_("已建立草稿"),
        ),
        Transition(
            "measure",
            _("填写计量"),
            (DRAFT, RETURNED),
            "",
            effect=_("按合同清单填写本期完成的工程量。报送之前可以反复修改。"),
            article=_F,
            source=_M,
            schema=MeasurePayload,
            guards=rules.MEASURED,
            button=_("保存"),
            desk=True,
            done=_("已保存计量"),
        ),
        Transition(
            "submit",
            _("报送付款申请"),
            (DRAFT, RETURNED),
            SUBMITTED,
            effect=_("向监理报送付款申请。审核期限自次日起算。"),
            article=_F,
            source=_M,
            guards=rules.SUBMITTED,
            desk=True,
            done=_("已报送"),
        ),
        Transition(
            "certify",
            _("审核计量"),
            (SUBMITTED,),
            CERTIFIED,
            effect=_("确认本期工程量和应付款，报发包人审批。"),
            article=_F,
            source=_M,
            schema=CertifyPayload,
            guards=rules.CERTIFIED,
            desk=True,
            done=_("已审核"),
        ),
        Transition(
            "approve",
            _("批准付款"),
            (CERTIFIED,),
            APPROVED,
            effect=_("批准付款，印出付款证书交总监和发包人签署。付款期限自次日起算。"),
            article=_F,
            source=_M,
            guards=rules.APPROVED,
            desk=True,
            done=_("已批准"),
        ),
        Transition(
            "return",
            _("退回申请"),
            (SUBMITTED, CERTIFIED),
            RETURNED,
            effect=_("指出需要修改的内容，退回承包人。"),
            article=_F,
            source=_M,
            schema=ReasonPayload,
            guards=rules.RETURNED,
            done=_("已退回"),
        ),
        Transition(
            "pay_wages",
            _("拨付人工费用"),
            (APPROVED, OVERDUE),
            PAYING,
            effect=_("将人工费用先行拨付到农民工工资专用账户，不受其他争议影响。"),
            article=rules.ARTICLE_WAGES,
            source=_LAW,
            schema=WagesPayload,
            guards=rules.WAGES,
            desk=True,
            done=_("已拨付人工费用"),
        ),
        Transition(
            "pay",
            _("支付余款"),
            (PAYING, PART_PAID, OVERDUE),
            PAID,
            effect=_("登记银行回单，付清本期工程款；逾期的连同利息一并付清。"),
            article=_F,
            source=_M,
            schema=ReceiptsPayload,
            guards=rules.PAID,
            desk=True,
            done=_("已付清"),
        ),
        Transition(
            "dispute",
            _("支付无争议部分"),
            (PAYING, OVERDUE),
            PART_PAID,
            effect=_("写明有争议的金额和理由，先付清其余部分。"),
            article=rules.ARTICLE_UNDISPUTED,
            source=_LAW,
            schema=DisputePayload,
            guards=rules.DISPUTED,
            done=_("已付无争议部分"),
        ),
        Transition(
            "fall_overdue",
            _("逾期未付"),
            (APPROVED, PAYING),
            OVERDUE,
            effect=_("付款期限届满未付，自次日起计付利息。"),
            article=rules.ARTICLE_LATE,
            source=_LAW,
            automatic=True,
            done=_("逾期，计付利息"),
        ),
    ),
    deadlines=(
        DeadlineRule(SUBMITTED, "payment.certify", _("审核计量"), "chief_supervisor"),
        DeadlineRule(CERTIFIED, "payment.approve", _("批准付款"), "owner_clerk"),
        *(
            DeadlineRule(
                state, "payment.pay", _("支付工程款"), "owner_clerk",
                on_due="fall_overdue", column="pay_by", article=_F, source=_M,
            )
            for state in (APPROVED, PAYING)
        ),
        # Nothing happens to the payment at its end: the right to be paid first is lost.
        *(
            DeadlineRule(
                state, "payment.priority_right", _("行使优先受偿权"), "contractor_clerk",
                column="priority_until", article=ARTICLE_PRIORITY, source=_LAW,
            )
            for state in (OVERDUE, PAYING, PART_PAID)
        ),
    ),
)  # fmt: skip
