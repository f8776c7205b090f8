"""The words of the refusals of contracts, payments, variations and price adjustments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kernel import money
from kernel.errors import Wording

# The terms of a contract, as its form calls them.
TERMS = {
    "lot_number": _("标段编号"),
    "works_name": _("工程名称"),
    "supervision_uscc": _("监理单位"),
    "price_fen": _("签约合同价"),
    "provisional_fen": _("其中暂列金额"),
    "period_days": _("工期（日历天）"),
    "quality": _("质量标准"),
    "project_manager": _("项目经理"),
    "boq_standard": _("计价标准"),
    "bill_sha256": _("合同清单"),
    "quantity_option": _("工程量偏差计价方式"),
    "adjustment": _("价差调整方法"),
    "risk_percent": _("风险幅度（%）"),
    "prepayment_percent": _("预付款比例（%）"),
    "progress_percent": _("进度款比例（%）"),
    "retention_percent": _("质量保证金比例（%）"),
    "performance_percent": _("履约担保比例（%）"),
    "wage_percent": _("人工费用比例（%）"),
    "defect_months": _("缺陷责任期（月）"),
    "owner_kind": _("付款人类别"),
    "contractor_is_sme": _("承包人为中小企业"),
    "government_money": _("政府投资项目"),
    "silence_accepts": _("约定逾期视为认可结算"),
    "audit_basis": _("以审计结果为结算依据"),
    "late_interest_percent": _("约定逾期年利率（%）"),
}
# What an instruction of a variation has, as its form calls it.
INSTRUCTION = {
    "instruction_number": _("发包人指令编号"),
    "instructed_on": _("指令日期"),
    "supervision_notice": _("监理通知编号"),
    "drawing_number": _("图纸编号"),
}


def _named(text: str) -> Callable[[Mapping[str, Any]], str]:
    """A message that names a field of a form by its label; money in yuan."""

    def message(facts: Mapping[str, Any]) -> str:
        said = dict(facts)
        term = str(said["term"])
        if term.endswith("_fen"):
            said |= {k: _yuan(said[k]) for k in ("asked", "found") if k in said}
        said["term"] = TERMS.get(term) or INSTRUCTION.get(term) or term
        return gettext(text) % said

    return message


def _yuan(text: Any) -> str:
    return money.format_yuan(int(text)) if str(text).lstrip("-").isdecimal() else str(text)


_C, _P = "procurement.contract.", "procurement.payment."
_V, _A = "procurement.variation.", "procurement.price_adjustment."

WORDINGS = {
    _C + "nobody_answers": Wording(_("暂时无法查询“%(what)s”"), _("请稍后重试")),
    _C + "not_awarded": Wording(_("标段 %(lot)s 尚未定标"), _("请在中标通知书发出后再拟合同")),
    _C + "award_void": Wording(
        _("标段 %(lot)s 中标人的投标已被行政监督部门认定无效，中标无效"),
        _("请由招标人顺延中标候选人或重新招标"),
    ),
    _C + "award_stands": Wording(
        _("没有认定本合同中标无效的决定"), _("由行政监督部门作出决定；其他原因请办理解除合同")
    ),
    _C + "same_investigator": Wording(_("立案人不能自己撤销调查"), _("请由另一名人员撤销")),
    _C + "not_your_lot": Wording(_("标段 %(lot)s 的招标人不是本单位")),
    _C + "lot_contracted": Wording(
        _("该标段已有合同 %(others)s"), _("同一标段不得另行订立合同；需要重拟的，请修改原草稿")
    ),
    _C + "term_missing": Wording(
        _named(gettext_noop("合同条款“%(term)s”未填写")), _("请补填后再定稿")
    ),
    _C + "quantity_option_missing": Wording(
        _("未约定工程量增加超出幅度时的计价方式"),
        _("计价标准没有默认做法，请选择“全部按新单价”或者“仅超出部分按新单价”"),
    ),
    _C + "code_unlisted": Wording(_("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _C + "differs": Wording(
        _named(
            gettext_noop("“%(term)s”与招标投标文件不一致：应为“%(asked)s”，合同写的是“%(found)s”")
        ),
        _("合同不得背离招标文件和中标人的投标文件，请改为一致"),
    ),
    _C + "bill_unknown": Wording(
        _("平台上没有这份合同清单"), _("请核对清单文件的哈希值，应为中标人的已标价工程量清单")
    ),
    _C + "share_too_high": Wording(
        _named(gettext_noop("“%(term)s”为 %(value)s%%，高于上限 %(greatest)s%%")),
        _("请改为不高于上限"),
    ),
    _C + "share_too_low": Wording(
        _named(gettext_noop("“%(term)s”为 %(value)s%%，低于下限 %(least)s%%")),
        _("请改为不低于下限"),
    ),
    _C + "defect_period_too_long": Wording(
        _("缺陷责任期最长 %(most)s 个月"), _("请缩短缺陷责任期")
    ),
    _C + "audit_basis": Wording(
        _("承包人为中小企业，不得以审计结果作为结算依据"), _("请删除该约定")
    ),
    _C + "late_interest_too_low": Wording(
        _("约定的逾期年利率 %(value)s%% 低于合同订立时一年期贷款市场报价利率 %(least)s%%"),
        _("请提高利率，或者不约定而适用法定利率"),
    ),
    _C + "lot_differs": Wording(_("不能改为其他标段的合同"), _("请为该标段另行拟订合同")),
    _C + "winner_differs": Wording(
        _("该标段的中标人已不是本合同的承包人"), _("请按现在的中标人修改合同")
    ),
    _C + "performance_security_missing": Wording(
        _("履约担保应为 %(needed)s 元，现有 %(found)s 元"), _("请中标人提交履约担保后再签订")
    ),
    _C + "performance_security_too_high": Wording(
        _("履约担保 %(found)s 元超过上限 %(most)s 元"), _("请退回超出的部分")
    ),
    _C + "payment_security_missing": Wording(
        _("发包人尚未提供工程款支付担保"), _("请发包人提交工程款支付担保后再签订")
    ),
    _C + "substance_changed": Wording(
        _("补充协议不得改变合同的价款、质量、工期和范围"),
        _("因工程变更需要调整的，请走工程变更程序"),
    ),
    _C + "dated_ahead": Wording(_("日期 %(day)s 晚于今天"), _("请核对日期")),
    _C + "notice_missing": Wording(
        _("未写明通知对方的文号和日期"), _("请先书面通知对方，再填写通知文号和日期")
    ),
    _C + "file_missing": Wording(_("所附文件不是本单位上传的"), _("请重新上传该文件")),
    _C + "settlement_empty": Wording(_("未填写报送的结算价"), _("请填写结算价")),
    _C + "checked_above_claim": Wording(
        _("审定金额与争议金额合计 %(found)s 元，超过报送的 %(claimed)s 元"), _("请核对金额")
    ),
    _C + "statement_unsigned": Wording(
        _("竣工结算书尚未由承包人、监理单位和发包人签齐"), _("请三方签署结算书后再确认")
    ),
    _C + "retention_not_whole": Wording(
        _("质量保证金为 %(held)s 元，回单合计 %(paid)s 元"), _("请全额返还并登记回单")
    ),
    _C + "retention_before_settlement": Wording(
        _("回单日期 %(day)s 早于结算商定之日 %(settled)s"), _("请按银行回单填写日期")
    ),
    _C + "retention_early": Wording(
        _("缺陷责任期至 %(until)s 届满，期满前返还质量保证金未写明理由"), _("请写明提前返还的理由")
    ),
    _C + "retention_unaccepted": Wording(
        _(
            "工程尚未重新验收合格，缺陷责任期没有起算，此时返还质量保证金须写明理由并附双方签署的协议"
        ),
        _("请在重新验收合格、缺陷责任期满后返还，或者补齐理由和协议"),
    ),
    _C + "retention_unagreed": Wording(
        _("缺陷责任期至 %(until)s 届满，期满前返还质量保证金未附双方签署的协议"),
        _("请上传双方签署的协议"),
    ),
    "procurement.payment.paid_before_approval": Wording(
        _("回单日期 %(day)s 早于批准付款之日 %(approved)s"), _("请按银行回单填写日期")
    ),
    "procurement.payment.paid_before_dispute": Wording(
        _("回单日期 %(day)s 早于写明该款未付之日 %(disputed)s"), _("请按银行回单填写日期")
    ),
    "procurement.payment.receipt_unshown": Wording(
        _("回单日期 %(day)s 早于逾期起算日 %(since)s，未上传银行回单"),
        _("请上传银行回单；没有的，按实际付款日连同利息付清"),
    ),
    _C + "receipt_twice": Wording(_("银行回单 %(number)s 重复"), _("请删除重复的一行")),
    _C + "payments_open": Wording(_("还有付款未付清：%(numbers)s"), _("请付清后再结束合同")),
    _C + "unpaid": Wording(
        _("结算价款尚有 %(unpaid)s 元未付"), _("请由承包人申请结算款，付清后再结束合同")
    ),
    _P + "contract_unknown": Wording(_("没有这份合同，或者承包人不是本单位"), _("请核对合同编号")),
    _P + "kind_unlisted": Wording(_("付款类别 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _P + "contract_not_there": Wording(
        _("合同当前的状态不能申请这类付款"),
        _("进度款在履行期间申请，预付款在签订后申请，结算款在结算确认后申请"),
    ),
    _P + "kind_twice": Wording(_("这类付款已经申请过：%(other)s"), _("请在原申请上办理")),
    _P + "measured_ahead": Wording(_("计量截止日期 %(day)s 晚于今天"), _("请核对日期")),
    _P + "period_overlaps": Wording(
        _("计量截止日期不晚于上一期的 %(last)s"), _("请填写上一期之后的日期")
    ),
    _P + "other_under_review": Wording(
        _("付款 %(others)s 还在审批"), _("请等上一期审批完成再报送")
    ),
    _P + "nothing_due": Wording(
        _("本期应付 %(due)s 元，没有可以支付的金额"), _("请核对计量和扣款")
    ),
    _P + "item_unknown": Wording(
        _("合同清单中没有项目 %(item)s"), _("请核对编码；新增项目请走工程变更程序")
    ),
    _P + "item_twice": Wording(_("项目 %(item)s 填写了两次"), _("请合并为一行")),
    _P + "quantity_exceeded": Wording(
        _("项目 %(item)s %(name)s 累计 %(total)s，超过合同与已批准变更的 %(most)s"),
        _("请核对数量；确有增加的，请先办理工程变更"),
    ),
    _P + "certified_above_claim": Wording(
        _("项目 %(item)s 审核数量 %(found)s 超过报送的 %(asked)s"), _("请核对数量")
    ),
    _P + "change_unknown": Wording(_("本合同没有变更或者调整 %(number)s"), _("请核对编号")),
    _P + "change_unapproved": Wording(
        _("变更或者调整 %(number)s 尚未批准"), _("没有指令和批准的变更不予支付")
    ),
    _P + "change_taken": Wording(
        _("变更或者调整 %(number)s 已列入付款 %(other)s"), _("请删除这一项")
    ),
    _P + "above_cap": Wording(
        _("累计付款 %(total)s 元超过可付上限 %(cap)s 元"),
        _("请核对计量；价款有变化的，请先办理变更"),
    ),
    _P + "wages_not_whole": Wording(
        _("本期人工费用应拨付 %(needed)s 元，回单合计 %(paid)s 元"), _("请足额拨付后登记回单")
    ),
    _P + "wage_account_missing": Wording(
        _("未填写农民工工资专用账户"), _("请填写本项目的工资专用账户")
    ),
    _P + "wage_account_unopened": Wording(
        _("本合同没有使用中的农民工工资专用账户"),
        _("请总承包单位先在平台登记专用账户；已撤销的，须重新开立"),
    ),
    _P + "wage_account_other": Wording(
        _("账号与平台登记的本合同工资专用账户不一致"), _("请向总承包单位或者开户银行核对账号")
    ),
    _P + "wages_first": Wording(
        _("人工费用还有 %(needed)s 元未拨付"), _("请先拨付人工费用，再支付余款")
    ),
    _P + "certificate_unsigned": Wording(
        _("工程款支付证书尚未由总监和发包人签齐"), _("请先签署支付证书")
    ),
    _P + "receipts_differ": Wording(
        _("应付 %(needed)s 元（其中逾期利息 %(interest)s 元），回单合计 %(paid)s 元"),
        _("请核对回单金额"),
    ),
    _P + "dispute_out_of_range": Wording(
        _("争议金额应大于零，且不超过未付的 %(most)s 元"), _("请核对争议金额")
    ),
    _P + "undisputed_unpaid": Wording(
        _("无争议部分应付 %(needed)s 元，回单合计 %(paid)s 元"), _("请先付清无争议部分")
    ),
    _V + "contract_unknown": Wording(
        _("没有这份合同，或者本单位不是合同当事人"), _("请核对合同编号")
    ),
    _V + "contract_not_there": Wording(
        _("合同当前的状态不能变更工程"), _("工程变更在合同签订后、竣工验收前办理")
    ),
    _V + "code_unlisted": Wording(_("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _V + "instruction_incomplete": Wording(
        _named(gettext_noop("变更指令缺少“%(term)s”")),
        _("没有书面指令和图纸的变更不予计价，请补填"),
    ),
    _V + "dated_ahead": Wording(_("指令日期 %(day)s 晚于今天"), _("请核对日期")),
    _V + "review_missing": Wording(_("重大设计变更须重新送审"), _("请填写重新审查的合格书编号")),
    _V + "items_missing": Wording(_("没有估价明细"), _("请至少填写一项")),
    _V + "same_item_exists": Wording(_("合同清单中已有项目 %(item)s"), _("请按相同项目的单价计价")),
    _V + "item_not_in_bill": Wording(
        _("合同清单中没有项目 %(item)s"), _("请参照类似项目，或者按成本加利润计价")
    ),
    _V + "price_departs": Wording(
        _("项目 %(item)s 的合同单价是 %(price)s 元，报的是 %(found)s 元"), _("请采用合同单价")
    ),
    _V + "reference_missing": Wording(
        _("项目 %(item)s 未写明参照的合同清单项目"), _("请填写合同清单中类似项目的编码")
    ),
    _V + "price_unproven": Wording(
        _("项目 %(item)s 的单价 %(price)s 元与成本加利润 %(parts)s 元不一致"),
        _("请填写成本和利润"),
    ),
    _V + "below_measured": Wording(
        _("项目 %(item)s 变更后为 %(left)s，少于已计量的 %(done)s"), _("请核对减少的数量")
    ),
    _V + "checked_above_value": Wording(
        _("审核价款 %(found)s 元超过报送的 %(valued)s 元"), _("请核对金额")
    ),
    _V + "extra_approval_missing": Wording(
        _("累计变更 %(total)s 元，超过合同价的 %(percent)s%%"), _("请填写追加批准的文号")
    ),
    _A + "contract_unknown": Wording(_("没有这份合同，或者承包人不是本单位"), _("请核对合同编号")),
    _A + "contract_not_there": Wording(
        _("合同当前的状态不能调整价差"), _("价差在履行和结算期间调整")
    ),
    _A + "one_way": Wording(_("一次只能按一种方法调整"), _("材料价差、指数和工程量偏差请分别申请")),
    _A + "way_not_agreed": Wording(_("合同没有约定这种调整方法"), _("请按合同约定的方法计算")),
    _A + "item_unknown": Wording(_("合同清单中没有项目 %(item)s"), _("请核对编码")),
    _A + "taken": Wording(_("%(name)s 已在另一次调整中计算"), _("请删除这一项")),
    _A + "within_risk": Wording(_("价格变化没有超出风险幅度，不作调整"), _("请核对价格信息")),
}
