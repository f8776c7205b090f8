"""The acts on a lot, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.access.actors import Actor
from kernel.workflow.machines import Transition
from procurement.tendering.award import rules as award
from procurement.tendering.rules import common, drafting, notice, texts, under_way
from procurement.tendering.schemas import (
    ClarifyPayload,
    ClosingPayload,
    ContractPayload,
    FailPayload,
    LotPayload,
    NextCandidatePayload,
    PublicisePayload,
    ReasonPayload,
    ReportReceivedPayload,
    RetenderPayload,
)

_LAW, _IMPL = "《招标投标法》", "《招标投标法实施条例》"
_UNDER_WAY = (
    "published", "paused", "closing", "opening", "evaluating", "publicity", "publicity_paused",
    "award_pending",
)  # fmt: skip
# Where a supervisor's order stops a lot, and by which act it is lifted again to the same place.
# Not while bids are listed and opened: there the opening itself is stopped (procurement.opening).
_LIFTED = (
    ("lift", _("解除暂停，恢复招标"), "published"),
    ("lift_pause", _("解除暂停，回到异议暂停"), "paused"),
    ("lift_evaluation", _("解除暂停，恢复评标"), "evaluating"),
    ("lift_publicity", _("解除暂停，恢复公示"), "publicity"),
    ("lift_publicity_pause", _("解除暂停，回到公示异议暂停"), "publicity_paused"),
    ("lift_award", _("解除暂停，恢复定标"), "award_pending"),
    ("lift_awarded", _("解除暂停，恢复签订合同"), "awarded"),
)
STOPPABLE = tuple(state for _code, _label, state in _LIFTED)


def _leads_to(state: str) -> Callable[[Any, Actor], bool]:
    """On the desk stands the one way back of a stopped lot, not the six that would be refused."""

    def is_the_way_back(case: Any, _actor: Actor) -> bool:
        from procurement.tendering.fact_loader import open_objections  # it reads the machine's rows

        return under_way.goes_back_to(case.suspended_from, bool(open_objections(case.pk))) == state

    return is_the_way_back


def _is_reported(case: Any, _actor: Actor) -> bool:
    """Candidates come from a report: before it is there, none can be made public."""
    return case.reported_at is not None


def _awaits_its_report(case: Any, _actor: Actor) -> bool:
    """The written report on the tender is handed in once."""
    return case.award_reported_at is None


def _may_be_archived(case: Any, _actor: Actor) -> bool:
    """Only what the written report was handed in of goes into the archive."""
    return case.award_reported_at is not None


DRAFTING = (
    Transition(
        "open", _("编制招标文件"), (), "draft",
        effect=_("为已报建项目建立一个标段，赋予标段编号。草稿只有招标人和代理机构看得到。"),
        article=f"{_LAW}第九条", source="remembered", schema=LotPayload, guards=drafting.SAVED,
        button=_("保存草稿"), done=_("已建立标段"),
    ),
    Transition(
        "amend", _("修改招标文件"), ("draft", "approved"), "draft",
        effect=_("保存招标文件内容。已签署的，修改后须重新签署。"),
        article="平台规则", source="own_default", schema=LotPayload, guards=drafting.SAVED,
        button=_("保存"), desk=True, done=_("已保存"),
    ),
    Transition(
        "approve", _("签署招标文件"), ("draft",), "approved",
        effect=_("招标人确认招标文件通过检测，可以发布。发布前仍可修改。"),
        article=f"{_LAW}第十九条", source="remembered", guards=drafting.COMPLETE, desk=True,
        done=_("已签署"),
    ),
    Transition(
        "publish", _("发布招标公告"), ("approved",), "published",
        effect=_("公告和招标文件向社会公开，开始获取招标文件。公告发布后只能以澄清修改。"),
        article=f"{_LAW}第十六条", source="remembered", guards=notice.PUBLISHED, desk=True,
        done=_("已发布公告"),
    ),
    Transition(
        "discard", _("放弃草稿"), ("draft", "approved"), "terminated",
        effect=_("放弃尚未公告的招标文件，不能恢复。"), article="平台规则", source="own_default",
        schema=ReasonPayload, guards=(common.reason_is_given,), grave=True, done=_("已放弃草稿"),
    ),
)  # fmt: skip

BIDDING = (
    Transition(
        "close_sale", _("获取招标文件截止"), ("published",), "",
        effect=_("招标文件获取期限届满。"), article=f"{_IMPL}第十六条", source="statute_text",
        automatic=True, done=_("获取招标文件截止"),
    ),
    Transition(
        "clarify", _("澄清或者修改招标文件"), ("published", "paused"), "",
        effect=_("澄清向所有潜在投标人公开；可能影响投标文件编制且距截止不足规定天数的，同时顺延截止时间。"),
        article=f"{_IMPL}第二十一条", source="statute_text", schema=ClarifyPayload,
        guards=(under_way.clarification_is_lawful, texts.texts_do_not_restrict), desk=True,
        done=_("已发布澄清"),
    ),
    Transition(
        "pause", _("因异议暂停"), ("published",), "paused",
        effect=_("有异议未答复，暂停招标投标活动。"), article=f"{_IMPL}第二十二条",
        source="statute_text", guards=(under_way.objection_is_open,), automatic=True,
        done=_("因异议暂停"),
    ),
    Transition(
        "resume", pgettext_lazy("tender", "恢复招标"), ("paused",), "published",
        effect=_("异议均已答复，恢复招标投标活动。"), article=f"{_IMPL}第二十二条",
        source="statute_text", guards=(under_way.objections_are_answered,), automatic=True,
        done=_("已恢复招标"),
    ),
    Transition(
        "close", _("投标截止"), ("published",), "closing",
        effect=_("投标截止时间已到，不再接收投标文件。"), article=f"{_LAW}第三十四条",
        source="statute_text", automatic=True, done=_("投标截止"),
    ),
    Transition(
        "open_bids", _("开标"), ("closing",), "opening",
        effect=_("投标文件不少于三份，按公布的开标方案开标。"), article=f"{_LAW}第三十四条",
        source="statute_text", schema=ClosingPayload,
        guards=(under_way.bids_are_enough, under_way.closing_list_is_made), automatic=True,
        done=_("已开始开标"),
    ),
    Transition(
        "fail", pgettext_lazy("tender", "招标失败"), ("closing", "opening", "evaluating"), "failed",
        effect=_("投标人少于三个，或者投标全部被否决，不开标或者不定标，应重新招标。"),
        article=f"{_IMPL}第四十四条", source="statute_text", schema=FailPayload,
        guards=(under_way.closing_list_is_made, under_way.failing_has_a_ground), automatic=True,
        done=_("招标失败"),
    ),
    Transition(
        "start_evaluation", _("转入评标"), ("opening",), "evaluating",
        effect=_("投标文件已开启，转入评标。"), article=f"{_LAW}第三十六条", source="remembered",
        automatic=True, done=_("转入评标"),
    ),
    Transition(
        "retender", _("重新招标"), ("failed",), "retendered",
        effect=_("分析失败原因后重新招标；新标段须注明本标段编号。"), article=f"{_IMPL}第四十四条",
        source="statute_text", schema=RetenderPayload, guards=(common.reason_is_given,), desk=True,
        done=_("决定重新招标"),
    ),
)  # fmt: skip

AWARDING = (
    Transition(
        "receive_report", _("收到评标报告"), ("evaluating",), "",
        effect=_("评标委员会提交评标报告，公示期限自次日起算。"), article=f"{_IMPL}第五十四条",
        source="statute_text", schema=ReportReceivedPayload, automatic=True,
        done=_("收到评标报告"),
    ),
    Transition(
        "publicise", _("公示中标候选人"), ("evaluating",), "publicity",
        effect=_("公示评标委员会推荐的中标候选人，接受异议。"), article=f"{_IMPL}第五十四条",
        source="statute_text", schema=PublicisePayload,
        guards=(
            award.report_is_there,
            award.candidates_are_ranked,
            award.no_candidate_is_void,
            award.publicity_is_in_time,
            award.objection_channel_is_named,
            under_way.objections_are_answered,
        ),
        desk=True, done=_("已公示候选人"), offered=_is_reported,
    ),
    Transition(
        "pause_publicity", _("因公示异议暂停"), ("publicity",), "publicity_paused",
        effect=_("对评标结果有异议未答复，暂停招标投标活动。"), article=f"{_IMPL}第五十四条",
        source="statute_text", guards=(under_way.objection_is_open,), automatic=True,
        done=_("因公示异议暂停"),
    ),
    Transition(
        "resume_publicity", _("恢复公示"), ("publicity_paused",), "publicity",
        effect=_("异议均已答复，公示期余下时间继续计算。"), article=f"{_IMPL}第五十四条",
        source="statute_text", guards=(under_way.objections_are_answered,), automatic=True,
        done=_("已恢复公示"),
    ),
    Transition(
        "end_publicity", _("公示期满"), ("publicity",), "award_pending",
        effect=_("公示期满，可以定标。"), article=f"{_IMPL}第五十四条", source="statute_text",
        automatic=True, done=_("公示期满"),
    ),
    Transition(
        "reevaluate", _("重新评审"), ("publicity", "publicity_paused", "award_pending"),
        "evaluating", effect=_("异议或者投诉成立，由评标委员会重新评审。"),
        article=f"{_IMPL}第五十四条", source="statute_text", schema=ReasonPayload,
        guards=(common.reason_is_given, award.candidates_were_objected_to), grave=True,
        done=_("退回重新评审"),
    ),
    Transition(
        "next_candidate", _("顺延中标候选人"), ("award_pending", "awarded"), "award_pending",
        effect=_("排名在前的候选人依法不能中标，依次确定其后的候选人。"),
        article=f"{_IMPL}第五十五条", source="statute_text", schema=NextCandidatePayload,
        guards=(
            award.cause_is_lawful, award.cause_is_proven, award.next_is_left,
            award.cause_has_its_reason,
        ),
        grave=True, done=_("已顺延候选人"),
    ),
    Transition(
        "fail_award", _("候选人不能中标，另行招标"), ("award_pending", "awarded"), "failed",
        effect=_("候选人依法不能中标，没有其他候选人，或者不再依次确定其他候选人，应重新招标。"),
        article=f"{_IMPL}第五十五条", source="statute_text", schema=NextCandidatePayload,
        guards=(award.cause_is_lawful, award.cause_is_proven, award.giving_up_has_its_reason),
        grave=True, done=_("候选人不能中标"),
    ),
    Transition(
        "issue_award_notice", _("发出中标通知书"), ("award_pending",), "awarded",
        effect=_("确定排名第一的候选人中标，发出中标通知书，并将结果通知所有未中标的投标人。"),
        article=f"{_LAW}第四十五条", source="remembered",
        guards=(
            award.publicity_has_run, award.publicity_is_signed, award.candidate_is_left,
            award.winner_may_be_awarded, under_way.objections_are_answered,
        ),
        desk=True, done=_("已发中标通知书"),
    ),
    Transition(
        "report_award", _("提交招标投标情况书面报告"), ("awarded", "contracted"), "",
        effect=_("招标人向监督部门提交招标投标情况的书面报告。"), article=f"{_LAW}第四十七条",
        source="statute_text", guards=(award.award_is_unreported,), desk=True,
        offered=_awaits_its_report,
        done=_("已提交书面报告"),
    ),
    Transition(
        # Also of a lot that was stopped between the last signature and its being told here.
        "contract", pgettext_lazy("tender", "合同已签订"), ("awarded", "suspended"), "contracted",
        effect=_("招标人和中标人签订书面合同。"), article=f"{_LAW}第四十六条",
        source="statute_text", schema=ContractPayload, guards=(award.award_is_out,),
        automatic=True, done=_("合同已签订"),
    ),
    Transition(
        "archive", pgettext_lazy("tender", "归档"), ("contracted",), "archived",
        effect=_("招标投标全过程资料归档，不再变动。"),
        article="《电子招标投标办法》（国家发展改革委令第20号）", source="remembered",
        guards=(award.award_was_reported, under_way.objections_are_answered), desk=True,
        offered=_may_be_archived,
        done=_("已归档"),
    ),
)  # fmt: skip

ENDING = (
    Transition(
        "terminate", _("终止招标"), (*_UNDER_WAY, "failed", "suspended"), "terminated",
        effect=_("终止本标段招标，公告并退还投标保证金和相关费用。终止后不能恢复。"),
        article=f"{_IMPL}第三十一条", source="remembered", schema=ReasonPayload,
        guards=(common.reason_is_given, under_way.no_award_is_out), grave=True,
        done=_("已终止招标"),
    ),
    Transition(
        "suspend", _("责令暂停招标"), STOPPABLE, "suspended",
        effect=_("监督部门责令暂停招标投标活动。"), article=f"{_IMPL}第六十二条",
        source="remembered", schema=ReasonPayload, guards=(common.reason_is_given,), grave=True,
        done=_("责令暂停"),
    ),
    *(
        Transition(
            code, label, ("suspended",), state,
            effect=_("监督部门解除暂停，招标投标活动从暂停时的阶段继续。"),
            article=f"{_IMPL}第六十二条", source="remembered", schema=ReasonPayload,
            guards=(common.reason_is_given, under_way.lifted_to(state)), done=_("解除暂停"),
            desk=True, offered=_leads_to(state),
        )
        for code, label, state in _LIFTED
    ),
)  # fmt: skip

TRANSITIONS = (*DRAFTING, *BIDDING, *AWARDING, *ENDING)
