"""The words of tendering's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording
from procurement.tendering.words import FIELDS, GROUNDS, PARTS, STATES


def _missing(facts: Mapping[str, Any]) -> str:
    name = str(facts["field"])
    return gettext("未填写“%(field)s”") % {"field": FIELDS.get(name, name)}


def _unlawful(facts: Mapping[str, Any]) -> str:
    return gettext("本标段依法必须公开招标：%(ground)s") % {
        "ground": GROUNDS.get(str(facts["ground"]), facts["ground"])
    }


def _elsewhere(facts: Mapping[str, Any]) -> str:
    return gettext("解除暂停后，本标段应回到“%(state)s”阶段") % {
        "state": STATES.get(str(facts["state"]), facts["state"])
    }


def _differ(facts: Mapping[str, Any]) -> str:
    return gettext("%(part)s部分的评分项目合计 %(points)s 分，应为 %(full)s 分") % {
        "part": PARTS.get(str(facts["part"]), facts["part"]),
        "points": facts["points"],
        "full": facts["full"],
    }


WORDINGS = {
    "procurement.tender.project_unregistered": Wording(
        _("项目 %(number)s 未在平台报建登记"), _("请先完成项目报建，再编制招标文件")
    ),
    "procurement.tender.agency_unnamed": Wording(
        _("招标文件未载明由本单位代理"), _("请填写招标代理机构及委托合同编号，由招标人确认")
    ),
    "procurement.tender.engagement_missing": Wording(
        _("未填写委托代理合同编号"), _("请填写招标人与代理机构签订的委托合同编号")
    ),
    "procurement.tender.agency_unknown": Wording(
        _("所填单位不是平台上的招标代理机构"),
        _("请核对代理机构的统一社会信用代码；自行招标的，不填"),
    ),
    "procurement.tender.agency_is_owner": Wording(
        _("招标代理机构与招标人是同一单位"), _("自行招标的，请将代理机构留空")
    ),
    "procurement.tender.plan_unknown": Wording(
        _("招标计划 %(plan)s 不是本项目已公布的计划"), _("请选择本项目已公布的招标计划，或者留空")
    ),
    "procurement.tender.field_missing": Wording(_missing, _("请补填后再办理")),
    "procurement.tender.code_unlisted": Wording(
        _("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "procurement.tender.method_unlawful": Wording(
        _unlawful, _("请改为公开招标，或者填写批准文件文号并上传批准文件")
    ),
    "procurement.tender.invitees_too_few": Wording(
        _("受邀单位 %(invited)s 家，不足 %(least)s 家或者有重复"),
        _("请邀请足够数量且互不相同的单位"),
    ),
    "procurement.tender.ceiling_missing": Wording(_("未公布最高投标限价"), _("请填写最高投标限价")),
    "procurement.tender.minimum_price": Wording(_("不得规定最低投标限价"), _("请删去最低投标限价")),
    "procurement.tender.bill_missing": Wording(
        _("未附工程量清单"), _("请先在造价模块导入招标工程量清单，再填写其编号")
    ),
    "procurement.tender.bill_unknown": Wording(
        _("平台没有这份工程量清单"), _("请先为本项目导入招标工程量清单")
    ),
    "procurement.tender.bill_of_another": Wording(
        _("这份工程量清单不是为本项目导入的，或者已经撤回"), _("请为本项目导入清单，再选用")
    ),
    "procurement.tender.security_too_high": Wording(
        _("投标保证金 %(security)s 元，超过上限 %(most)s 元"), _("请降低投标保证金")
    ),
    "procurement.tender.cash_only": Wording(
        _("要求投标保证金而不接受保函"), _("请接受金融机构或者担保机构出具的保函")
    ),
    "procurement.tender.points_differ": Wording(
        _("各部分分值合计 %(points)s 分，应为 %(full)s 分"), _("请核对报价、技术、商务和信用分值")
    ),
    "procurement.tender.factors_missing": Wording(
        _("未公布开标时抽取的下浮系数"), _("请每行填写一个可抽取的系数")
    ),
    "procurement.tender.criteria_differ": Wording(
        _differ, _("请核对评分项目，每一部分的项目分值之和应等于该部分分值")
    ),
    "procurement.tender.award_not_neutral": Wording(
        _("“%(name)s”限于特定地区或者行业，不得计 %(points)s 分"),
        _("请删去分值，或者改为不分地区、行业"),
    ),
    "procurement.tender.restriction": Wording(
        _("“%(words)s”涉嫌限制、排斥潜在投标人（第 %(clause)s 类）：……%(excerpt)s……。%(advice)s"),
        _("请修改该处文字后重新检测"),
    ),
    "procurement.tender.standard_text_missing": Wording(
        _("依法必须招标的项目未使用标准招标文件"), _("请选择所用的标准招标文件")
    ),
    "procurement.tender.document_missing": Wording(
        _("没有上传招标文件"), _("请在招标文件组成中上传招标文件")
    ),
    "procurement.tender.file_missing": Wording(
        _("文件“%(name)s”没有上传，或者不是招标人、代理机构上传的"), _("请重新上传该文件")
    ),
    "procurement.tender.publicity_short": Wording(
        ngettext_lazy(
            "公示 %(days)s 天，少于 %(least)s 天", "公示 %(days)s 天，少于 %(least)s 天", "days"
        ),
        _("请延长公示期"),
    ),
    "procurement.tender.retender_unknown": Wording(
        _("标段 %(number)s 不是本项目已决定重新招标的标段"), _("请先对失败的标段办理重新招标")
    ),
    "procurement.tender.retender_taken": Wording(
        _("标段 %(number)s 已由 %(other)s 重新招标"), _("请在该标段上继续办理")
    ),
    "procurement.tender.method_changed": Wording(
        _("原标段失败 %(failures)s 次，不足以改变发包方式，或者没有批准文件"),
        _("请沿用原发包方式；两次失败后改变的，须经批准"),
    ),
    "procurement.tender.unprintable": Wording(
        _("公告的字库中没有这些字符：%(characters)s"), _("请改用规范汉字")
    ),
    "procurement.tender.direct_not_published": Wording(
        _("直接发包不发布招标公告"), _("请按直接发包办理合同")
    ),
    "procurement.tender.sale_short": Wording(
        _("获取招标文件的时间不足，最早可到 %(earliest)s 截止"), _("请推迟获取截止时间")
    ),
    "procurement.tender.sale_after_deadline": Wording(
        _("获取截止晚于投标截止"), _("请核对两个时间")
    ),
    "procurement.tender.deadline_early": Wording(
        _("自发出招标文件至投标截止的时间不足，投标截止最早为 %(earliest)s"),
        _("请推迟投标截止时间"),
    ),
    "procurement.tender.policy_unsigned": Wording(
        _("开标方案尚未由招标人和全体密钥保管人签署"), _("请先完成开标方案的演练和签署")
    ),
    "procurement.tender.policy_unstamped": Wording(
        _("开标方案的签名尚未取得时间戳"),
        _(
            "请稍候，平台正在向时间戳机构申请；取得后再发布公告。久未取得的，“待办”写明自何时起、"
            "哪家机构没有应答，请与平台运营单位联系"
        ),
    ),
    "procurement.tender.policy_fallen": Wording(
        _("取得时间戳之前，开标方案有签署方的证书已不再有效"),
        _("请作废该方案，由该方换用有效证书或者更换开启人，重新拟订并签署；标段不受影响"),
    ),
    "procurement.tender.drawings_unreviewed": Wording(
        _("施工图尚未审查合格"), _("请先取得施工图审查合格书；工程总承包项目请勾选“工程总承包”")
    ),
    "procurement.tender.clarification_empty": Wording(
        _("澄清没有内容"), _("请写明澄清或者修改的内容")
    ),
    "procurement.tender.deadline_earlier": Wording(
        _("新的投标截止早于原截止"), _("投标截止只能顺延")
    ),
    "procurement.tender.clarification_late": Wording(
        _("距投标截止时间不足，须同时将投标截止顺延至 %(earliest)s 或者以后"),
        _("请填写新的投标截止时间"),
    ),
    "procurement.tender.bids_too_few": Wording(
        ngettext_lazy(
            "投标 %(bids)s 份，少于 %(least)s 份，不得开标",
            "投标 %(bids)s 份，少于 %(least)s 份，不得开标",
            "bids",
        )
    ),
    "procurement.tender.closing_list_missing": Wording(_("没有开标清单")),
    "procurement.tender.bids_are_enough": Wording(
        _("投标 %(bids)s 份，不少于 %(least)s 份，应当开标")
    ),
    "procurement.tender.reason_missing": Wording(_("没有写明招标失败的原因")),
    "procurement.tender.no_objection": Wording(_("没有待答复的异议")),
    "procurement.tender.objection_open": Wording(
        _("异议 %(objections)s 尚未答复"), _("请先答复异议")
    ),
    "procurement.tender.lifted_elsewhere": Wording(_elsewhere, _("请选择恢复到该阶段")),
    "procurement.tender.award_is_out": Wording(
        _("中标通知书已经发出，不能终止招标"),
        _("中标人依法不能中标的，顺延其他候选人或者另行招标"),
    ),
    "procurement.tender.not_awarded": Wording(_("尚未发出中标通知书，没有可以签订的合同")),
    "procurement.tender.report_missing": Wording(
        _("没有评标委员会的评标报告"), _("请等待评标委员会提交评标报告")
    ),
    "procurement.tender.candidates_none": Wording(
        _("评标报告没有推荐中标候选人"), _("投标全部被否决的，应重新招标")
    ),
    "procurement.tender.candidates_many": Wording(
        _("评标报告推荐了 %(candidates)s 名候选人，多于 %(most)s 名"), _("请评标委员会更正报告")
    ),
    "procurement.tender.candidates_unranked": Wording(
        _("中标候选人没有依次排名"), _("请评标委员会更正报告")
    ),
    "procurement.tender.cause_found": Wording(
        _("该候选人的投标已由 %(number)s 认定无效，情形不能另行填写"),
        _("请将情形留空，或选“被查实存在影响中标结果的违法行为”"),
    ),
    "procurement.tender.candidate_void": Wording(
        _("候选人“%(name)s”的投标已被行政监督部门认定无效"),
        _("请评标委员会复议：无效投标自动剔除，重新汇总并签署报告后再公示"),
    ),
    "procurement.tender.publicity_late": Wording(
        _("应在 %(until)s 之前开始公示"), _("请写明逾期原因；逾期情况将由监督部门掌握")
    ),
    "procurement.tender.channel_missing": Wording(
        _("没有写明提出异议的渠道"), _("请填写异议受理的联系人和联系方式")
    ),
    "procurement.tender.publicity_running": Wording(
        _("公示尚未期满，期满时间为 %(until)s"), _("请在公示期满后办理")
    ),
    "procurement.tender.publicity_unsigned": Wording(
        _("中标候选人公示 %(number)s 尚未签署"), _("请先在本标段页面签署该公示文本")
    ),
    "procurement.tender.objection_not_upheld": Wording(
        _("对中标候选人的异议没有成立的"),
        _("异议成立的，先在答复中写明；投诉由监督部门退回"),
    ),
    "procurement.tender.candidate_missing": Wording(
        _("没有可以定标的候选人"), _("请重新招标或者重新评审")
    ),
    "procurement.tender.candidates_exhausted": Wording(
        _("没有其他中标候选人"), _("请办理“候选人不能中标，另行招标”，再重新招标")
    ),
    "procurement.tender.cause_unlisted": Wording(
        _("“%(cause)s”不是依法可以另定中标人的情形"), _("请从列表中选择")
    ),
    "procurement.tender.cause_unproven": Wording(
        _("没有上传证明该情形的文件"),
        _("请上传放弃中标的书面声明、不可抗力证明、未交履约担保的记录或者查处决定"),
    ),
    "procurement.tender.award_reported": Wording(_("书面报告已经提交")),
    "procurement.tender.award_unreported": Wording(
        _("招标投标情况的书面报告尚未提交"), _("请先向监督部门提交书面报告")
    ),
}
