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
    "credit.correction.entry_gone": Wording(
        _("这一项已失效或撤回，不再更正"), _("请说明理由后不予更正")
    ),
}
