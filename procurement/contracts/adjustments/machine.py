"""The price adjustment's machine."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow.machines import Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.contracts.adjustments import rules
from procurement.contracts.adjustments.schemas import (
    CheckPayload,
    InPaymentPayload,
    ProposePayload,
)
from procurement.contracts.schemas import ReasonPayload

ARTICLES = (gettext_noop("GB 50500-2013 第9.8节"),)

PROPOSED, CHECKED, APPROVED, REJECTED, PAID = (
    "proposed", "checked", "approved", "rejected", "paid",
)  # fmt: skip
COUNTED = (APPROVED, PAID)

_A, _M = rules.ARTICLE_ADJUST, "remembered"

PRICE_ADJUSTMENT = Machine(
    code="procurement.price_adjustment",
    label=_("价差调整"),
    initial=PROPOSED,
    main_path=(PROPOSED, CHECKED, APPROVED, PAID),
    states=(
        State(PROPOSED, _("待审核"), "blue", _A, source=_M),
        State(CHECKED, _("待批准"), "blue", _A, source=_M),
        State(APPROVED, _("已批准"), "green", _A, source=_M),
        State(REJECTED, _("未批准"), "grey", _A, final=True, source=_M),
        State(PAID, _("已列入付款"), "green", _A, final=True, source=_M),
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
            _("申请价差调整"),
            (),
            PROPOSED,
            effect=_("按合同约定的方法计算价差，报监理审核。只调整超出风险幅度的部分。"),
            article=_A,
            source=_M,
            schema=ProposePayload,
            guards=rules.PROPOSED,
            done=_("已申请"),
        ),
        Transition(
            "check",
            _("审核价差"),
            (PROPOSED,),
            CHECKED,
            effect=_("核对价格信息或者指数的出处和数量，报发包人批准。"),
            article=_A,
            source=_M,
            schema=CheckPayload,
            guards=rules.CONFIRMED,
            desk=True,
            done=_("已审核"),
        ),
        Transition(
            "approve",
            _("批准价差"),
            (CHECKED,),
            APPROVED,
            effect=_("价差计入合同价，可以列入付款。"),
            article=_A,
            source=_M,
            guards=rules.CONFIRMED,
            desk=True,
            done=_("已批准"),
        ),
        Transition(
            "reject",
            _("不予调整"),
            (PROPOSED, CHECKED),
            REJECTED,
            effect=_("不批准本次调整，并说明理由。"),
            article=_A,
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
            PAID,
            effect=_("价差列入一期已批准的付款。"),
            article=_A,
            source=_M,
            schema=InPaymentPayload,
            automatic=True,
            done=_("已列入付款"),
        ),
    ),
)
