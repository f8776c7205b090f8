"""The plan's machine: drafted, announced, ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.workflow.machines import Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.tendering.plans import rules
from procurement.tendering.plans.schemas import PlanPayload
from procurement.tendering.schemas import ReasonPayload

OWNER = party("owner", "owner_uscc")
AGENCY = party("agency", "agency_uscc")
AUTHORITY = authority(unseen=("drafted",))

PLAN = Machine(
    code="procurement.tender_plan",
    label=_("招标计划"),
    initial="drafted",
    main_path=("drafted", "announced"),
    states=(
        State("drafted", _("草稿"), "grey", "平台规则", source="own_default"),
        State("announced", _("已公布"), "green", "平台规则", source="own_default"),
        State(
            "ended", pgettext_lazy("plan", "已终止"), "grey", "平台规则", final=True,
            source="own_default",
        ),
    ),
    relations=(OWNER, AGENCY, AUTHORITY),
    transitions=(
        Transition(
            "draw_up", _("编制招标计划"), (), "drafted",
            effect=_("建立一份招标计划草稿。"), article="平台规则", source="own_default",
            schema=PlanPayload, guards=rules.DRAFT, button=_("保存草稿"), done=_("已建立草稿"),
        ),
        Transition(
            "amend", _("修改招标计划"), ("drafted",), "",
            effect=_("保存招标计划。"), article="平台规则", source="own_default",
            schema=PlanPayload, guards=rules.DRAFT, button=_("保存"), desk=True, done=_("已保存"),
        ),
        Transition(
            "announce", _("公布招标计划"), ("drafted",), "announced",
            effect=_("向社会公布拟招标的标段、估算价和时间。"), article="平台规则",
            source="own_default", guards=rules.COMPLETE, desk=True, done=_("已公布"),
        ),
        Transition(
            "end", pgettext_lazy("plan", "终止计划"), ("drafted", "announced"), "ended",
            effect=_("终止本计划，可以另行编制。"), article="平台规则", source="own_default",
            schema=ReasonPayload, guards=(rules.reason_is_given,), grave=True, done=_("已终止"),
        ),
    ),
)  # fmt: skip
