"""The machine of a hire: asked for, agreed, ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from equipment.leasing import rules
from equipment.leasing.schemas import AgreePayload, ReasonPayload, RequestPayload
from equipment.registry.machine import ORDER, PLATFORM
from kernel.workflow import relations
from kernel.workflow.machines import Machine, State, Transition

REQUESTED, AGREED, ENDED, REFUSED, WITHDRAWN = (
    "requested", "agreed", "ended", "refused", "withdrawn",
)  # fmt: skip

HIRE = Machine(
    code="equipment.hire",
    label=_("设备租赁"),
    initial=REQUESTED,
    main_path=(REQUESTED, AGREED, ENDED),
    states=(
        State(REQUESTED, _("待出租方答复"), "amber", PLATFORM, source="own_default"),
        State(AGREED, _("租赁中"), "green", ORDER, source="web_page"),
        State(ENDED, _("租赁已结束"), "grey", ORDER, final=True, source="web_page"),
        State(REFUSED, _("未接受"), "grey", PLATFORM, final=True, source="own_default"),
        State(
            WITHDRAWN,
            pgettext_lazy("hire", "已撤回"),
            "grey",
            PLATFORM,
            final=True,
            source="own_default",
        ),
    ),
    relations=(
        relations.party("lessor", "lessor_uscc"),
        relations.party("hirer", "contractor_uscc"),
        relations.authority(),
    ),
    transitions=(
        Transition(
            "request",
            _("申请租用"),
            (),
            REQUESTED,
            effect=_("向产权单位申请租用该设备，对方接受后租赁成立。"),
            article=PLATFORM,
            source="own_default",
            schema=RequestPayload,
            guards=(
                rules.machine_is_to_let,
                rules.lessor_is_on_no_list,
                rules.hirer_is_on_no_list,
                rules.site_has_its_permit,
                rules.period_is_right,
                rules.life_covers_the_hire,
            ),
            done=_("已申请租用"),
        ),
        Transition(
            "agree",
            _("接受租用"),
            (REQUESTED,),
            AGREED,
            effect=_("租赁成立，设备归该工地使用，其他申请不再受理。"),
            article=ORDER,
            source="web_page",
            schema=AgreePayload,
            guards=(
                rules.machine_is_still_free,
                rules.hire_is_not_over,
                rules.life_covers_the_hire,
                rules.lessor_is_on_no_list,
                rules.hirer_is_on_no_list,
            ),
            desk=True,
            done=_("租赁已成立"),
        ),
        Transition(
            "refuse",
            _("不接受"),
            (REQUESTED,),
            REFUSED,
            effect=_("说明理由，不接受这次申请。"),
            article=PLATFORM,
            source="own_default",
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            done=_("未接受"),
        ),
        Transition(
            "withdraw",
            _("撤回申请"),
            (REQUESTED,),
            WITHDRAWN,
            effect=_("撤回租用申请。"),
            article=PLATFORM,
            source="own_default",
            done=_("已撤回申请"),
        ),
        Transition(
            "end",
            _("租赁结束"),
            (AGREED,),
            ENDED,
            effect=_("设备已退场，租赁结束。"),
            article=ORDER,
            source="web_page",
            guards=(rules.machine_came_back,),
            automatic=True,
            done=_("租赁已结束"),
        ),
    ),
)
