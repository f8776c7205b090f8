"""The words of the refusals about wage accounts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording
from kernel.money import format_yuan


def _rest(facts: Mapping[str, Any]) -> str:
    sums = {"balance": facts["balance_fen"], "rest": facts["rest_fen"]}
    return gettext("账内余额 %(balance)s 元，登记退回 %(rest)s 元") % {
        name: format_yuan(int(fen)) for name, fen in sums.items()
    }


_A = "labour.wage_account."
WORDINGS = {
    _A + "contract_unknown": Wording(
        _("%(number)s 不是本单位已签订的施工合同"), _("请核对合同编号；合同签订后方可开户")
    ),
    _A + "taken": Wording(_("合同 %(number)s 已有工资专用账户"), _("一份合同只设一个专用账户")),
    _A + "bank_unknown": Wording(
        _("该银行没有在本平台办理工资代发的经办人"), _("请选择列表中的银行")
    ),
    _A + "number": Wording(_("账号应为十至二十五位数字"), _("请按开户证明填写")),
    _A + "unconfirmed": Wording(_("未填写银行开户证明的编号"), _("请填写并上传开户证明")),
    _A + "opened_on": Wording(
        _("开户日期 %(opened)s 早于合同签订日期 %(signed)s，或者晚于今天"), _("请核对开户日期")
    ),
    _A + "file_missing": Wording(_("文件 %(sha256)s… 不是本单位上传的"), _("请重新上传该文件")),
    _A + "receipt_taken": Wording(_("回单 %(number)s 已经登记"), _("请核对回单编号")),
    _A + "receipt_unknown": Wording(_("没有登记过回单 %(number)s 的入账"), _("请核对回单编号")),
    _A + "contradicted": Wording(_("回单 %(number)s 已登记为未到账"), _("请核对回单编号")),
    _A + "spent": Wording(
        _("回单 %(number)s 的款项已用于发放工资，不能再登记为未到账"),
        _("请核对账内余额和发放批次"),
    ),
    _A + "amount": Wording(_("入账金额应大于零"), _("请按回单填写")),
    _A + "works_go_on": Wording(
        _("工程尚未完工，建设单位仍按月拨付人工费用，专用账户还要使用"),
        _("单位工程全部验收或者合同解除后，再公示撤销"),
    ),
    _A + "arrears": Wording(
        ngettext_lazy(
            "尚有 %(number)s 项工资未付清：%(which)s",
            "尚有 %(number)s 项工资未付清：%(which)s",
            "number",
        ),
        _("付清全部工资后方可撤销专用账户"),
    ),
    _A + "rest": Wording(_rest, _("请按余额填写，并由银行退回施工总承包单位")),
    _A + "rest_unproved": Wording(
        _("账内余额退回施工总承包单位，没有银行回单"), _("请填写回单编号")
    ),
    _A + "publicity_runs": Wording(_("公示未满三十日，%(earliest)s 起方可撤销")),
}
