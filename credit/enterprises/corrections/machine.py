"""The machine of a correction: filed by anybody signed in, accepted or declined by an officer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from credit.enterprises.corrections import grave, rules
from credit.enterprises.corrections.schemas import (
    AcceptPayload,
    DeclinePayload,
    FilePayload,
    ImportPayload,
    LicencePayload,
    ProposePayload,
)
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, State, Transition

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLE = gettext_noop("平台规则：企业信息档案更正")
FILED, ACCEPTED, DECLINED, WITHDRAWN = "filed", "accepted", "declined", "withdrawn"
_OWN = {"article": ARTICLE, "source": "own_default"}

CORRECTION = Machine(
    code="credit.correction",
    label=_("档案更正申请"),
    initial=FILED,
    main_path=(FILED, ACCEPTED),
    states=(
        State(FILED, _("待处理"), "amber", ARTICLE, source="own_default"),
        State(ACCEPTED, _("已受理更正"), "green", ARTICLE, final=True, source="own_default"),
        State(DECLINED, _("未予更正"), "grey", ARTICLE, final=True, source="own_default"),
        State(
            WITHDRAWN, pgettext_lazy("correction", "已撤回"), "grey", ARTICLE, final=True,
            source="own_default",
        ),
    ),
    relations=(
        relations.party("enterprise", "uscc"),
        relations.person("filer", "filed_by"),
        relations.authority(),
    ),
    transitions=(
        Transition(
            "file", _("申请更正档案"), (), FILED,
            effect=_("指出企业信息档案中的一处错误并附证明材料，由信用管理部门处理，同时告知该企业。"),
            schema=FilePayload, guards=rules.FILE, button=_("提交更正申请"),
            done=_("已申请更正"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "file_import", _("由导入提出更正"), (), FILED,
            effect=_("全国平台数据与已受理的更正不同，由导入人以外的信用管理人员处理。"),
            schema=ImportPayload, guards=(rules.entry_is_there, rules.is_new), automatic=True,
            done=_("已由导入提出更正"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "file_licence", _("由营业执照提出更名"), (), FILED,
            effect=_("登记的营业执照与档案名称不同，由登记人以外的信用管理人员确认后更名。"),
            schema=LicencePayload, guards=(rules.entry_is_there, rules.is_new), automatic=True,
            done=_("已由营业执照提出更名"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "propose", _("提议更名"), (FILED,), "",
            effect=_("写明核对依据并提议更名，由申请人和提议人以外的人员确认；确认前名称不变。"),
            schema=ProposePayload,
            guards=(grave.two_officers_decide, grave.nothing_is_proposed,
                    grave.evidence_is_named, *rules.ACCEPT),
            desk=True, offered=grave.waits_for_a_proposal,
            done=_("已提议更名"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "confirm", _("确认更名"), (FILED,), ACCEPTED,
            effect=_("由提议人以外的人员确认，档案改用新名称，记入变更记录，并告知企业和申请人。"),
            guards=(grave.two_officers_decide, grave.was_proposed, grave.is_another_than_proposed,
                    rules.is_another_than_filed, rules.is_nobody_of_the_enterprise,
                    rules.entry_is_still_there),
            desk=True, offered=grave.waits_for_another, grave=True,
            done=_("已更名"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "accept", _("更正"), (FILED,), ACCEPTED,
            effect=_("更正该项内容，记入变更记录，并告知企业和申请人。"),
            schema=AcceptPayload, guards=(grave.one_officer_is_enough, *rules.ACCEPT),
            desk=True, offered=grave.one_officer_decides, done=_("已更正"),
            **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "decline", _("不予更正"), (FILED,), DECLINED,
            effect=_("该项内容保持不变，理由告知企业和申请人。"),
            schema=DeclinePayload,
            guards=(rules.is_nobody_of_the_enterprise, rules.reason_is_given), desk=True,
            done=_("未予更正"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "withdraw", pgettext_lazy("correction", "撤回更正申请"), (FILED,), WITHDRAWN,
            effect=_("撤回申请，不再处理。"), done=_("已撤回更正申请"),
            **_OWN,  # type: ignore[arg-type]
        ),
    ),
    deadlines=(
        DeadlineRule(FILED, "archive.correction.decide", _("处理更正申请"), "credit_officer"),
    ),
)  # fmt: skip
