"""The words of refusals of corrections."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "credit.correction.entry_unknown": Wording(
        _("档案中没有这一项：%(entry)s"), _("请从企业页面的相应栏目进入")
    ),
    "credit.correction.field_unknown": Wording(
        _("这一项没有可更正的字段：%(field)s"), _("请从列表中选择")
    ),
    "credit.correction.document_missing": Wording(
        _("没有申请人上传的证明材料"), _("请上传能说明实际情况的文件")
    ),
    "credit.correction.pending": Wording(_("同样的更正申请正在处理")),
    "credit.correction.value_invalid": Wording(
        _("更正后的内容不符合字段要求：%(value)s"),
        _("日期写作 2025-09-01，金额以元为单位，类别和等级从列表中选择"),
    ),
    "credit.correction.own_request": Wording(
        _("本人提出的更正申请由另一名人员处理"), _("请交由其他信用管理人员处理")
    ),
    "credit.correction.value_same": Wording(_("更正后的内容与现有内容相同：%(value)s")),
    "credit.correction.two_officers": Wording(
        _("更名由两名信用管理人员决定"), _("请一名人员用“提议更名”，另一名人员用“确认更名”")
    ),
    "credit.correction.one_officer": Wording(
        _("这一项由一名信用管理人员决定"), _("请用“更正”或者“不予更正”")
    ),
    "credit.correction.evidence_missing": Wording(_("未写明更名的核对依据"), _("请从列表中选择")),
    "credit.correction.no_such_line": Wording(
        _("全国平台数据中没有以“%(value)s”为名称的该企业"), _("请改选其他核对依据")
    ),
    "credit.correction.not_proposed": Wording(
        _("尚无人提议更名"), _("请先由一名人员提议，再由另一名人员确认")
    ),
    "credit.correction.proposed_already": Wording(
        _("已有一项更名的提议待确认"), _("请由另一名信用管理人员确认，或者不予更正")
    ),
    "credit.correction.same_proposer": Wording(
        _("提议人不得自行确认更名"), _("请由另一名信用管理人员确认")
    ),
    "credit.correction.entry_gone": Wording(
        _("这一项已失效或撤回，不再更正"), _("请说明理由后不予更正")
    ),
}
