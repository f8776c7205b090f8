"""The acts by which a committee comes about, as data: formed, drawn, present, led."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Transition
from procurement.evaluation import draw_rules, member_rules, rules, schemas
from procurement.evaluation.states import (
    FORMING,
    IN_SESSION,
    L37,
    ORDER12,
    PLATFORM,
    R46,
    READY,
)

COMMITTEE = (
    Transition(
        "open",
        _("组建评标委员会"),
        (),
        FORMING,
        effect=_(
            "为一个标段组建评标委员会。平台即时固定专家库快照，并对平台随机数作出承诺。"
            "开标后组建的，视为向监督部门申请，准许后才能抽取专家。"
        ),
        article=L37,
        source="statute_text",
        schema=schemas.OpenPayload,
        guards=(
            rules.lot_is_known,
            rules.opener_is_its_owner,
            rules.only_one_committee,
            draw_rules.lot_is_live,
            draw_rules.committee_is_formed_in_time,
            rules.committee_is_lawful,
            rules.representatives_are_the_owners,
        ),
        done=_("已组建评标委员会"),
    ),
    Transition(
        "draw",
        _("抽取评标专家"),
        (FORMING,),
        READY,
        effect=_("以平台和招标人的随机数共同确定抽取次序。专家名单在评标报告签署前保密。"),
        article=R46,
        source="statute_text",
        schema=schemas.DrawPayload,
        guards=(
            rules.opener_is_its_owner,
            draw_rules.lot_is_live,
            draw_rules.it_is_time_to_draw,
            rules.nonce_is_given,
            rules.pool_suffices,
        ),
        desk=True,
        done=_("已抽取评标专家"),
    ),
    Transition(
        "allow_late_draw",
        _("准许开标后抽取专家"),
        (FORMING,),
        "",
        effect=_("开标前没有抽取专家的，由监督部门书面准许在开标后抽取；文号和理由写入存证日志。"),
        article=PLATFORM,
        source="own_default",
        schema=schemas.LateDrawPayload,
        guards=(
            draw_rules.lot_is_live,
            draw_rules.draw_is_too_late,
            draw_rules.late_draw_is_reasoned,
        ),
        grave=True,
        done=_("已准许开标后抽取专家"),
    ),
    Transition(
        "check_in",
        _("签到"),
        (READY, IN_SESSION),
        IN_SESSION,
        effect=_("到场签到，并对已知的全部投标人作出无回避情形的声明。"),
        article=L37,
        source="statute_text",
        schema=schemas.CheckInPayload,
        guards=(
            rules.bids_are_opened,
            rules.actor_is_called,
            member_rules.nothing_stands_between,
        ),
        desk=True,
        done=_("已签到"),
    ),
    Transition(
        "declare",
        _("回避或不能参加"),
        (READY, IN_SESSION),
        "",
        effect=_("退出本次评标。平台按抽取次序通知下一位专家。"),
        article=R46,
        source="statute_text",
        schema=schemas.DeclarePayload,
        guards=(
            rules.actor_is_called,
            member_rules.absence_is_explained,
            member_rules.somebody_is_left,
        ),
        grave=True,
        done=_("已声明回避"),
    ),
    Transition(
        "elect_leader",
        _("推举组长"),
        (IN_SESSION,),
        "",
        effect=_("记载评标委员会全体成员推举的组长。"),
        article=ORDER12,
        source="remembered",
        schema=schemas.ElectPayload,
        guards=(
            rules.actor_is_present,
            rules.everybody_is_present,
            rules.there_is_no_leader,
            rules.leader_is_a_member,
        ),
        desk=True,
        done=_("已推举组长"),
    ),
)
