"""The machine of works: from the signed contract to the end, one permit unit each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.projects.works import rules
from procurement.projects.works.schemas import (
    ApplyPayload,
    ArchivePayload,
    CompletionPayload,
    FiledPayload,
    NoticePayload,
    OpenPayload,
    PartyPayload,
    ReasonPayload,
    StationReportPayload,
    SuspendPayload,
)

(
    CONTRACTED, PERMIT_REVIEW, PERMITTED, UNDER_CONSTRUCTION, SUSPENDED, ACCEPTANCE, ACCEPTED,
    FILED, CLOSED, PERMIT_VOID, REACCEPTANCE, ABANDONED,
) = (
    "contracted", "permit_review", "permitted", "under_construction", "suspended", "acceptance",
    "accepted", "filed", "closed", "permit_void", "reacceptance", "abandoned",
)  # fmt: skip
# Nothing was built yet: a permit is asked for here, the first or, after one that lapsed, another.
UNPERMITTED = (CONTRACTED, PERMIT_VOID)

_LAW_7, _LAW_8, _LAW_9, _LAW_10 = (
    "《建筑法》第七条", "《建筑法》第八条", "《建筑法》第九条", "《建筑法》第十条",
)  # fmt: skip
_QUALITY_16 = "《建设工程质量管理条例》第十六条"
_QUALITY_17 = "《建设工程质量管理条例》第十七条"
_QUALITY_49 = "《建设工程质量管理条例》第四十九条"
_ORDER_2 = "住房城乡建设部令第2号第六条"
_ORDER_2_STOP = "住房城乡建设部令第2号第八条"
_RULES_171 = "建质〔2013〕171号第六条"
_ARCHIVE = "《城市建设档案管理规定》第六条"
_PLATFORM = "平台规则"
_L, _D = "statute_text", "own_default"

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLES = (
    gettext_noop("《建筑法》第七条"),
    gettext_noop("《建筑法》第八条"),
    gettext_noop("《建筑法》第九条"),
    gettext_noop("《建筑法》第十条"),
    gettext_noop("《建设工程质量管理条例》第十七条"),
    gettext_noop("住房城乡建设部令第2号第六条"),
    gettext_noop("建质〔2013〕171号第六条"),
    gettext_noop("《城市建设档案管理规定》第六条"),
    gettext_noop("《行政许可法》第三十二条"),
)

STATES = (
    State(CONTRACTED, _("已订合同，待申领许可"), "grey", _PLATFORM, source=_D),
    State(PERMIT_REVIEW, _("施工许可审查中"), "blue", _LAW_8),
    State(PERMITTED, _("已取得施工许可"), "blue", _LAW_9),
    State(UNDER_CONSTRUCTION, _("在建"), "blue", _LAW_7, source="remembered"),
    State(SUSPENDED, _("中止施工"), "amber", _LAW_10),
    State(ACCEPTANCE, _("竣工验收中"), "blue", _QUALITY_16),
    State(ACCEPTED, _("竣工验收合格"), "green", _QUALITY_16),
    State(REACCEPTANCE, _("责令重新组织竣工验收"), "red", _ORDER_2_STOP, source="remembered"),
    State(FILED, _("已竣工备案"), "green", _QUALITY_49),
    State(CLOSED, _("已办结"), "grey", _PLATFORM, final=True, source=_D),
    State(PERMIT_VOID, _("施工许可证已废止"), "red", _LAW_9),
    State(ABANDONED, _("合同已解除，未施工"), "grey", _PLATFORM, final=True, source=_D),
)

_PERMIT_ACTS = (
    Transition(
        "open",
        _("建立单位工程"),
        (),
        CONTRACTED,
        effect=_("合同签订后，按合同建立单位工程并赋予编号。"),
        article=_PLATFORM,
        source=_D,
        schema=OpenPayload,
        automatic=True,
        done=_("合同已订立，单位工程已建立"),
    ),
    Transition(
        "apply",
        _("申请施工许可"),
        UNPERMITTED,
        PERMIT_REVIEW,
        effect=_("向发证机关申请施工许可，质量、安全监督手续一并办理。"),
        article=_LAW_8,
        source=_L,
        schema=ApplyPayload,
        guards=rules.APPLY,
        button=_("递交申请"),
        desk=True,
        done=_("已申请施工许可"),
    ),
    Transition(
        "permit",
        _("颁发施工许可证"),
        (PERMIT_REVIEW,),
        PERMITTED,
        effect=_("准予施工，赋予许可证编号，向社会公开，并生成待签发的施工许可证。"),
        article=_LAW_8,
        source=_L,
        guards=rules.PERMIT,
        desk=True,
        done=_("已颁发施工许可证"),
    ),
    Transition(
        "return",
        _("退回补正"),
        (PERMIT_REVIEW,),
        CONTRACTED,
        effect=_("一次性告知需要补正的全部内容，退回建设单位。"),
        article="《行政许可法》第三十二条",
        schema=ReasonPayload,
        guards=(rules.reason_is_given,),
        desk=True,
        done=_("已退回"),
    ),
    Transition(
        "extend",
        _("准予延期开工"),
        (PERMITTED,),
        "",
        effect=_("延长开工期限三个月；延期以两次为限。"),
        article=_LAW_9,
        source=_L,
        schema=ReasonPayload,
        guards=(rules.reason_is_given, rules.extension_is_left),
        done=_("已准予延期开工"),
    ),
    Transition(
        "void",
        _("施工许可证自行废止"),
        (PERMITTED,),
        PERMIT_VOID,
        effect=_("逾期不开工又不延期的，施工许可证自行废止；仍要施工的，须重新申领。"),
        article=_LAW_9,
        source=_L,
        automatic=True,
        done=_("施工许可证已自行废止"),
    ),
)
_END_UNBUILT = (
    Transition(
        "abandon",
        _("终止单位工程"),
        (CONTRACTED, PERMIT_REVIEW, PERMITTED, PERMIT_VOID),
        ABANDONED,
        effect=_("施工合同解除时尚未开工，单位工程终止，不再影响项目办结。"),
        article=_PLATFORM,
        source=_D,
        automatic=True,
        done=_("合同解除，单位工程终止"),
    ),
)
_SITE_ACTS = (
    Transition(
        "start",
        _("报告开工"),
        (PERMITTED,),
        UNDER_CONSTRUCTION,
        effect=_("报告工程已经开工，现场纳入监督和实名制管理。"),
        article=_LAW_7,
        desk=True,
        done=_("已开工"),
    ),
    Transition(
        "suspend",
        _("报告中止施工"),
        (UNDER_CONSTRUCTION,),
        SUSPENDED,
        effect=_("报告工程中止施工；中止之日起一个月内应当报告。"),
        article=_LAW_10,
        source=_L,
        schema=SuspendPayload,
        guards=(rules.suspension_is_dated, rules.reason_is_given),
        done=_("已中止施工"),
    ),
    Transition(
        "resume",
        _("报告恢复施工"),
        (SUSPENDED,),
        UNDER_CONSTRUCTION,
        effect=_("报告工程恢复施工；中止满一年的须先核验许可证。"),
        article=_LAW_10,
        source=_L,
        guards=(rules.pause_was_short,),
        desk=True,
        done=_("已恢复施工"),
    ),
    Transition(
        "recheck",
        _("核验许可证并准予恢复"),
        (SUSPENDED,),
        UNDER_CONSTRUCTION,
        effect=_("中止施工满一年，核验施工许可证后准予恢复施工。"),
        article=_LAW_10,
        source=_L,
        guards=(rules.pause_was_long,),
        done=_("许可证已核验，恢复施工"),
    ),
    Transition(
        "notify_acceptance",
        _("通知竣工验收"),
        (UNDER_CONSTRUCTION, REACCEPTANCE),
        "",
        effect=_("把验收时间通知质量安全监督机构，由其到场监督。"),
        article=_RULES_171,
        schema=NoticePayload,
        guards=(rules.station_is_told_in_time,),
        done=_("已通知竣工验收"),
    ),
    Transition(
        "report_completion",
        _("组织竣工验收"),
        (UNDER_CONSTRUCTION, REACCEPTANCE),
        ACCEPTANCE,
        effect=_("确认验收条件齐备，生成由五方签署的竣工验收报告。"),
        article=_QUALITY_16,
        source=_L,
        schema=CompletionPayload,
        guards=rules.COMPLETE,
        done=_("竣工验收已开始"),
    ),
)
_END_ACTS = (
    Transition(
        "accept",
        _("竣工验收合格"),
        (ACCEPTANCE,),
        ACCEPTED,
        effect=_("五方签署验收报告，工程竣工验收合格，保修期自即日起算。"),
        article=_QUALITY_16,
        source=_L,
        guards=(rules.station_was_told,),
        automatic=True,
        done=_("五方签署，竣工验收合格"),
    ),
    Transition(
        "fail_acceptance",
        _("验收不合格"),
        (ACCEPTANCE,),
        UNDER_CONSTRUCTION,
        effect=_("验收不合格，整改后重新组织验收；未签完的验收报告作废。"),
        article=_QUALITY_16,
        source=_L,
        schema=ReasonPayload,
        guards=(rules.reason_is_given,),
        done=_("验收不合格，退回整改"),
    ),
    Transition(
        "station_report",
        _("提交质量监督报告"),
        (ACCEPTED,),
        "",
        effect=_("质量安全监督机构向备案机关提交工程质量监督报告。"),
        article=_ORDER_2,
        schema=StationReportPayload,
        guards=(rules.station_has_not_reported, rules.conclusion_is_given),
        desk=True,
        done=_("质量监督报告已提交"),
    ),
    Transition(
        "note_party",
        _("变更参建单位"),
        (
            CONTRACTED,
            PERMIT_REVIEW,
            PERMITTED,
            PERMIT_VOID,
            UNDER_CONSTRUCTION,
            SUSPENDED,
            REACCEPTANCE,
        ),
        "",
        effect=_("项目登记的参建单位变更后，单位工程的参建单位随之变更。"),
        article=_PLATFORM,
        source=_D,
        schema=PartyPayload,
        automatic=True,
        done=_("参建单位已变更"),
    ),
    Transition(
        "take_back_acceptance",
        _("撤回竣工验收"),
        (ACCEPTED,),
        REACCEPTANCE,
        effect=_("备案机关责令停止使用，原验收和监督报告作废，须通知监督机构后由五方重新验收。"),
        article=_ORDER_2_STOP,
        automatic=True,
        done=_("原验收作废，须重新组织竣工验收"),
    ),
    Transition(
        "file",
        _("竣工验收备案"),
        (ACCEPTED,),
        FILED,
        effect=_("备案机关准予备案，工程转为已备案。"),
        article=_QUALITY_49,
        source=_L,
        schema=FiledPayload,
        automatic=True,
        done=_("已竣工备案"),
    ),
    Transition(
        "hand_over_archive",
        _("移交建设档案"),
        (ACCEPTED, FILED),
        "",
        effect=_("向城建档案机构移交建设项目档案，记录接收凭证。"),
        article=_QUALITY_17,
        schema=ArchivePayload,
        guards=(rules.archive_is_receipted,),
        done=_("建设档案已移交"),
    ),
    Transition(
        "close",
        _("办结单位工程"),
        (FILED,),
        CLOSED,
        effect=_("备案、档案、结算均已完成，单位工程办结。"),
        article=_PLATFORM,
        source=_D,
        guards=(rules.archive_is_handed_over, rules.needs_are_met),
        desk=True,
        done=_("单位工程已办结"),
    ),
)

WORKS = Machine(
    code="procurement.works",
    label=_("单位工程"),
    initial=CONTRACTED,
    main_path=(
        CONTRACTED,
        PERMIT_REVIEW,
        PERMITTED,
        UNDER_CONSTRUCTION,
        ACCEPTANCE,
        ACCEPTED,
        FILED,
        CLOSED,
    ),
    states=STATES,
    relations=(
        party("owner", "owner_uscc"),
        party("contractor", "contractor_uscc"),
        party("supervision", "supervision_uscc"),
        party("designer", "design_uscc", "survey_uscc"),
        authority(),
    ),
    transitions=(*_PERMIT_ACTS, *_END_UNBUILT, *_SITE_ACTS, *_END_ACTS),
    deadlines=(
        DeadlineRule(PERMIT_REVIEW, "permit.decide", _("作出许可决定"), "permit_officer"),
        # Said in calendar days, before the term of the law, which counts working days, is over.
        DeadlineRule(
            PERMIT_REVIEW,
            "permit.decide_alarm",
            _("作出许可决定（第七个自然日预警）"),
            "permit_officer",
        ),
        DeadlineRule(
            PERMITTED,
            "works.start",
            _("开工"),
            "owner_clerk",
            on_due="void",
            column="start_due_at",
            article=_LAW_9,
            source=_L,
        ),
        DeadlineRule(
            ACCEPTED,
            "acceptance.station_report",
            _("提交质量监督报告"),
            "station_officer",
            met_by="station_report",
        ),
        *(
            DeadlineRule(
                state,
                "archive.hand_over",
                _("移交建设档案"),
                "owner_clerk",
                column="archive_due_at",
                article=_ARCHIVE,
                met_by="hand_over_archive",
            )
            for state in (ACCEPTED, FILED)
        ),
    ),
)
