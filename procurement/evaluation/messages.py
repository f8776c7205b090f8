"""The words of evaluation's refusals and of what clearing points out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording
from kernel.web import formats

_P = "procurement.evaluation."


def _too_early(facts: Mapping[str, Any]) -> str:
    """From which hour experts are drawn."""
    hours = int(facts["hours"])
    begins = datetime.fromisoformat(str(facts["opens"])) - timedelta(hours=hours)
    said = {"hours": hours, "begins": formats.minute(begins)}
    return gettext("尚未到抽取时间：开标前 %(hours)s 小时内，即 %(begins)s 起方可抽取") % said


def _may_appear(facts: Mapping[str, Any]) -> str:
    """Until when somebody who was called can check in before anybody replaces them."""
    said = {"seat": facts["seat"], "until": formats.minute(datetime.fromisoformat(facts["until"]))}
    return gettext("席位 %(seat)s 的成员仍可在开标后签到，%(until)s 前不能更换") % said


_FORMING = {
    "lot_unknown": Wording(_("没有这个标段，或招标公告尚未发布"), _("请核对标段编号")),
    "not_your_lot": Wording(_("该标段不是本单位招标或代理的"), _("请由招标人或其代理机构办理")),
    "committee_exists": Wording(_("该标段已有评标委员会"), _("需要更换成员的，请办理“更换成员”")),
    "committee_small": Wording(_("评标委员会只有 %(number)s 人，少于 %(least)s 人")),
    "committee_even": Wording(_("评标委员会为 %(number)s 人，应为单数")),
    "experts_few": Wording(_("专家 %(experts)s 人，不足总人数 %(number)s 人的三分之二")),
    "representative_strange": Wording(
        _("招标人代表（%(person)s）不是招标人登记的评标代表"), _("请先登记该人员的评标代表身份")
    ),
    "lot_over": Wording(
        _("该标段不在招标、开标或者评标中，不能组建评标委员会或者抽取专家"),
        _("标段暂停的，请在恢复后办理；已终止或者招标失败的，不再办理"),
    ),
    "draw_early": Wording(_too_early, _("请届时再办理")),
    "draw_late": Wording(
        _("开标时间已到，不能再抽取专家"),
        _("请向监督部门说明情况；监督部门可在本案办理“准许开标后抽取专家”"),
    ),
    "formed_late": Wording(
        _("开标时间已到；评标委员会应当在开标前组建并抽取专家"),
        _(
            "请写明开标前没有组建的理由，本次组建即为向监督部门的申请；"
            "监督部门在本案办理“准许开标后抽取专家”后，才能抽取"
        ),
    ),
    "draw_in_time": Wording(_("开标时间未到，无须准许"), _("由招标人或其代理机构在开标前抽取")),
    "late_draw_allowed": Wording(_("已准许开标后抽取专家"), _("由招标人或其代理机构抽取")),
    "late_draw_document": Wording(_("未写明准许文号"), _("请写明书面决定的文号")),
    "late_draw_reason": Wording(_("未写明理由"), _("请写明为何开标前没有抽取")),
    "nonce_short": Wording(
        _("招标人随机数少于 %(least)s 个字符"), _("请任意输入一段他人无法预知的文字")
    ),
    "pool_small": Wording(
        ngettext_lazy(
            "专家库中可抽取的专家只有 %(free)s 人，需要 %(needed)s 人",
            "专家库中可抽取的专家只有 %(free)s 人，需要 %(needed)s 人",
            "free",
        ),
        _("请调整专业要求或补充专家库"),
    ),
    "trade_unmapped": Wording(
        _("该标段的资质类别没有对应的评标专业，不能按专业抽取"), _("请由监督部门处理")
    ),
}
_MEMBERS = {
    "not_opened": Wording(_("尚未开标"), _("开标后再办理")),
    "already_present": Wording(_("您已签到")),
    "conflict_undeclared": Wording(
        _("未声明与全部投标人没有回避情形"), _("有回避情形的，请办理“回避或不能参加”")
    ),
    "conflict_employer": Wording(
        _("您现在或三年内曾在投标人“%(bidder)s”任职"),
        _("请办理“回避或不能参加”；已签到的，办理“退出评标”"),
    ),
    "cause_unlisted": Wording(_("情形 %(code)s 不在列表中"), _("请从列表中选择")),
    "statement_missing": Wording(_("未写明情况"), _("请写明事实")),
    "present_stays": Wording(
        _("席位 %(seat)s 的成员已签到，招标人和代理机构不能更换"),
        _("由本人办理“退出评标”，或者请监督部门更换"),
    ),
    "may_appear": Wording(
        _may_appear, _("不能参加的，由本人办理“回避或不能参加”，或者请监督部门更换")
    ),
    "present_appeared": Wording(_("该成员已签到，不是未到场"), _("请从列表中选择其他情形")),
    "reserve_empty": Wording(_("抽取次序中已没有后备专家"), _("请由监督部门处理")),
    "seat_unknown": Wording(_("没有可办理的席位 %(seat)s"), _("请从列表中选择")),
    "members_absent": Wording(
        ngettext_lazy("还有 %(absent)s 名成员未签到", "还有 %(absent)s 名成员未签到", "absent"),
        _("请等待，或更换成员"),
    ),
    "not_checked_in": Wording(_("您尚未签到"), _("请先签到")),
    "leader_elected": Wording(_("已推举组长")),
    "leader_missing": Wording(_("尚未推举组长"), _("请先推举组长")),
    "not_the_leader": Wording(_("本事项由组长办理")),
    "time_unlimited": Wording(_("招标人没有限定评标时间")),
    "time_asked": Wording(_("您已提出评标时间不够"), _("请等待招标人延长")),
    "time_not_short": Wording(
        _("%(members)s 名成员中只有 %(asked)s 名认为评标时间不够，未超过三分之一")
    ),
    "time_end_early": Wording(_("延长后的截止时间应晚于现在和原截止时间")),
    "time_over": Wording(
        _("评标时间已于 %(ended)s 届满"),
        _("认为时间不够的成员请办理“认为评标时间不够”，超过三分之一的，由招标人延长"),
    ),
    "time_not_extended": Wording(
        _("%(members)s 名成员中有 %(asked)s 名认为评标时间不够，尚未延长"),
        _("请由招标人先延长评标时间"),
    ),
    "reason_missing": Wording(_("未写明理由"), _("请写明事实和依据")),
}
_SESSION = {
    "bid_unknown": Wording(_("没有这份投标文件"), _("请从列表中选择")),
    "vote_incomplete": Wording(_("形式、资格、响应性三项须逐项表决"), _("请逐项表决，不多不少")),
    "ground_of_passed": Wording(_("通过的事项不应填写否决情形"), _("请改为不通过，或删去情形")),
    "ground_unlisted": Wording(
        _("否决情形 %(code)s 不在法定情形之列"),
        _("请从《招标投标法实施条例》第五十一条的情形中选择"),
    ),
    "evidence_missing": Wording(_("未写明不通过的事实"), _("请写明所见的文件、页码和事实")),
    "security_missing": Wording(
        _("截标时没有有效的投标担保"), _("请在响应性评审中认定为未作出实质性响应")
    ),
    "security_short": Wording(
        _("投标担保金额 %(found)s 元，少于招标文件要求的 %(needed)s 元"),
        _("请在响应性评审中认定为未作出实质性响应"),
    ),
    "security_term_short": Wording(
        _("投标担保的有效期短于投标有效期，应至 %(least)s 或者以后"),
        _("请在响应性评审中认定为未作出实质性响应"),
    ),
    "security_lapsed": Wording(
        _("投标担保已于 %(on)s 届满失效"), _("请在响应性评审中认定为未作出实质性响应")
    ),
    "votes_missing": Wording(
        ngettext_lazy("还有 %(number)s 项表决未完成", "还有 %(number)s 项表决未完成", "number")
    ),
    "bill_missing": Wording(
        _("招标文件要求按工程量清单报价，投标文件中没有已标价工程量清单"),
        _("请在响应性评审中认定为未作出实质性响应"),
    ),
    "grounds_differ": Wording(
        _("多数成员否决“%(bidder)s”，但认定的情形不一致"), _("请成员讨论后重新表决")
    ),
    "none_valid": Wording(_("全部投标均被否决"), _("请组长办理“否决全部投标”")),
    "competition_holds": Wording(_("有效投标 %(left)s 个，不少于 %(fewest)s 个，不能否决全部投标")),
    "question_missing": Wording(_("未写明需要澄清的问题")),
    "reply_time_past": Wording(_("答复截止时间已过"), _("请给投标人留出答复时间")),
    "bid_void": Wording(
        _("该投标已被行政监督部门认定无效"), _("无效投标自动剔除，不必再表决或打分")
    ),
    "result_same": Wording(_("重新计算的结果没有变化")),
    "bid_rejected": Wording(_("该投标已被否决")),
    "question_unknown": Wording(_("没有向本单位提出的这项澄清")),
    "no_question_open": Wording(_("没有仍在等待答复的澄清要求")),
    "question_answered": Wording(_("该项澄清已答复")),
    "reply_late": Wording(_("答复截止时间已过")),
    "question_recalled": Wording(_("评标委员会已撤回该项澄清要求，不必答复")),
    "answer_missing": Wording(_("未填写答复")),
    "questions_open": Wording(
        ngettext_lazy("还有 %(number)s 项澄清待答复", "还有 %(number)s 项澄清待答复", "number"),
        _("请等待答复，或等答复时间届满"),
    ),
    "mark_missing": Wording(_("评审因素“%(criterion)s”未打分")),
    "criterion_unknown": Wording(_("评审因素 %(code)s 不在招标文件中，或重复")),
    "points_decimals": Wording(_("打分最多两位小数")),
    "points_high": Wording(_("“%(criterion)s”的得分高于满分 %(most)s")),
    "scores_missing": Wording(
        ngettext_lazy("还有 %(number)s 项打分未完成", "还有 %(number)s 项打分未完成", "number")
    ),
    "deviation_unexplained": Wording(
        _("席位 %(seat)s 对“%(bidder)s”的打分与平均分相差超过 %(percent)s%%，未书面说明"),
        _("请该成员改正打分或写明理由"),
    ),
    "formula_unknown": Wording(_("没有招标文件所选的报价评分方法“%(formula)s”")),
    "factor_missing": Wording(_("开标前没有抽取下浮系数")),
    "result_differs": Wording(
        _("按存证的数据重新计算，结果与已记载的不一致"), _("请由监督部门处理")
    ),
    "candidates_public": Wording(
        _("已公示中标候选人"), _("异议或者投诉成立的，先由招标人或监督部门退回重新评审")
    ),
    "opinion_missing": Wording(_("未写明不同意见和理由")),
    "signers_few": Wording(
        ngettext_lazy(
            "只有 %(left)s 名成员签字，不足半数", "只有 %(left)s 名成员签字，不足半数", "left"
        )
    ),
}
_CLEARING = {
    "price_above_ceiling": Wording(_("投标报价高于最高投标限价")),
    "price_low": Wording(_("投标报价低于最高投标限价的 %(percent)s%%，请关注是否低于成本")),
    "price_twin": Wording(_("投标报价与%(others)s完全相同")),
}

WORDINGS = {
    f"{_P}{code}": wording
    for part in (_FORMING, _MEMBERS, _SESSION, _CLEARING)
    for code, wording in part.items()
}
