"""The machines of a site: the visit, and the hazard from its finding to its end."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party, person
from procurement.site import rules
from procurement.site.schemas import (
    AssignPayload,
    FindPayload,
    GradePayload,
    PenaltyPayload,
    ReasonPayload,
    RecheckPayload,
    RectifyPayload,
    SendBackPayload,
    VisitPayload,
)

RECORDED = "recorded"
(
    FOUND, GRADED, ASSIGNED, RECTIFYING, RECHECK, CLOSED, STOPPED, RELEASED, REPORTED, ESCALATED,
    PENALISED,
) = (
    "found", "graded", "assigned", "rectifying", "recheck", "closed", "stopped", "released",
    "reported", "escalated", "penalised",
)  # fmt: skip

_ORDER = "《建设工程安全生产管理条例》第四十三条"
_SUPERVISE = "《建设工程安全生产管理条例》第十四条"
_FIVE = gettext_noop("《安全生产法》第四十一条")
PENALTY = gettext_noop("《安全生产法》第一百一十二条")
_PLATFORM = "平台规则"
_L, _D = "statute_text", "own_default"

_RELATIONS = (
    party("contractor", "contractor_uscc"),
    party("supervision", "supervision_uscc"),
    party("owner", "owner_uscc"),
    authority(),
)

SITE_VISIT = Machine(
    code="procurement.site_visit",
    label=_("现场检查"),
    initial=RECORDED,
    states=(State(RECORDED, _("已记录"), "green", _ORDER, final=True),),
    relations=_RELATIONS,
    transitions=(
        Transition(
            "record",
            _("记录现场检查"),
            (),
            RECORDED,
            effect=_("记录一次现场检查：看了什么，发现什么。"),
            article=_ORDER,
            source=_L,
            schema=VisitPayload,
            guards=(rules.works_are_open, rules.visit_is_described, rules.photographs_are_there),
            button=_("保存记录"),
            done=_("现场检查已记录"),
        ),
    ),
)

HAZARD = Machine(
    code="procurement.hazard",
    label=_("隐患"),
    initial=FOUND,
    main_path=(FOUND, GRADED, ASSIGNED, RECHECK, CLOSED),
    states=(
        State(FOUND, _("已发现"), "amber", _SUPERVISE),
        State(GRADED, _("已定级"), "amber", _ORDER),
        State(ASSIGNED, _("已落实整改责任"), "blue", _FIVE, source="remembered"),
        State(RECTIFYING, _("须继续整改"), "amber", _FIVE, source="remembered"),
        State(RECHECK, _("待复查"), "blue", _SUPERVISE),
        State(CLOSED, _("已消除"), "green", _FIVE, final=True, source="remembered"),
        State(STOPPED, _("已责令停工，挂牌督办"), "red", _ORDER),
        State(RELEASED, _("已解除停工，待落实整改"), "amber", _ORDER),
        State(REPORTED, _("拒不整改，已报告"), "red", _SUPERVISE),
        State(ESCALATED, _("逾期未整改"), "red", _PLATFORM, source=_D),
        State(PENALISED, _("已处罚"), "red", PENALTY),
    ),
    # Workers read what they themselves reported, and nothing else.
    relations=(*_RELATIONS, person("finder", "finder_id")),
    transitions=(
        Transition(
            "find",
            _("发现隐患"),
            (),
            FOUND,
            effect=_("记录一处隐患，照片为证，交由定级。"),
            article=_SUPERVISE,
            source=_L,
            schema=FindPayload,
            guards=(
                rules.works_are_open,
                rules.hazard_is_described,
                rules.photographs_are_there,
            ),
            button=_("保存隐患"),
            done=_("发现隐患"),
        ),
        Transition(
            "grade",
            _("隐患定级"),
            (FOUND,),
            GRADED,
            effect=_(
                "按判定标准确定一般或重大隐患，生成待签发的整改通知书；"
                "监督、监理发现的计入信用记录，现场人员自行报告的不计入。"
            ),
            article=_ORDER,
            source=_L,
            schema=GradePayload,
            guards=(rules.criterion_is_listed,),
            desk=True,
            done=_("已定级并通知整改"),
        ),
        Transition(
            "assign",
            _("落实整改责任"),
            (GRADED, RELEASED, REPORTED, ESCALATED, PENALISED),
            ASSIGNED,
            effect=_("落实责任人、措施、资金、时限和预案，整改期限开始。"),
            article=_FIVE,
            schema=AssignPayload,
            guards=(rules.all_five_are_assigned,),
            desk=True,
            done=_("整改责任已落实"),
        ),
        Transition(
            "shorten",
            _("责令提前整改"),
            (ASSIGNED, RECTIFYING),
            "",
            effect=_("施工单位自定的整改时限过长的，责令在更早的日期前整改。"),
            article=_ORDER,
            source=_L,
            schema=SendBackPayload,
            guards=(rules.day_is_given, rules.day_is_earlier, rules.reason_is_given),
            done=_("已责令提前整改"),
        ),
        Transition(
            "rectify",
            _("报告整改完成"),
            (ASSIGNED, RECTIFYING, ESCALATED),
            RECHECK,
            effect=_("以照片报告整改完成，申请复查。"),
            article=_FIVE,
            schema=RectifyPayload,
            guards=(rules.photographs_are_there, rules.result_is_told),
            desk=True,
            done=_("已报告整改完成"),
        ),
        Transition(
            "recheck",
            _("复查合格"),
            (RECHECK,),
            "",
            effect=_("认定整改符合要求；重大隐患由监督机构复查。"),
            article=_SUPERVISE,
            source=_L,
            schema=RecheckPayload,
            guards=(
                rules.station_rechecks_major,
                rules.recheck_has_not_passed,
                rules.conclusion_is_given,
            ),
            desk=True,
            done=_("复查合格"),
        ),
        Transition(
            "send_back",
            _("复查不合格"),
            (RECHECK,),
            RECTIFYING,
            effect=_("整改不符合要求，退回继续整改。"),
            article=_SUPERVISE,
            source=_L,
            schema=SendBackPayload,
            guards=(
                rules.station_rechecks_major,
                rules.recheck_has_not_passed,
                rules.reason_is_given,
                rules.day_is_given,
            ),
            done=_("复查不合格，继续整改"),
        ),
        Transition(
            "close",
            _("销号"),
            (RECHECK,),
            CLOSED,
            effect=_("隐患消除，予以销号。"),
            article=_FIVE,
            guards=(rules.recheck_has_passed,),
            desk=True,
            done=_("隐患已销号"),
        ),
        Transition(
            "stop",
            _("责令停工"),
            (GRADED, RELEASED, ASSIGNED, RECTIFYING, REPORTED, ESCALATED),
            STOPPED,
            effect=_("责令暂时停止施工、撤出人员，挂牌督办。"),
            article=_ORDER,
            source=_L,
            schema=ReasonPayload,
            guards=(rules.hazard_is_major, rules.reason_is_given),
            done=_("已责令停工"),
        ),
        Transition(
            "release",
            _("解除停工"),
            (STOPPED,),
            RELEASED,
            effect=_("危险已经控制，解除停工，由施工单位落实整改责任。"),
            article=_ORDER,
            source=_L,
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            desk=True,
            done=_("已解除停工"),
        ),
        Transition(
            "report",
            _("报告拒不整改"),
            (GRADED, RELEASED, ASSIGNED, RECTIFYING),
            REPORTED,
            effect=_("施工单位拒不整改，监理单位向主管部门报告。"),
            article=_SUPERVISE,
            source=_L,
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            done=_("监理单位已报告"),
        ),
        Transition(
            "escalate",
            _("逾期未整改，提级督办"),
            (GRADED, RELEASED, ASSIGNED, RECTIFYING),
            ESCALATED,
            effect=_("整改责任逾期未落实，或者整改期限届满未报告完成，提级督办。"),
            article=_PLATFORM,
            source=_D,
            automatic=True,
            done=_("逾期未整改，已提级"),
        ),
        Transition(
            "penalise",
            _("行政处罚"),
            (STOPPED, REPORTED, ESCALATED),
            PENALISED,
            effect=_("记录行政处罚决定并计入信用记录；隐患仍须整改。"),
            article=PENALTY,
            source=_L,
            schema=PenaltyPayload,
            guards=(rules.decision_is_numbered, rules.reason_is_given),
            grave=True,
            done=_("已处罚"),
        ),
    ),
    deadlines=(
        DeadlineRule(FOUND, "hazard.grade", _("隐患定级"), "chief_supervisor"),
        *(
            # Whoever assigns nobody escapes no clock: it runs before there is a day of repair.
            DeadlineRule(
                state, "hazard.assign", _("落实整改责任"), "project_manager", on_due="escalate"
            )
            for state in (GRADED, RELEASED)
        ),
        *(
            DeadlineRule(
                state,
                "hazard.rectify",
                _("整改完成"),
                "project_manager",
                on_due="escalate",
                column="rectify_due_at",
                article=_FIVE,
            )
            for state in (ASSIGNED, RECTIFYING)
        ),
    ),
)
