"""The machine of an expert in the bank: applied, admitted, suspended, removed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from procurement.evaluation.experts import rules, schemas, two

# Articles are written as the law is cited; here the catalogue finds them for other languages.
PLATFORM = gettext_noop("平台规则")
L37 = gettext_noop("《招标投标法》第三十七条")
R46 = gettext_noop("《招标投标法实施条例》第四十六条")
R45 = gettext_noop("《招标投标法实施条例》第四十五条")
ORDER12 = gettext_noop("《评标委员会和评标方法暂行规定》（国家发展计划委员会等令第12号）第十二条")

APPLIED, ADMITTED, SUSPENDED, DECLINED, REMOVED = (
    "applied", "admitted", "suspended", "declined", "removed",
)  # fmt: skip
IN_BANK = (ADMITTED, SUSPENDED)


def _awaits_admission(case: Any, _actor: Any) -> bool:
    """Of those in the bank nothing has to be proposed."""
    return bool(case.state == APPLIED)


EXPERT = Machine(
    code="procurement.expert",
    label=_("评标专家"),
    initial=APPLIED,
    main_path=(APPLIED, ADMITTED),
    states=(
        State(
            APPLIED, pgettext_lazy("expert", "已申请，待核对"), "amber", R45, source="remembered"
        ),
        State(ADMITTED, pgettext_lazy("expert", "已入库"), "green", L37),
        State(
            SUSPENDED, _("已暂停抽取"), "amber", PLATFORM, source="own_default"
        ),
        State(DECLINED, pgettext_lazy("expert", "未予入库"), "grey", L37),
        State(
            REMOVED, pgettext_lazy("expert", "已退出专家库"), "red", ORDER12, final=True,
            source="remembered",
        ),
    ),
    relations=(relations.person("self", "person_id"), relations.authority()),
    transitions=(
        Transition(
            "apply", _("申请入库"), (), APPLIED,
            effect=_("本人申请进入评标专家库，由管理部门核对从业年限、职称、处罚记录和任职单位。"),
            article=L37, source="statute_text", schema=schemas.ExpertPayload,
            guards=(rules.has_one_file, *rules.LAWFUL), done=_("已申请入库"),
        ),
        Transition(
            "reapply", _("重新申请入库"), (APPLIED, DECLINED), APPLIED,
            effect=_("以改正后的内容重新申请入库。"),
            article=L37, source="statute_text", schema=schemas.ExpertPayload,
            guards=rules.LAWFUL, done=_("已重新申请入库"),
        ),
        Transition(
            "propose", _("提议入库、调整、暂停或者退出"), (APPLIED, *IN_BANK), "",
            effect=_("谁可以被抽取，须两名管理人员决定：一人提议并写明理由，另一人决定。决定之前名册不变。"),
            article=PLATFORM, source="own_default", schema=schemas.ProposePayload,
            guards=(rules.is_another, two.act_can_be_proposed, rules.reason_is_given),
            desk=True, offered=_awaits_admission, done=_("已提议"),
        ),
        Transition(
            "lapse_proposal", _("提议失效"), (APPLIED, *IN_BANK), "",
            effect=_("无人在期限内决定，提议失效；仍有必要的，另行提议。"),
            article=PLATFORM, source="own_default", automatic=True,
            done=_("提议逾期未决定，已失效"),
        ),
        Transition(
            "admit", _("核对入库"), (APPLIED,), ADMITTED,
            effect=_("确认符合法定条件，编入专家库，可以按专业随机抽取。"),
            article=L37, source="statute_text", schema=schemas.AdmitPayload,
            guards=(
                rules.is_another, two.another_proposed("admit"),
                rules.record_was_looked_up, *rules.LAWFUL,
            ),
            desk=True, done=_("已入库"),
        ),
        Transition(
            "decline", _("不予入库"), (APPLIED,), DECLINED,
            effect=_("不符合条件，不编入专家库；本人可以改正后重新申请。"),
            article=L37, source="statute_text", schema=schemas.BecausePayload,
            guards=(rules.is_another, rules.reason_is_given), done=_("未予入库"),
        ),
        Transition(
            "report_employer", _("申报任职单位变动"), IN_BANK, "",
            effect=_("记载新的任职单位或者离任日期。回避按现在和以前的任职单位判断，已申报的不能删除。"),
            article=L37, source="statute_text", schema=schemas.Employment,
            guards=(rules.employment_is_sound,), done=_("已申报任职单位变动"),
        ),
        Transition(
            "change_specialties", _("调整评标专业"), IN_BANK, "",
            effect=_("调整该专家可以被抽取的评标专业。"),
            article=R46, source="statute_text", schema=schemas.SpecialtiesPayload,
            guards=(
                rules.is_another, two.another_proposed("change_specialties"),
                rules.is_specialised, rules.reason_is_given,
            ),
            done=_("已调整评标专业"),
        ),
        Transition(
            "renew", _("续聘"), (ADMITTED,), "",
            effect=_("重新核对条件，自今日起续聘一个聘期。"),
            article=L37, source="statute_text", schema=schemas.AdmitPayload,
            guards=(
                rules.is_another, two.another_proposed("renew"),
                rules.record_was_looked_up, *rules.LAWFUL,
            ),
            done=_("已续聘"),
        ),
        Transition(
            "suspend", _("暂停抽取"), (ADMITTED,), SUSPENDED,
            effect=_("暂停期间不再抽取，也不再作为后备专家通知。"),
            article=PLATFORM, source="own_default", schema=schemas.BecausePayload,
            guards=(
                rules.is_another, two.another_proposed("suspend"),
                rules.reason_is_given,
            ),
            done=_("已暂停抽取"),
        ),
        Transition(
            "resume", _("恢复抽取"), (SUSPENDED,), ADMITTED,
            effect=_("重新核对条件后恢复抽取。"),
            article=PLATFORM, source="own_default", schema=schemas.AdmitPayload,
            guards=(
                rules.is_another, two.another_proposed("resume"),
                rules.record_was_looked_up, *rules.LAWFUL,
            ),
            done=_("已恢复抽取"),
        ),
        Transition(
            "remove", _("退出专家库"), IN_BANK, REMOVED,
            effect=_("退出专家库，今后不再抽取。"),
            article=ORDER12, source="remembered", schema=schemas.BecausePayload,
            guards=(
                rules.is_another, two.another_proposed("remove"),
                rules.reason_is_given,
            ), grave=True,
            done=_("已退出专家库"),
        ),
    ),
    deadlines=tuple(
        DeadlineRule(
            state, "expert.proposal", _("决定提议"), "tender_supervisor",
            on_due="lapse_proposal", column="proposal_lapses_at", article=PLATFORM,
            source="own_default",
        )
        for state in (APPLIED, *IN_BANK)
    ),
)  # fmt: skip
