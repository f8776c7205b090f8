"""The machine of completion filing; its clock runs from the acceptance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.projects.filing import rules
from procurement.projects.filing.schemas import OpenPayload, ReasonPayload, SubmitPayload

DRAFT, SUBMITTED, RECEIPTED, RETURNED, FILED, STOP_USE, REACCEPTED, OVERDUE = (
    "draft", "submitted", "receipted", "returned", "filed", "stop_use", "reaccepted", "overdue",
)  # fmt: skip

_QUALITY_49 = "《建设工程质量管理条例》第四十九条"
_QUALITY_56 = "《建设工程质量管理条例》第五十六条"
_ORDER_2 = "住房城乡建设部令第2号"
_STOP = "住房城乡建设部令第2号第八条"
_L = "statute_text"

ARTICLES = (
    gettext_noop("《建设工程质量管理条例》第五十六条"),
    gettext_noop("住房城乡建设部令第2号"),
    gettext_noop("住房城乡建设部令第2号第八条"),
)

COMPLETION_FILING = Machine(
    code="procurement.completion_filing",
    label=_("竣工验收备案"),
    initial=DRAFT,
    main_path=(DRAFT, SUBMITTED, RECEIPTED, FILED),
    states=(
        State(DRAFT, _("待备案"), "grey", _QUALITY_49),
        State(SUBMITTED, _("已递交备案"), "blue", _QUALITY_49),
        State(RECEIPTED, _("备案文件已收讫"), "blue", _ORDER_2, source="remembered"),
        State(RETURNED, _("已退回补正"), "amber", _ORDER_2, source="remembered"),
        State(FILED, _("已备案"), "green", _QUALITY_49, final=True),
        State(STOP_USE, _("已责令停止使用"), "red", _STOP, source="remembered"),
        State(REACCEPTED, _("已重新验收，待备案"), "amber", _STOP, source="remembered"),
        State(OVERDUE, _("逾期未备案"), "red", _QUALITY_56),
    ),
    relations=(
        party("owner", "owner_uscc"),
        party("contractor", "contractor_uscc"),
        authority(),
    ),
    transitions=(
        Transition(
            "open",
            _("建立备案"),
            (),
            DRAFT,
            effect=_("竣工验收合格，十五日内应当备案，期限自次日起算。"),
            article=_QUALITY_49,
            source=_L,
            schema=OpenPayload,
            automatic=True,
            done=_("备案期限开始"),
        ),
        Transition(
            "submit",
            _("递交备案"),
            (DRAFT, RETURNED, REACCEPTED, OVERDUE),
            SUBMITTED,
            effect=_("向备案机关递交全部备案文件和履约评价。"),
            article=_QUALITY_49,
            source=_L,
            schema=SubmitPayload,
            guards=rules.SUBMIT,
            desk=True,
            done=_("备案文件已递交"),
        ),
        Transition(
            "receipt",
            _("收讫备案文件"),
            (SUBMITTED,),
            RECEIPTED,
            effect=_("核对备案文件齐全，签收。"),
            article=_ORDER_2,
            guards=(rules.documents_are_there,),
            desk=True,
            done=_("备案文件已收讫"),
        ),
        Transition(
            "return",
            _("退回补正"),
            (SUBMITTED,),
            RETURNED,
            effect=_("一次性告知需要补正的全部内容，退回建设单位。"),
            article=_ORDER_2,
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            desk=True,
            done=_("已退回"),
        ),
        Transition(
            "file",
            _("准予备案"),
            (RECEIPTED,),
            FILED,
            effect=_("准予竣工验收备案，生成待签发的备案表，履约评价计入信用记录。"),
            article=_QUALITY_49,
            source=_L,
            guards=rules.FILE,
            desk=True,
            done=_("已准予备案"),
        ),
        Transition(
            "stop_use",
            _("责令停止使用，重新验收"),
            (RECEIPTED,),
            STOP_USE,
            effect=_("发现验收有违规行为，责令停止使用；原验收作废，须重新组织竣工验收。"),
            article=_STOP,
            schema=ReasonPayload,
            guards=(rules.reason_is_given, rules.stop_is_in_time),
            grave=True,
            done=_("已责令停止使用"),
        ),
        Transition(
            "reaccept",
            _("重新验收合格"),
            (STOP_USE,),
            REACCEPTED,
            effect=_("五方重新验收合格，十五日内应当再次递交备案文件，期限自次日起算。"),
            article=_STOP,
            guards=(rules.works_are_accepted,),
            automatic=True,
            done=_("已重新验收，备案期限重新开始"),
        ),
        Transition(
            "fall_overdue",
            _("逾期未备案"),
            (DRAFT, RETURNED, REACCEPTED),
            OVERDUE,
            effect=_("验收合格满十五日未备案，列入逾期清单，仍应补办。"),
            article=_QUALITY_56,
            source=_L,
            automatic=True,
            done=_("逾期未备案"),
        ),
    ),
    deadlines=(
        *(
            DeadlineRule(
                state,
                "completion_filing.submit",
                _("递交备案"),
                "owner_clerk",
                on_due="fall_overdue",
            )
            for state in (DRAFT, REACCEPTED)
        ),
        # A file that is sent back does not begin the fifteen days anew.
        DeadlineRule(
            RETURNED,
            "completion_filing.submit",
            _("补正并重新递交"),
            "owner_clerk",
            on_due="fall_overdue",
            column="submit_due_at",
            article=_QUALITY_49,
            source=_L,
        ),
        DeadlineRule(SUBMITTED, "completion_filing.check", _("核对备案文件"), "permit_officer"),
        DeadlineRule(
            RECEIPTED, "completion_filing.stop_use", _("备案或责令停止使用"), "permit_officer"
        ),
    ),
)
