"""The variation's machine: no instruction, no payment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.contracts.schemas import ReasonPayload
from procurement.contracts.variations import rules
from procurement.contracts.variations.schemas import (
    ApprovePayload,
    CheckPayload,
    InPaymentPayload,
    InstructPayload,
    ProposePayload,
    ValuePayload,
)

PROPOSED, INSTRUCTED, VALUED, CHECKED, APPROVED, REJECTED, IN_PAYMENT, CLOSED = (
    "proposed", "instructed", "valued", "checked", "approved", "rejected", "in_payment", "closed",
)  # fmt: skip
# States in which a change counts: its price is fixed.
COUNTED = (APPROVED, IN_PAYMENT, CLOSED)

_F, _M = rules.ARTICLE_FORM, "remembered"

VARIATION = Machine(
    code="procurement.variation",
    label=_("工程变更"),
    initial=PROPOSED,
    main_path=(PROPOSED, INSTRUCTED, VALUED, CHECKED, APPROVED, IN_PAYMENT, CLOSED),
    states=(
        State(PROPOSED, _("待发包人指令"), "blue", _F, source=_M),
        State(INSTRUCTED, _("待承包人估价"), "blue", _F, source=_M),
        State(VALUED, _("估价待审核"), "blue", _F, source=_M),
        State(CHECKED, _("待批准"), "blue", _F, source=_M),
        State(APPROVED, _("已批准"), "green", _F, source=_M),
        State(REJECTED, _("未批准"), "grey", _F, final=True, source=_M),
        State(IN_PAYMENT, _("已列入付款"), "amber", _F, source=_M),
        State(CLOSED, _("已办结"), "grey", _F, final=True, source=_M),
    ),
    relations=(
        party("owner", "owner_uscc"),
        party("contractor", "contractor_uscc"),
        party("supervision", "supervision_uscc"),
        authority(),
    ),
    transitions=(
        Transition(
            "propose",
            _("提出变更"),
            (),
            PROPOSED,
            effect=_("提出一项工程变更。发包人书面指令之前不得实施，也不计价。"),
            article=_F,
            source=_M,
            schema=ProposePayload,
            guards=rules.PROPOSED,
            done=_("已提出"),
        ),
        Transition(
            "instruct",
            _("下达变更指令"),
            (PROPOSED,),
            INSTRUCTED,
            effect=_("经总监下达书面变更指令。承包人的估价期限自次日起算。"),
            article=_F,
            source=_M,
            schema=InstructPayload,
            guards=(*rules.INSTRUCTED, *rules.FILES),
            desk=True,
            done=_("已下达指令"),
        ),
        Transition(
            "value",
            _("报送估价"),
            (INSTRUCTED,),
            VALUED,
            effect=_("按相同项目、类似项目、成本加利润的顺序逐项报价。审核期限自次日起算。"),
            article=_F,
            source=_M,
            schema=ValuePayload,
            guards=rules.VALUED,
            desk=True,
            done=_("已报送估价"),
        ),
        Transition(
            "check",
            _("审核估价"),
            (VALUED,),
            CHECKED,
            effect=_("确认变更价款，报发包人批准。"),
            article=_F,
            source=_M,
            schema=CheckPayload,
            guards=rules.CHECKED,
            desk=True,
            done=_("已审核"),
        ),
        Transition(
            "approve",
            _("批准变更价款"),
            (CHECKED,),
            APPROVED,
            effect=_("变更价款计入合同价，可以列入付款，并生成工程变更单。"),
            article=_F,
            source=_M,
            schema=ApprovePayload,
            guards=rules.APPROVED,
            desk=True,
            done=_("已批准"),
        ),
        Transition(
            "deem_approved",
            _("视为批准"),
            (CHECKED,),
            APPROVED,
            effect=_("合同约定逾期不答复视为认可，批准期限届满，变更价款视为批准。"),
            article=_F,
            source=_M,
            automatic=True,
            done=_("视为批准"),
        ),
        Transition(
            "reject",
            _("不予批准"),
            (PROPOSED, CHECKED),
            REJECTED,
            effect=_("不批准本项变更，并说明理由。"),
            article=_F,
            source=_M,
            schema=ReasonPayload,
            guards=rules.REJECTED,
            grave=True,
            done=_("未批准"),
        ),
        Transition(
            "pay",
            pgettext_lazy("act", "列入付款"),
            (APPROVED,),
            IN_PAYMENT,
            effect=_("变更价款列入一期已批准的付款。"),
            article=_F,
            source=_M,
            schema=InPaymentPayload,
            automatic=True,
            done=_("已列入付款"),
        ),
        Transition(
            "close",
            _("办结"),
            (IN_PAYMENT,),
            CLOSED,
            effect=_("所列付款已付清，变更办结。"),
            article=_F,
            source=_M,
            automatic=True,
            done=_("已办结"),
        ),
    ),
    deadlines=(
        DeadlineRule(INSTRUCTED, "variation.value", _("报送估价"), "contractor_clerk"),
        DeadlineRule(VALUED, "variation.check", _("审核估价"), "chief_supervisor"),
        DeadlineRule(CHECKED, "variation.approve", _("批准变更价款"), "owner_clerk"),
        # Only where the contract says that silence approves.
        DeadlineRule(
            CHECKED, "variation.approve", _("逾期视为批准"), "owner_clerk",
            on_due="deem_approved", column="deemed_at", article=_F, source=_M,
        ),
    ),
)  # fmt: skip
