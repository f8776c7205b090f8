"""The machine of drawing review: a track beside the tender that gates the permit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.projects.drawings import rules
from procurement.projects.drawings.schemas import (
    FilePayload,
    OpinionsPayload,
    PassPayload,
    RefilePayload,
)

FILED, REVIEWING, RETURNED, PASSED, REPORTED = (
    "filed", "reviewing", "returned", "passed", "reported",
)  # fmt: skip
# In these the drawings are good enough to build from.
GOOD = (PASSED, REPORTED)

_REVIEW = "《建设工程质量管理条例》第十一条"
_ORDER_13 = gettext_noop("住房城乡建设部令第13号")

DRAWING_REVIEW = Machine(
    code="procurement.drawing_review",
    label=_("施工图审查"),
    initial=FILED,
    main_path=(FILED, REVIEWING, PASSED, REPORTED),
    states=(
        State(FILED, _("已送审"), "blue", _ORDER_13, source="remembered"),
        State(REVIEWING, _("审查中"), "blue", _REVIEW, source="remembered"),
        State(RETURNED, _("已退回修改"), "amber", _ORDER_13, False, "remembered"),
        State(PASSED, _("审查合格"), "green", _REVIEW, source="remembered"),
        State(REPORTED, _("合格且结果已报"), "green", _ORDER_13, True, "remembered"),
    ),
    relations=(
        party("owner", "owner_uscc"),
        party("reviewer", "reviewer_uscc"),
        party("designer", "design_uscc", "survey_uscc"),
        authority(),
    ),
    transitions=(
        Transition(
            "file",
            _("送审施工图"),
            (),
            FILED,
            effect=_("把施工图设计文件送交审查机构审查。"),
            article=_REVIEW,
            schema=FilePayload,
            guards=rules.FILING,
            button=_("送审"),
            done=_("已送审"),
        ),
        Transition(
            "start",
            _("开始审查"),
            (FILED,),
            REVIEWING,
            effect=_("受理送审文件，审查期限自次日起算。"),
            article=_ORDER_13,
            desk=True,
            done=_("已开始审查"),
        ),
        Transition(
            "pass",
            _("认定审查合格"),
            (REVIEWING,),
            PASSED,
            effect=_("认定施工图审查合格，生成待签发的审查合格书。"),
            article=_REVIEW,
            schema=PassPayload,
            guards=(rules.documents_are_there,),
            desk=True,
            done=_("审查合格"),
        ),
        Transition(
            "return",
            _("提出审查意见并退回"),
            (REVIEWING,),
            RETURNED,
            effect=_("把审查意见逐条告知建设单位，退回修改。"),
            article=_ORDER_13,
            schema=OpinionsPayload,
            guards=(rules.opinions_are_given,),
            desk=True,
            done=_("已退回修改"),
        ),
        Transition(
            "refile",
            _("修改后重新送审"),
            (RETURNED,),
            FILED,
            effect=_("把修改后的施工图再次送交审查。"),
            article=_ORDER_13,
            schema=RefilePayload,
            guards=(
                rules.parties_are_on_record,
                rules.documents_are_there,
                rules.documents_are_sound,
            ),
            desk=True,
            done=_("已重新送审"),
        ),
        Transition(
            "report_result",
            _("报送审查结果"),
            (PASSED,),
            REPORTED,
            effect=_("向工程所在地主管部门报送审查合格的结果。"),
            article=_ORDER_13,
            desk=True,
            done=_("审查结果已报送"),
        ),
    ),
    deadlines=(
        DeadlineRule(REVIEWING, "drawing_review.review", _("审查完毕"), "drawing_reviewer"),
        DeadlineRule(PASSED, "drawing_review.file_result", _("报送审查结果"), "drawing_reviewer"),
    ),
)
