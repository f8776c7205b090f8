"""The machine of a tender bill: on record, or withdrawn."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow.machines import Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.tendering.bills import rules
from procurement.tendering.bills.schemas import ImportPayload
from procurement.tendering.plans import rules as plans
from procurement.tendering.schemas import ReasonPayload

ON_RECORD, WITHDRAWN = "on_record", "withdrawn"

_PRICING = gettext_noop("《建设工程工程量清单计价标准》GB/T 50500-2024")
_OWN = gettext_noop("平台规则")

TENDER_BILL = Machine(
    code="procurement.tender_bill",
    label=_("招标工程量清单"),
    initial=ON_RECORD,
    main_path=(ON_RECORD,),
    states=(
        State(ON_RECORD, pgettext_lazy("bill", "在库"), "green", _PRICING, source="remembered"),
        State(
            WITHDRAWN, pgettext_lazy("bill", "已撤回"), "grey", _OWN, final=True,
            source="own_default",
        ),
    ),
    relations=(
        party("owner", "owner_uscc"),
        party("agency", "agency_uscc"),
        authority(),
    ),
    transitions=(
        Transition(
            "import", _("导入招标工程量清单"), (), ON_RECORD,
            effect=_("读取并检查清单文件，入库后可供本项目的标段选用。"), article=_PRICING,
            source="remembered", schema=ImportPayload, guards=rules.IMPORT, button=_("导入"),
            done=_("清单已入库"),
        ),
        Transition(
            "withdraw", pgettext_lazy("bill", "撤回清单"), (ON_RECORD,), WITHDRAWN,
            effect=_("不再供标段选用；已有标段采用的清单不能撤回。"), article=_OWN,
            source="own_default", schema=ReasonPayload,
            guards=(rules.no_lot_stands_on_it, plans.reason_is_given), grave=True,
            done=_("清单已撤回"),
        ),
    ),
)  # fmt: skip
