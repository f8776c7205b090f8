"""The words of the refusals about payrolls."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording
from kernel.money import format_yuan


def _balance(facts: Mapping[str, Any]) -> str:
    sums = {"balance": facts["balance_fen"], "total": facts["total_fen"]}
    return gettext("专用账户余额 %(balance)s 元，不足以支付 %(total)s 元") % {
        name: format_yuan(int(fen)) for name, fen in sums.items()
    }


def _over(facts: Mapping[str, Any]) -> str:
    """The number of days that are listed may be half ones: 1 day, 1.5 days."""
    number = 1 if Decimal(str(facts["days"])) == 1 else 2
    return ngettext(
        "%(name)s 计 %(days)s 工日，当月考勤只有 %(attended)s 天",
        "%(name)s 计 %(days)s 工日，当月考勤只有 %(attended)s 天",
        number,
    ) % dict(facts)


def _short(facts: Mapping[str, Any]) -> str:
    number = 1 if Decimal(str(facts["days"])) == 1 else 2
    return ngettext(
        "%(name)s 当月考勤 %(attended)s 天，连同已发放的只计 %(days)s 工日",
        "%(name)s 当月考勤 %(attended)s 天，连同已发放的只计 %(days)s 工日",
        number,
    ) % dict(facts)


_P = "labour.payroll."
WORDINGS = {
    _P + "site_unknown": Wording(_("本单位在工程 %(number)s 没有进场的工人"), _("请核对工程编号")),
    _P + "account_missing": Wording(
        _("该工程的合同没有工资专用账户"), _("请施工总承包单位先开立专用账户")
    ),
    _P + "month_ahead": Wording(_("%(month)s 尚未开始"), _("请核对工资月份")),
    _P + "taken": Wording(_("该班组当月已有工资表 %(number)s"), _("请打开该表办理")),
    _P + "empty": Wording(_("工资表没有工人"), _("请至少填写一行")),
    _P + "worker_unknown": Wording(
        _("第 %(line)s 行不是本单位在该工程的工人"), _("请从名册中选择")
    ),
    _P + "worker_twice": Wording(_("%(name)s 在表中出现两次"), _("每人只列一行")),
    _P + "worker_taken": Wording(_("%(name)s 当月工资已列在工资表 %(number)s"), _("请删去该行")),
    _P + "rate_below": Wording(
        _("%(name)s 的工资标准低于劳动合同的约定"), _("请按合同填写，或者留空")
    ),
    _P + "nothing_due": Wording(_("%(name)s 的应发工资为零"), _("请填写工日或者件数")),
    _P + "net_below_zero": Wording(_("%(name)s 的扣除多于应发工资"), _("请核对扣除")),
    _P + "deduction_unexplained": Wording(
        _("%(name)s 的扣除没有说明"), _("请在备注中写明扣除事由")
    ),
    _P + "days_over_attendance": Wording(
        _over,
        _("请改正工日，或者补记考勤并说明原因"),
    ),
    _P + "days_short": Wording(_short, _("请列全考勤的工日；当月结束后方可写明原因少计")),
    _P + "days_short_unexplained": Wording(
        _short, _("请列全考勤的工日，或者在备注中写明少计的原因，由工人一并确认")
    ),
    _P + "no_line": Wording(_("本表没有您的工资"), ""),
    _P + "confirmed_already": Wording(_("您已经确认过本人工资"), ""),
    _P + "unconfirmed": Wording(
        ngettext_lazy(
            "还有 %(number)s 名工人未确认：%(names)s",
            "还有 %(number)s 名工人未确认：%(names)s",
            "number",
        ),
        _("请提醒工人在手机上确认"),
    ),
    _P + "clash_unexplained": Wording(
        ngettext_lazy(
            "当月有 %(number)s 条两地考勤冲突", "当月有 %(number)s 条两地考勤冲突", "number"
        ),
        _("请写明核查结果"),
    ),
    _P + "unchecked": Wording(_("工资表尚未经劳资专管员核对"), ""),
    _P + "receipt_missing": Wording(
        _("%(name)s 没有回单，或者回单重复"), _("请逐人填写一个回单编号")
    ),
    _P + "receipt_stranger": Wording(_("有回单的收款人不在本表中"), _("请核对收款人")),
    _P + "batch_missing": Wording(_("未填写代发批次号"), _("请按银行回单填写")),
    _P + "batch_taken": Wording(_("代发批次 %(number)s 已经登记"), _("请核对批次号")),
    _P + "card_missing": Wording(_("%(name)s 没有登记本人银行卡"), _("请工人先登记银行卡")),
    _P + "line_unknown": Wording(
        _("表中没有您可以说明的这一行"), _("工人只能说明本人的工资，班组长只能说明本单位的工人")
    ),
    _P + "receipt_contradicted": Wording(_("已记载这笔工资没有到账"), _("可以重新列表发放该工日")),
    _P + "receipt_proved": Wording(
        _("银行已出具这笔工资的到账凭证"), _("对凭证有异议的，请向劳动保障监察反映")
    ),
    _P + "nothing_contradicted": Wording(_("没有人称这笔工资没有到账"), ""),
    _P + "proof_missing": Wording(_("到账凭证的文件不是本单位上传的"), _("请上传银行的转账凭证")),
    _P + "balance": Wording(
        _balance,
        _("请建设单位拨付人工费用，或者由总承包单位先行垫付"),
    ),
}
